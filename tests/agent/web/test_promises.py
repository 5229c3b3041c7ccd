"""The promises API as a storefront meets it: keys, answers, errors, floods, the feed."""

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from agent.bootstrap import Company
from agent.web.app import create_app
from engine.errors import InvalidInput, NotAllowed
from engine.service import audit
from engine.service.api_keys import SCOPES, create_api_key, list_api_keys, revoke_api_key
from engine.service.promise_feed import KEPT, forget_changes
from engine.store.database import Database
from engine.store.tables.storefront import api_keys, promise_changes
from support.purchasing import NOW, person
from support.running import HandClock, company_at
from support.waiting_shop import AS_OF, LAMP, bring, promise, shop_stores, waits

DAY = timedelta(days=1)
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def company(database: Database, tmp_path: Path) -> Iterator[Company]:
    """Five lamps on the shelf, PO-1001 with sixty more on its way, nobody waits."""
    stores = shop_stores(database, tmp_path, sent=True)
    bring(stores, [], on_hand=5, locations=[{"location": "LEEDS", "time_zone": "Europe/London"}])
    promise(stores)
    with company_at(database, tmp_path, HandClock(at=NOW)) as company:
        yield company


@pytest.fixture
async def client(company: Company) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(create_app(company))
    async with httpx.AsyncClient(transport=transport, base_url="http://qm") as client:
        yield client


def key(company: Company, *scopes: str, **other: object) -> dict[str, str]:
    """A good key, as the headers that carry it."""
    made = create_api_key(
        company.stores, name="storefront", scopes=scopes or SCOPES,
        person=person(company.stores, "ada"), now=NOW, **{"per_second": 1000.0} | other,  # type: ignore[arg-type]  given by name in each test
    )  # fmt: skip
    return {"authorization": f"Bearer {made.text}"}


async def test_a_storefront_asks_for_one_and_for_many(
    client: httpx.AsyncClient, company: Company
) -> None:
    headers = key(company)
    one = (await client.get(f"/v1/promises/{LAMP}", headers=headers)).json()
    many = await client.get(
        f"/v1/promises/{LAMP}", params={"quantity": 6, "locale": "en-US"}, headers=headers
    )

    assert (one["best"]["basis"], one["best"]["text"]) == ("stock", "In stock, ships today")
    told = many.json()["best"]
    assert told["basis"] == "inbound"
    assert told["text"].startswith("Ships by Nov ")
    assert AS_OF.isoformat() < told["first"] <= told["likeliest"] <= told["last"]
    assert told["latest_at"].startswith(told["last"][:8])
    assert told["confidence"] == 0.8
    odd = await client.get(f"/v1/promises/{LAMP}", params={"locale": "zz"}, headers=headers)
    assert odd.json()["best"]["text"] == one["best"]["text"]
    assert "PO-1001" not in many.text  # whom we buy from is nobody's business


async def test_an_answer_that_has_not_changed_is_not_sent_again(
    client: httpx.AsyncClient, company: Company
) -> None:
    headers = key(company)
    first = await client.get(f"/v1/promises/{LAMP}", headers=headers)
    etag = first.headers["etag"]

    again = await client.get(f"/v1/promises/{LAMP}", headers={**headers, "if-none-match": etag})
    other = await client.get(f"/v1/promises/{LAMP}", params={"quantity": 60},
                             headers={**headers, "if-none-match": f'W/{etag}, "x"'})  # fmt: skip

    assert (again.status_code, again.content) == (304, b"")
    assert other.status_code == 200
    assert first.headers["cache-control"] == "private, no-cache"


async def test_an_item_nobody_knows_is_a_404_with_the_nearest(
    client: httpx.AsyncClient, company: Company
) -> None:
    headers = key(company)
    unknown = await client.get("/v1/promises/LAMP-OAK-02", headers=headers)
    place = await client.get(f"/v1/promises/{LAMP}", params={"location": "YORK"}, headers=headers)

    assert unknown.status_code == place.status_code == 404
    assert unknown.json() == {
        "error": "No SKU 'LAMP-OAK-02'. Close: LAMP-OAK-01.", "close": ["LAMP-OAK-01"],
    }  # fmt: skip
    assert place.json()["close"] == ["LEEDS"]


