"""People: the policy in force decides who somebody is and what they may do."""

from dataclasses import replace
from pathlib import Path

import pytest

from engine.errors import Ambiguous, BadSettings, NotAllowed, UnknownName
from engine.model.people import Right
from engine.service import audit, people
from engine.service.stores import Stores
from engine.store.database import Database
from support.plans import stores_for
from support.purchasing import NOW, POLICY, policy_file, purchasing_stores


@pytest.fixture
def stores(database: Database, tmp_path: Path) -> Stores:
    return purchasing_stores(database, tmp_path)


def test_a_person_acts_with_the_rights_of_the_policy_in_force(stores: Stores) -> None:
    max_ = people.person_for_slack(stores, "T1", "U2")
    assert (max_.id, max_.source, max_.approval_limit_minor) == ("max", "slack", 4_000_00)
    assert max_.may(Right.APPROVE)
    assert people.person_for_os_user(stores, "bmarsh").rights == {
        Right.READ, Right.DRAFT, Right.OVERRIDE,
    }  # fmt: skip


@pytest.mark.parametrize("who", ["dana", "Dana Whitfield", "DANA", "director", " dana "])
def test_in_a_demo_company_one_may_act_as_anyone_by_name_or_role(stores: Stores, who: str) -> None:
    assert people.person_as_demo(stores, who).id == "dana"
    assert people.person_as_demo(stores, who).source == "demo"


def test_a_role_that_two_people_hold_is_asked_about(stores: Stores) -> None:
    with pytest.raises(Ambiguous, match="Max Okafor"):
        people.person_as_demo(stores, "manager")


def test_elsewhere_nobody_may_act_as_another(database: Database, tmp_path: Path) -> None:
    stores = purchasing_stores(database, tmp_path, is_demo=False)
    with pytest.raises(NotAllowed, match="demo company only"):
        people.person_as_demo(stores, "max")
    assert people.person_for_os_user(stores, "mokafor").id == "max"


def test_who_is_not_known_is_told_who_is(stores: Stores) -> None:
    with pytest.raises(UnknownName, match="bea, ben, dana"):
        people.person_for_os_user(stores, "root")
    with pytest.raises(UnknownName):
        people.person_for_slack(stores, "T2", "U2")


def test_without_a_policy_nobody_may_do_anything(database: Database, tmp_path: Path) -> None:
    stores = stores_for(database, tmp_path)
    with pytest.raises(NotAllowed, match=r"people\.file"):
        people.everyone(stores)


def test_the_same_file_twice_writes_nothing(stores: Stores) -> None:
    before = audit.verify(stores).events
    people.sync(stores, policy_file(), now=NOW)
    assert audit.verify(stores).require().events == before


def test_who_leaves_the_file_loses_every_right_at_once_and_keeps_the_name(stores: Stores) -> None:
    before, _, after = POLICY.partition("  - {id: max")
    shorter = policy_file(before + after[after.index("  - {id: mia") :])
    people.sync(stores, shorter, now=NOW)
    with pytest.raises(UnknownName):
        people.person_for_slack(stores, "T1", "U2")
    with stores.database.read() as look:
        assert people.names(look)["max"] == "Max Okafor"
        assert people.policy_in_force(look).rights_of("max") == frozenset()
    assert {person.id for person in people.everyone(stores)} == {"bea", "ben", "mia", "dana"}


def test_a_name_changes_without_a_new_policy_version_and_users_may_swap(stores: Stores) -> None:
    text = POLICY.replace("bmarsh", "?").replace("mokafor", "bmarsh").replace("?", "mokafor")
    file = policy_file(text.replace("Bea Marsh", "Bea Marsh-Okafor"))
    assert file.policy.version == policy_file().policy.version
    people.sync(stores, file, now=NOW)
    assert people.person_for_os_user(stores, "mokafor").name == "Bea Marsh-Okafor"
    assert people.person_for_os_user(stores, "bmarsh").id == "max"


def test_the_audit_knows_the_policy_but_no_names(stores: Stores) -> None:
    bodies = " ".join(event.body for event in audit.events(stores, subject="policy"))
    assert policy_file().policy.version in bodies
    assert "Okafor" not in bodies
    assert "example.com" not in bodies


def test_limits_in_another_currency_than_the_company_counts_in_are_refused(
    stores: Stores,
) -> None:
    file = policy_file(POLICY.replace("GBP", "EUR"))
    with pytest.raises(BadSettings, match="currency: GBP"):
        people.sync(stores, replace(file), now=NOW)
