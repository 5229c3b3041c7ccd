"""A lost anchor comes back by a person's word only, which the audit keeps."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.errors import NotAllowed, Tampered
from engine.model.people import Person
from engine.service import audit, people
from engine.service.reanchor import accept_anchor
from engine.service.stores import Stores
from engine.store.database import Database
from engine.store.tables.audit import audit_events
from engine.store.tables.company import companies
from support.purchasing import NOW, POLICY, buy, person, policy_file, proposed, purchasing_stores

ADMIN = POLICY.replace("set_budget, over_budget]", "set_budget, over_budget, administer]")


@pytest.fixture
def stores(database: Database, tmp_path: Path) -> Stores:
    """Three events and no anchor."""
    stores = purchasing_stores(database, tmp_path)
    proposed(stores, buy("LAMP-OAK-01", 60))
    Path(stores.seal.anchor).unlink()
    return stores


def real(stores: Stores, policy: str) -> Stores:
    """As above, in a company that is no demo."""
    people.sync(stores, policy_file(policy), now=NOW)
    with stores.database.write() as work:
        work.execute(sa.update(companies).values(is_demo=False))
    Path(stores.seal.anchor).unlink()
    return stores


def by(stores: Stores, who: str) -> Person:
    return people.person_of(stores, who, "os-user")


def test_whoever_accepts_is_in_the_audit_and_the_whole_chain_is_anchored(stores: Stores) -> None:
    report = accept_anchor(stores, person=person(stores, "bea"), now=NOW)
    assert (report.require().anchored, report.lagged) == (report.events, 0)
    (event,) = audit.events(stores, subject="audit")
    assert (event.actor, event.source, event.kind) == ("bea", "demo", "audit.anchor_accepted")
    assert event.body == '{"anchored":0,"events":3}'


def test_elsewhere_it_takes_the_right_to_administer(stores: Stores) -> None:
    real(stores, ADMIN)
    with pytest.raises(NotAllowed, match=r"no right to administer\. Who has: Dana Whitfield"):
        accept_anchor(stores, person=by(stores, "max"), now=NOW)
    assert not audit.verify(stores).verified
    accept_anchor(stores, person=by(stores, "dana"), now=NOW).require()


def test_what_is_wrong_with_the_chain_itself_is_never_accepted(stores: Stores) -> None:
    with stores.database.write() as work:
        work.execute(sa.update(audit_events).where(audit_events.c.seq == 2).values(actor="eve"))
    with pytest.raises(Tampered, match="Audit event 2 was changed"):
        accept_anchor(stores, person=person(stores, "dana"), now=NOW)
    assert not Path(stores.seal.anchor).exists()
