"""One leader, on both databases, and an old one that cannot act."""

from datetime import timedelta

import pytest

from engine.service.leases import (
    Overtaken,
    acquire_lease,
    lease_holder,
    release_lease,
    require_lease,
)
from engine.store.database import Database
from support.work import NOW, lead


def test_the_second_does_not_lead_while_the_first_is_alive(database: Database) -> None:
    first = lead(database)
    assert acquire_lease(database, name="leader", owner="two", now=NOW, seconds=60) is None
    holder = lease_holder(database, "leader", NOW)
    assert holder is not None
    assert (holder.owner, holder.token) == (first.owner, 1)


def test_the_leader_prolongs_its_own_lease_and_stays_the_same_leader(database: Database) -> None:
    first = lead(database)
    later = lead(database, now=NOW + timedelta(seconds=50))
    assert later.token == first.token
    assert later.expires_at == NOW + timedelta(seconds=110)


def test_a_silent_leader_is_replaced_and_may_do_nothing_more(database: Database) -> None:
    first = lead(database, seconds=10)
    second = lead(database, owner="two", now=NOW + timedelta(seconds=10))
    assert second.token > first.token
    with database.write() as work:
        require_lease(work, second)
        with pytest.raises(Overtaken, match="another process took over"):
            require_lease(work, first)


def test_a_leader_that_lapsed_and_came_back_is_a_new_one(database: Database) -> None:
    first = lead(database, seconds=10)
    again = lead(database, now=NOW + timedelta(seconds=20))
    assert again.token == first.token + 1
    with pytest.raises(Overtaken), database.write() as work:
        require_lease(work, first)


def test_a_leader_that_leaves_is_replaced_at_once(database: Database) -> None:
    release_lease(database, lead(database), NOW)
    assert lease_holder(database, "leader", NOW) is None
    assert lead(database, owner="two").token == 2


def test_releasing_a_lease_that_was_lost_does_not_touch_the_next_holder(
    database: Database,
) -> None:
    first = lead(database, seconds=10)
    lead(database, owner="two", now=NOW + timedelta(seconds=10))
    release_lease(database, first, NOW + timedelta(seconds=11))
    holder = lease_holder(database, "leader", NOW + timedelta(seconds=11))
    assert holder is not None
    assert holder.owner == "two"