@pytest.mark.parametrize(
    "query",
    [{"quantity": "0"}, {"quantity": "1e9"}, {"locale": "../../etc"}],
)
async def test_an_argument_that_makes_no_sense_is_a_422_that_names_it(
    client: httpx.AsyncClient, company: Company, query: dict[str, str]
) -> None:
    answer = await client.get(f"/v1/promises/{LAMP}", params=query, headers=key(company))

    assert answer.status_code == 422
    assert next(iter(query)) in answer.json()["error"]


async def test_a_basket_is_answered_item_by_item_whatever_is_wrong_with_one(
    client: httpx.AsyncClient, company: Company
) -> None:
    items = [{"sku": LAMP}, {"sku": "NOPE"}, {"sku": "a\x00b"}, {"sku": LAMP, "quantity": 65}]
    answer = await client.post("/v1/promises", json={"items": items}, headers=key(company))

    first, unknown, odd, all_ = answer.json()["promises"]
    assert first["best"]["basis"] == "stock"
    assert unknown["error"].startswith("No SKU 'NOPE'")
    assert odd["error"].startswith("No SKU ")
    assert all_["best"]["basis"] == "inbound"


@pytest.mark.parametrize(
    "text", ["", "Bearer", "Bearer qm_000000000000_" + "x" * 43, "Basic abc", "Bearer ' or 1=1"]
)
async def test_without_a_good_key_there_is_nothing(client: httpx.AsyncClient, text: str) -> None:
    answer = await client.get(f"/v1/promises/{LAMP}", headers={"authorization": text})

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert "qm api-key create" in answer.json()["error"]


async def test_a_key_opens_what_its_scope_says_until_it_ends(
    client: httpx.AsyncClient, company: Company
) -> None:
    headers = key(company, "changes:read")
    assert (await client.get("/v1/promise-changes", headers=headers)).status_code == 200
    refused = await client.get(f"/v1/promises/{LAMP}", headers=headers)
    assert refused.status_code == 403
    assert "not promises:read" in refused.json()["error"]

    ended = key(company, expires_at=NOW)
    assert (await client.get("/v1/promise-changes", headers=ended)).status_code == 401
    (_, first) = list_api_keys(company.stores)
    ada = person(company.stores, "ada")
    for made in list_api_keys(company.stores):
        revoke_api_key(company.stores, made.id, person=ada, now=NOW)
    assert not revoke_api_key(company.stores, first.id, person=ada, now=NOW)
    assert (await client.get("/v1/promise-changes", headers=headers)).status_code == 401
    told = [event.kind for event in audit.events(company.stores)]
    assert told[-4:] == ["api_key.created"] * 2 + ["api_key.revoked"] * 2


async def test_a_flood_is_told_when_to_come_back(
    client: httpx.AsyncClient, company: Company
) -> None:
    headers = key(company, per_second=2.0)
    answers = [await client.get(f"/v1/promises/{LAMP}", headers=headers) for _ in range(12)]
    codes = [answer.status_code for answer in answers]

    assert codes.count(200) in (4, 5)  # two seconds' worth at once, and what has come since
    assert codes[-1] == 429
    assert answers[-1].headers["retry-after"] == "1"

    guesses = [await client.get("/v1/promise-changes") for _ in range(4)]
    assert [answer.status_code for answer in guesses] == [401, 401, 429, 429]
    # Whoever guesses behind the same proxy locks nobody out.
    good = await client.get(f"/v1/promises/{LAMP}", headers=key(company))
    assert good.status_code == 200


