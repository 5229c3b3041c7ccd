"""The promises API answers whatever its OpenAPI document allows, and what it does not, calmly."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.openapi import from_url
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import ignored_auth

from agent.web.app import create_app
from engine.service.api_keys import SCOPES, create_api_key
from engine.store.database import open_database
from support.purchasing import NOW, person
from support.running import HandClock, company_at
from support.serving import serving
from support.waiting_shop import bring, promise, shop_stores

EXAMPLES = 25
OPERATIONS = ("GET /v1/promises/{sku}", "POST /v1/promises", "GET /v1/promise-changes")


@pytest.fixture(scope="module")
def served(
    migrated_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, str]]:
    """Where it is served, and a key that opens everything."""
    home = tmp_path_factory.mktemp("fuzzed")
    (home / "qm.db").write_bytes(migrated_file.read_bytes())
    database = open_database(f"sqlite:///{home}/qm.db")
    stores = shop_stores(database, home, sent=True)
    bring(stores, [], on_hand=5)
    promise(stores)
    with company_at(database, home, HandClock(at=NOW)) as company:
        made = create_api_key(company.stores, name="fuzz", scopes=SCOPES, now=NOW,
                              person=person(stores, "ada"), per_second=10_000.0)  # fmt: skip
        with serving(create_app(company)) as url:
            yield url, made.text


def operations(url: str) -> dict[str, APIOperation]:
    schema = from_url(f"{url}/openapi.json")
    found = [result.ok() for result in schema.get_all_operations()]
    return {f"{each.method.upper()} {each.path}": each for each in found}


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_request_has_an_answer_that_the_document_describes(
    served: tuple[str, str], name: str
) -> None:
    url, key = served
    operation = operations(url)[name]
    quick = settings(max_examples=EXAMPLES, deadline=None, phases=[Phase.explicit, Phase.generate],
                     suppress_health_check=list(HealthCheck), derandomize=True)  # fmt: skip

    @quick
    @given(case=operation.as_strategy())
    def ask(case: schemathesis.Case) -> None:
        # That nothing opens without a key is shown in test_promises; here every request has one.
        case.call_and_validate(
            headers={"authorization": f"Bearer {key}"}, excluded_checks=[ignored_auth]
        )

    ask()
