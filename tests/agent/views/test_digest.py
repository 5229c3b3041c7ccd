"""The digest: most money first, what is new, what is settled, what flows."""

import pandas as pd

from agent.bootstrap import Company
from agent.views.digest import Digest, digest
from engine.model.plan import EXCEPTIONS
from engine.service import reading
from support.agent import EXCEPTIONS as STORED, run_of
from support.plans import exception
from tools.names import names_of


def made(company: Company, found: list[dict[str, object]]) -> Digest:
    run = run_of(company)
    resolved = [{**exception("overstock:CHAIR-1"), "location": "LONDON"}]
    return digest(
        run_id=run.id,
        currency=run.currency,
        exceptions=pd.DataFrame(found, columns=[*EXCEPTIONS, "status"]),
        resolved=pd.DataFrame(resolved, columns=list(EXCEPTIONS)),
        lines=reading.plan_lines(company.stores, run.id),
        names=names_of(company.stores, run),
        locale="en_GB",
    )


def test_it_begins_with_what_waits_and_what_flows(company: Company) -> None:
    view = made(company, [{**each, "status": "new"} for each in STORED])
    assert view.headline == "2 things need you, 3 lines flow without you"
    assert view.summary == "£1,100 at stake: 2 new, 1 resolved. The plan has 4 lines for £3,844."


def test_findings_are_sorted_by_money_and_named(company: Company) -> None:
    found = [{**each, "status": "open"} for each in reversed(STORED)]
    first, second = made(company, found).findings
    assert first.headline == "stock out soon: LAMP-OAK-01 Oak table lamp at Leeds store"
    assert (first.at_stake, first.status) == ("£900", "open")
    assert [action.text for action in first.actions] == [
        "Why LAMP-OAK-01?", "Draft LAMP-OAK-01", "Snooze LAMP-OAK-01",
    ]  # fmt: skip
    assert second.at_stake == "£200"


def test_a_long_list_counts_what_it_leaves_out(company: Company) -> None:
    many = [{**exception(f"overstock:SKU-{n}", n), "status": "new"} for n in range(25)]
    view = made(company, many)
    assert len(view.findings) == 10
    assert view.rest == "15"


def test_what_is_settled_is_told(company: Company) -> None:
    assert made(company, []).resolved == ("overstock: CHAIR-1 Oak chair at London shop",)
