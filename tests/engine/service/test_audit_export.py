"""An exported audit proves itself with the key alone; whatever is changed or cut is found."""

import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.errors import BadSource, Tampered
from engine.service import audit, budget
from engine.service.audit_export import check_export, export_audit
from engine.service.stores import Stores
from engine.store.database import Database
from engine.store.tables.audit import audit_events
from engine.store.tables.budgets import budget_proposals
from support.purchasing import NOW, buy, click, person, proposed, purchasing_stores

KEY = b"a key for tests only"


@pytest.fixture
def stores(database: Database, tmp_path: Path) -> Stores:
    stores = purchasing_stores(database, tmp_path)
    click(stores, proposed(stores, buy("LAMP-OAK-01", 60)), "max")
    return stores


def exported(stores: Stores) -> bytes:
    return export_audit(stores, person=person(stores, "dana"), now=NOW)


def test_an_export_verifies_without_the_database_and_is_an_event_itself(stores: Stores) -> None:
    events = len(audit.events(stores))
    found = check_export(exported(stores), KEY)

    assert (found.verified, found.events, found.company) == (True, events, "Fern & Oak")
    assert audit.events(stores)[-1].kind == "audit.exported"
    assert audit.verify(stores).verified


def lines_of(content: bytes) -> list[str]:
    return content.decode().splitlines()


@pytest.mark.parametrize("change", ["cell", "cut the end", "cut the middle", "swap", "other key"])
def test_whatever_is_changed_in_the_file_is_found(stores: Stores, change: str) -> None:
    lines = lines_of(exported(stores))
    key = b"another" if change == "other key" else KEY
    if change == "cell":
        event = json.loads(lines[2])
        lines[2] = json.dumps({**event, "actor": "dana"})
    elif change == "cut the end":
        lines = lines[:-2]
    elif change == "cut the middle":
        del lines[2]
    elif change == "swap":
        lines[1], lines[2] = lines[2], lines[1]
    assert not check_export("\n".join(lines).encode() + b"\n", key).verified


def test_what_is_no_export_is_said_so() -> None:
    for content in (b"", b"{}\n", b"hello\n", b"[1]\n"):
        with pytest.raises(BadSource, match="no export"):
            check_export(content, KEY)


def test_a_chain_that_was_tampered_with_is_not_exported_as_proof(stores: Stores) -> None:
    with stores.database.write() as work:
        work.execute(sa.update(audit_events).where(audit_events.c.seq == 2).values(actor="dana"))
    with pytest.raises(Tampered):
        exported(stores)


@pytest.mark.parametrize(
    "change", [{"cap_minor": 9_000_000}, {"requested_by": "ben"}, {"state": "approved"},
               {"consequence": {"lost": 0}}, {"decided_by": "bea"}],
)  # fmt: skip
def test_a_budget_proposal_that_was_changed_is_found(
    stores: Stores, change: dict[str, object]
) -> None:
    asked = budget.propose_budget(
        stores, scope="total", period="2026-W46", cap_minor=4_000_000, consequence={"lost": 12},
        person=person(stores, "bea"), now=NOW,
    )  # fmt: skip
    decided = budget.decide_budget(
        stores, proposal_id=asked.id, shown_digest=asked.digest, approve=False,
        person=person(stores, "max"), now=NOW,
    )  # fmt: skip
    assert decided.state == "rejected"
    assert audit.verify(stores).verified
    with stores.database.write() as work:
        work.execute(sa.update(budget_proposals).values(change))
    (finding,) = audit.verify(stores).findings
    assert "The budget proposal 1 was changed" in finding.sentence
