"""Forgetting a person: chat, name and contacts go; decisions and the audit stay."""

import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.errors import NotAllowed, UnknownName
from engine.model.people import Person
from engine.service import audit, conversation, inbox, people, privacy
from engine.service.chat_records import delete_told, old_turns
from engine.service.conversation import StoredFact
from engine.service.stores import Stores
from engine.store.database import Database
from engine.store.tables import metadata
from engine.store.tables.conversation import facts, threads, tool_calls, turns
from engine.store.tables.people import people as people_table
from engine.store.tables.purchasing import purchase_orders
from engine.store.tables.surfaces import inbox as inbox_table
from support.purchasing import (
    NOW,
    POLICY,
    buy,
    count,
    draft,
    person,
    policy_file,
    purchasing_stores,
)

SECRET_WORDS = "my mother is ill, order early"


@pytest.fixture
def stores(database: Database, tmp_path: Path) -> Stores:
    made = purchasing_stores(database, tmp_path)
    may = POLICY.replace("set_budget, over_budget]", "set_budget, over_budget, administer]")
    people.sync(made, policy_file(may), now=NOW)
    return made


@pytest.fixture
def bea(stores: Stores) -> Person:
    return person(stores, "bea")


@pytest.fixture
def dana(stores: Stores) -> Person:
    return person(stores, "dana")


def said(stores: Stores, who: Person, thread: str, text: str = SECRET_WORDS) -> str:
    """A turn with a call and a fact, answered."""
    conversation.open_thread(stores, thread, surface="test", person=who, now=NOW)
    turn_id = conversation.begin_turn(
        stores, thread, person=who, text=text, run_id=None, model="m", prompt_version="p", now=NOW
    )
    conversation.start_call(
        stores, turn_id, 1, tool="find_items", mode="read", arguments={"text": text}, now=NOW
    )
    fact = StoredFact(
        id="c1.x", call_ordinal=1, kind="name", value=text, label="x", detail={}, run_id=None,
        snapshot_id=None, formula=None,
    )  # fmt: skip
    conversation.end_call(stores, turn_id, 1, result={}, error=None, found=[fact], now=NOW)
    conversation.end_turn(
        stores, turn_id, outcome="clean", answer={"text": text}, complaints=[],
        memory={"items": ["LAMP"]}, tokens=(3, 4), now=NOW,
    )  # fmt: skip
    return turn_id


def everything(stores: Stores) -> str:
    """All text of the database."""
    with stores.database.read() as look:
        return json.dumps(
            [
                [list(row) for row in look.execute(sa.select(table))]
                for table in metadata.sorted_tables
            ],
            default=str,
        )


def test_what_a_person_said_and_who_they_are_is_gone_and_the_audit_verifies(
    stores: Stores, bea: Person, dana: Person
) -> None:
    draft(stores, buy("LAMP-OAK-01", 60), who="bea")
    said(stores, bea, "t")
    inbox.keep(
        stores.database, key="e1", surface="slack", kind="message", conversation="t",
        payload={"team": "T1", "user": "U1", "text": SECRET_WORDS}, now=NOW,
    )  # fmt: skip
    with stores.database.write() as work:
        work.execute(sa.update(inbox_table).values(state="done"))
    gone = privacy.forget(stores, "bea", by=dana, now=NOW)

    assert (gone.turn_ids, gone.heard, gone.is_in_policy) == (("t/1",), 1, True)
    kept = everything(stores)
    for trace in (SECRET_WORDS, "Bea Marsh", "bea@example.com", "bmarsh"):
        assert trace not in kept, trace
    assert count(stores, purchase_orders, drafted_by="bea") == 1
    assert audit.verify(stores).verified
    with pytest.raises(UnknownName):
        people.person_for_os_user(stores, "bmarsh")
    with pytest.raises(UnknownName):
        people.person_for_slack(stores, "T1", "U1")


def test_forgetting_twice_and_by_whoever_may_not(stores: Stores, bea: Person, dana: Person) -> None:
    with pytest.raises(NotAllowed, match="no right to administer"):
        privacy.forget(stores, "max", by=bea, now=NOW)
    privacy.forget(stores, "bea", by=dana, now=NOW)
    assert privacy.forget(stores, "bea", by=dana, now=NOW).turn_ids == ()
    assert audit.verify(stores).verified
    with pytest.raises(UnknownName):
        privacy.forget(stores, "nobody", by=dana, now=NOW)


def test_a_person_put_back_beside_the_audit_is_found(stores: Stores, dana: Person) -> None:
    privacy.forget(stores, "bea", by=dana, now=NOW)
    with stores.database.write() as work:
        work.execute(
            sa.update(people_table).where(people_table.c.id == "bea")
            .values(active=True, os_user="mallory")
        )  # fmt: skip
    assert not audit.verify(stores).verified


def test_people_may_see_what_is_kept_of_themselves(
    stores: Stores, bea: Person, dana: Person
) -> None:
    said(stores, bea, "t")
    own = privacy.export(stores, "bea", by=bea)
    assert own["person"]["email"] == "bea@example.com"
    assert [each["text"] for each in own["said"]] == [SECRET_WORDS]
    assert privacy.export(stores, "bea", by=dana)["slack"] == [{"team": "T1", "user": "U1"}]
    with pytest.raises(NotAllowed):
        privacy.export(stores, "dana", by=bea)
    assert json.loads(json.dumps(own)) == own


def test_others_in_the_same_thread_keep_what_they_said(
    stores: Stores, bea: Person, dana: Person
) -> None:
    said(stores, dana, "t", "what should I buy?")
    said(stores, bea, "t")
    privacy.forget(stores, "bea", by=dana, now=NOW)
    with stores.database.read() as look:
        assert look.execute(sa.select(turns.c.text)).scalars().all() == ["what should I buy?"]
        assert look.execute(sa.select(threads.c.memory)).scalars().all() == [{}]
    assert count(stores, facts) == count(stores, tool_calls) == 1


def test_old_turns_are_those_asked_before(stores: Stores, bea: Person) -> None:
    turn_id = said(stores, bea, "t")
    with stores.database.write() as work:
        assert old_turns(work, NOW) == ()
        assert old_turns(work, NOW.replace(year=NOW.year + 1)) == (turn_id,)
        assert delete_told(work, NOW) == 0