async def test_the_feed_is_read_by_cursor_to_its_end(
    client: httpx.AsyncClient, company: Company
) -> None:
    headers = key(company)
    bring(company.stores, [waits("W1", 5)], on_hand=5, as_of=AS_OF + DAY)
    promise(company.stores, day=1)
    first = (await client.get("/v1/promise-changes?limit=1", headers=headers)).json()
    rest = await client.get("/v1/promise-changes", params={"after": first["next"]}, headers=headers)

    assert (first["more"], rest.json()["more"]) == (True, False)
    (change,) = rest.json()["changes"]
    assert (change["sku"], change["before"]["basis"], change["after"]["basis"]) == (
        LAMP, "stock", "inbound",
    )  # fmt: skip
    end = rest.json()["next"]
    after = (await client.get(f"/v1/promise-changes?after={end}", headers=headers)).json()
    assert after == {"changes": [], "next": end, "more": False}
    ahead = await client.get(f"/v1/promise-changes?after={end + 1}", headers=headers)
    assert ahead.status_code == 409


async def test_a_cursor_whose_changes_are_forgotten_is_told_to_begin_anew(
    client: httpx.AsyncClient, company: Company
) -> None:
    headers = key(company)
    with company.stores.database.write() as work:
        old = {"at": NOW, "run_id": 1, "sku": LAMP, "location": "LEEDS", "body": {}}
        work.execute(sa.insert(promise_changes), [old] * 5)
        assert forget_changes(work, NOW + KEPT + DAY) == 5

    answer = await client.get("/v1/promise-changes?after=2", headers=headers)

    assert answer.status_code == 409
    assert "go on with after=6" in answer.json()["error"]


async def test_before_anything_is_promised_the_api_says_come_back(
    database: Database, tmp_path: Path
) -> None:
    stores = shop_stores(database, tmp_path)
    with company_at(database, tmp_path, HandClock(at=NOW)) as company:
        headers = key(company)
        transport = httpx.ASGITransport(create_app(company))
        async with httpx.AsyncClient(transport=transport, base_url="http://qm") as client:
            answer = await client.get(f"/v1/promises/{LAMP}", headers=headers)
    assert stores is not None
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")


def test_a_secret_stands_nowhere_and_only_administrators_make_keys(company: Company) -> None:
    headers = key(company)
    secret = headers["authorization"].rsplit("_", 1)[1]
    with company.stores.database.read() as look:
        rows = [tuple(row) for row in look.execute(sa.select(api_keys))]
    assert secret not in str(rows)
    assert secret not in repr(list_api_keys(company.stores))
    with pytest.raises(NotAllowed, match="no right to administer"):
        create_api_key(company.stores, name="x", scopes=["promises:read"],
                       person=person(company.stores, "bea"), now=NOW)  # fmt: skip
    for given in ({"scopes": ["all"]}, {"scopes": []}, {"per_second": 0.0}):
        with pytest.raises(InvalidInput):
            key(company, *given.pop("scopes", ["changes:read"]) or [""], **given)  # type: ignore[attr-defined]  a list or nothing


@pytest.mark.parametrize(
    "change",
    [{"scopes": ["promises:read", "changes:read"]}, {"per_second": 9_000.0}, {"revoked_by": "eve"},
     {"secret_digest": "0" * 64}, {"expires_at": NOW}],
)  # fmt: skip
def test_a_key_that_was_changed_beside_the_audit_is_found(
    database: Database, tmp_path: Path, change: dict[str, object]
) -> None:
    stores = shop_stores(database, tmp_path)
    create_api_key(
        stores, name="x", scopes=["promises:read"], person=person(stores, "ada"), now=NOW
    )
    assert audit.verify(stores).verified
    with stores.database.write() as work:
        work.execute(sa.update(api_keys).values(**change))

    (finding,) = audit.verify(stores).findings

    assert "API key" in finding.sentence


def test_a_key_put_in_beside_the_audit_is_found(database: Database, tmp_path: Path) -> None:
    stores = shop_stores(database, tmp_path)
    with stores.database.write() as work:
        work.execute(
            sa.insert(api_keys).values(
                id="e" * 12, name="eve", secret_digest="0" * 64, scopes=["promises:read"],
                per_second=1.0, created_by="ada", created_at=NOW,
            )
        )  # fmt: skip

    assert not audit.verify(stores).verified
