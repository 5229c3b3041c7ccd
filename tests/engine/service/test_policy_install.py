"""Who puts a policy in force: the first by setting up, each later one by an administrator."""

import json
from pathlib import Path

import pytest

from engine.errors import BadSettings, InvalidInput, NotAllowed
from engine.model.people import Right
from engine.service import audit, people
from engine.service.policy_install import install, install_first
from engine.service.stores import Stores
from engine.store.database import Database
from support.plans import stores_for
from support.purchasing import NOW, POLICY, person, policy_file, purchasing_stores

ADMIN = POLICY.replace("set_budget, over_budget]", "set_budget, over_budget, administer]")
MINE = ADMIN.replace("[read, draft, override]", "[read, draft, override, approve, administer]")


@pytest.fixture
def stores(database: Database, tmp_path: Path) -> Stores:
    stores = purchasing_stores(database, tmp_path)
    people.sync(stores, policy_file(ADMIN), now=NOW)
    return stores


def newest(stores: Stores) -> audit.AuditEvent:
    return audit.events(stores, subject="policy")[-1]


def test_the_first_policy_names_the_system_user_who_brought_it(
    database: Database, tmp_path: Path
) -> None:
    stores = stores_for(database, tmp_path)
    assert install_first(stores, policy_file(ADMIN), os_user_id=1017, now=NOW)
    assert newest(stores).source == "system"
    assert json.loads(newest(stores).body)["os_user_id"] == 1017
    assert install_first(stores, policy_file(ADMIN), os_user_id=1018, now=NOW)
    assert audit.verify(stores).require().events == 1


def test_a_second_file_is_no_first_one(stores: Stores) -> None:
    before = audit.verify(stores).events
    assert not install_first(stores, policy_file(MINE), os_user_id=0, now=NOW)
    assert audit.verify(stores).require().events == before
    assert Right.APPROVE not in person(stores, "bea").rights


def test_an_administrator_puts_another_in_force_and_is_named(stores: Stores) -> None:
    assert install(stores, policy_file(MINE), person=person(stores, "dana"), now=NOW)
    assert (newest(stores).actor, newest(stores).source) == ("dana", "demo")
    assert Right.ADMINISTER in person(stores, "bea").rights
    assert not install(stores, policy_file(MINE), person=person(stores, "bea"), now=NOW)
    audit.verify(stores).require()


@pytest.mark.parametrize("who", ["bea", "max"])
def test_nobody_gives_themselves_rights_by_a_file(stores: Stores, who: str) -> None:
    with pytest.raises(NotAllowed, match=r"no right to administer\. Who has: Dana Whitfield"):
        install(stores, policy_file(MINE), person=person(stores, who), now=NOW)
    assert Right.ADMINISTER not in person(stores, "bea").rights


def test_a_policy_that_nobody_could_replace_is_refused(stores: Stores) -> None:
    with pytest.raises(InvalidInput, match="never be replaced"):
        install(stores, policy_file(POLICY), person=person(stores, "dana"), now=NOW)


def test_another_currency_is_refused(stores: Stores) -> None:
    with pytest.raises(BadSettings, match="currency: GBP"):
        install(
            stores, policy_file(ADMIN.replace("GBP", "EUR")), person=person(stores, "dana"), now=NOW
        )


def test_a_first_file_that_nobody_could_replace_is_refused(
    database: Database, tmp_path: Path
) -> None:
    stores = stores_for(database, tmp_path)
    with pytest.raises(BadSettings, match="nobody has the right to administer"):
        install_first(stores, policy_file(), os_user_id=0, now=NOW)
