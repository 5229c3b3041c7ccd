"""Promises in the database: units given once, windows moved, customers told once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from threading import Barrier

import pytest
import sqlalchemy as sa

from engine.errors import IllegalTransition, InvalidInput, NotAllowed, UnknownName
from engine.promise.policy import MessagePolicy, PromisePolicy
from engine.purchase.progress import ConfirmedLine, MovedLine
from engine.service import audit
from engine.service.backorders import cancel_backorder, kept_windows, ledger, queue
from engine.service.order_confirming import confirm
from engine.service.order_receiving import receive
from engine.service.stock_transfers import Transfer, end_transfer, send_transfer
from engine.service.stores import Stores
from engine.service.told_windows import windows_told
from engine.store.database import Database
from engine.store.tables.storefront import customer_notices, promise_changes
from support.purchasing import NOW, person
from support.waiting_shop import AS_OF, LAMP, LEEDS, bring, promise, shop_stores, waits

DAY = timedelta(days=1)
# What is the same on both databases need not be shown on both.
on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def stores(database: Database, tmp_path: Path) -> Stores:
    return shop_stores(database, tmp_path, sent=True)


def held(stores: Stores) -> dict[str, int]:
    return {line.order_line: line.held for line in queue(stores).lines}


def notices(stores: Stores) -> list[sa.RowMapping]:
    query = sa.select(customer_notices).order_by(customer_notices.c.id)
    with stores.database.read() as look:
        return list(look.execute(query).mappings())


def confirmed_for(stores: Stores, on: date, key: str) -> None:
    confirm(
        stores, "PO-1001", lines=[ConfirmedLine(line=1, units=60, expected_on=on)],
        person=person(stores, "bea"), now=NOW, key=key,
    )  # fmt: skip


def test_sixty_that_arrive_go_to_eighty_backorders_once_and_the_ledger_says_why(
    stores: Stores,
) -> None:
    lines = [waits(f"W{n:02}", paid=None if n % 4 == 0 else 80 - n) for n in range(80)]
    bring(stores, lines, on_hand=0)
    promise(stores)
    receive(stores, "PO-1001", lines=[MovedLine(line=1, units=60)], person=person(stores, "bea"),
            now=NOW)  # fmt: skip

    done = promise(stores)
    again = promise(stores)

    assert (done.given, done.taken_back, done.waiting) == (60, 0, 80)
    assert not again.is_new
    entries = ledger(stores)
    assert [each.order_line for each in entries] == [f"W{n:02}" for n in range(80) if n % 4]
    assert sum(each.units for each in entries) == 60
    assert {each.why for each in entries} == {"received with PO-1001"}
    assert all(each.paid_at is not None and each.rank > 0 for each in entries)


def test_four_jobs_that_promise_at_the_same_moment_give_no_unit_twice(stores: Stores) -> None:
    bring(stores, [waits(f"W{n}", 3, paid=n) for n in range(6)], on_hand=10)
    start = Barrier(4)

    def job(_: int) -> bool:
        start.wait(timeout=30)
        return promise(stores).is_new

    with ThreadPoolExecutor(max_workers=4) as threads:
        new = list(threads.map(job, range(4)))

    assert sum(new) == 1
    assert sum(held(stores).values()) == 10
    assert sum(entry.units for entry in ledger(stores)) == 10
    with stores.database.read() as look:
        told = look.execute(sa.select(promise_changes.c.seq)).scalars().all()
    assert len(told) == len(set(told)) == 1  # one place, told of once


def test_cancelling_gives_the_units_to_the_next_and_only_to_the_next(stores: Stores) -> None:
    bring(stores, [waits("W1", 3), waits("W2", 3, paid=1)], on_hand=3)
    promise(stores)
    assert held(stores) == {"W1": 3, "W2": 0}

    assert cancel_backorder(stores, "W1", person=person(stores, "bea"), now=NOW, reason="changed")
    assert not cancel_backorder(stores, "W1", person=person(stores, "bea"), now=NOW, reason="x")
    promise(stores)

    assert held(stores) == {"W2": 3}
    told = [(each.order_line, each.units, each.why) for each in ledger(stores)]
    assert told == [("W1", 3, "in stock"), ("W1", -3, "cancelled"), ("W2", 3, "in stock")]
    assert audit.verify(stores).verified


@on_sqlite
def test_only_who_may_draft_cancels_and_only_what_waits(stores: Stores) -> None:
    bring(stores, [waits("W1")])
    promise(stores)
    with pytest.raises(UnknownName, match="Close: W1"):
        cancel_backorder(stores, "W11", person=person(stores, "bea"), now=NOW, reason="x")
    with pytest.raises(NotAllowed, match="no right to draft"):
        cancel_backorder(stores, "W1", person=person(stores, "dana"), now=NOW, reason="x")


def test_who_was_served_leaves_the_queue_and_their_window_is_judged(stores: Stores) -> None:
    given = {"promised_from": AS_OF, "promised_to": AS_OF + 3 * DAY}
    gone = {"promised_from": AS_OF - 9 * DAY, "promised_to": AS_OF - 5 * DAY}
    both = [waits("W1", 2, **given), waits("W2", 2, paid=1, **gone)]
    bring(stores, both, on_hand=0)
    promise(stores)
    bring(stores, both, on_hand=2, as_of=AS_OF + DAY)
    promise(stores, day=1)
    bring(stores, [waits("W2", 2, paid=1, **gone)], on_hand=0, as_of=AS_OF + 2 * DAY)
    promise(stores, day=2)

    assert [line.order_line for line in queue(stores).lines] == ["W2"]
    assert ledger(stores, order_line="W1")[-1].why == "served"
    (kept,) = kept_windows(stores, first=AS_OF - 30 * DAY, last=AS_OF + 30 * DAY)
    assert (kept.origin, kept.windows, kept.hits, kept.late) == ("order", 2, 1, 1)
    assert kept.rate == 0.5


@on_sqlite
def test_a_window_told_on_the_day_the_goods_are_there_is_no_promise_to_judge(
    stores: Stores,
) -> None:
    later = {"promised_from": AS_OF + 3 * DAY, "promised_to": AS_OF + 5 * DAY}
    bring(stores, [waits("W1", 2, **later)], on_hand=2)
    promise(stores)

    assert held(stores) == {"W1": 2}
    assert kept_windows(stores, first=AS_OF - 30 * DAY, last=AS_OF + 30 * DAY) == ()


@on_sqlite
def test_a_window_says_when_it_ships_and_is_judged_by_that_day(stores: Stores) -> None:
    slow = PromisePolicy(handling_days=2)
    fifth = {"promised_from": AS_OF + 5 * DAY, "promised_to": AS_OF + 5 * DAY}
    bring(stores, [waits("W1", 2, **fifth)], on_hand=0)
    promise(stores, slow)
    bring(stores, [waits("W1", 2, **fifth)], on_hand=2, as_of=AS_OF + 3 * DAY)
    promise(stores, slow, day=3)

    (kept,) = kept_windows(stores, first=AS_OF, last=AS_OF + 30 * DAY)
    assert (kept.windows, kept.hits) == (1, 1)  # there on the third, with the carrier on the fifth
    told = windows_told(stores)
    assert [day.date() for day in told["settled_on"]] == [AS_OF + 5 * DAY]


@on_sqlite
def test_of_several_arrivals_each_customer_is_judged_by_the_one_that_served_them(
    stores: Stores,
) -> None:
    """One came on the third day, the next by transfer on the sixth, both before the next data."""
    third = {"promised_from": AS_OF + 3 * DAY, "promised_to": AS_OF + 3 * DAY}
    lines = [waits("W1", 2, **third), waits("W2", 2, paid=1, **third)]
    places = [{"location": LEEDS}, {"location": "YORK"}]
    order = {"po": "ERP-1", "line": 1, "supplier": "NORDLICHT", "sku": LAMP, "location": LEEDS,
             "ordered_on": AS_OF - 9 * DAY, "units": 2}  # fmt: skip
    bring(stores, lines, on_hand=0, locations=places, purchase_orders=[order])
    promise(stores)
    moving = Transfer(sku=LAMP, from_location="YORK", to_location=LEEDS, units=2,
                      arrives_on=AS_OF + 6 * DAY, key="T-1")  # fmt: skip
    bea = person(stores, "bea")
    send_transfer(stores, moving, person=bea, now=NOW)
    end_transfer(stores, "T-1", person=bea, now=NOW + 6 * DAY, received=True)
    came = {"po": "ERP-1", "line": 1, "received_on": AS_OF + 3 * DAY, "units": 2}
    bring(stores, lines, on_hand=4, as_of=AS_OF + 8 * DAY, locations=places,
          purchase_orders=[order], receipts=[came])  # fmt: skip

    promise(stores, day=8)

    told = windows_told(stores)
    assert told["outcome"].tolist() == ["kept", "late"]
    assert [each.why for each in ledger(stores)] == [
        "received with ERP-1", "received with transfer from YORK",
    ]  # fmt: skip


@on_sqlite
def test_where_the_count_falls_the_last_in_the_queue_loses(stores: Stores) -> None:
    lines = [waits("W1", 3), waits("W2", 3, paid=1)]
    bring(stores, lines, on_hand=6)
    promise(stores)
    bring(stores, lines, on_hand=4, as_of=AS_OF + DAY)
    promise(stores, day=1)

    assert held(stores) == {"W1": 3, "W2": 1}
    assert ledger(stores)[-1].why == "less in stock than before"


def test_a_late_confirmation_moves_windows_and_lists_each_customer_once(stores: Stores) -> None:
    lines = [
        waits("W1", contact_ref="anna"), waits("W2", contact_ref="anna", paid=1),
        waits("W3", contact_ref="ben", paid=2), waits("W4", contact_ref=None, paid=3),
    ]  # fmt: skip
    bring(stores, lines)
    confirmed_for(stores, date(2026, 11, 12), "first")
    promise(stores)
    assert notices(stores) == []

    confirmed_for(stores, date(2026, 11, 28), "late")
    promise(stores)
    promise(stores)

    told = notices(stores)
    assert [(row["contact_ref"], row["state"], len(row["lines"])) for row in told] == [
        ("anna", "draft", 2), ("ben", "draft", 1), (None, "no_contact", 1),
    ]  # fmt: skip
    assert {row["direction"] for row in told} == {"later"}
    assert {row["apology"] for row in told} == {"sincere"}
    before, after = told[1]["lines"][0]["before"], told[1]["lines"][0]["after"]
    assert before[1] < after[1]


@on_sqlite
def test_jitter_drafts_nothing_and_a_window_that_comes_back_withdraws_its_draft(
    stores: Stores,
) -> None:
    bring(stores, [waits("W1")])
    confirmed_for(stores, date(2026, 11, 12), "first")
    promise(stores)
    confirmed_for(stores, date(2026, 11, 13), "jitter")
    promise(stores)
    assert notices(stores) == []

    confirmed_for(stores, date(2026, 11, 28), "late")
    promise(stores)
    assert [row["state"] for row in notices(stores)] == ["draft"]
    confirmed_for(stores, date(2026, 11, 12), "back")
    promise(stores)

    assert [row["state"] for row in notices(stores)] == ["needless"]


@on_sqlite
def test_a_draft_follows_the_window_and_stays_one_draft(stores: Stores) -> None:
    bring(stores, [waits("W1")])
    confirmed_for(stores, date(2026, 11, 12), "first")
    promise(stores)
    for number, day in enumerate((20, 28)):
        confirmed_for(stores, date(2026, 11, day), f"late-{number}")
        promise(stores)

    (draft,) = notices(stores)
    assert draft["lines"][0]["before"] == [str(day) for day in _told(stores)]
    assert draft["lines"][0]["days"] >= 14


def _told(stores: Stores) -> tuple[date | None, date | None]:
    (line,) = queue(stores).lines
    return line.told_first, line.told_last


@on_sqlite
def test_the_feed_tells_what_moved_beyond_the_tolerance_and_nothing_twice(stores: Stores) -> None:
    bring(stores, [], on_hand=0)
    confirmed_for(stores, date(2026, 11, 12), "first")
    assert promise(stores).changes == 1
    assert promise(stores).changes == 0
    confirmed_for(stores, date(2026, 11, 13), "jitter")
    assert promise(stores).changes == 0
    confirmed_for(stores, date(2026, 11, 28), "late")
    assert promise(stores).changes == 1

    with stores.database.read() as look:
        bodies = look.execute(sa.select(promise_changes.c.body)).scalars().all()
    assert bodies[0]["before"] is None
    assert bodies[1]["before"] == bodies[0]["after"]
    assert bodies[1]["after"]["last"] > bodies[1]["before"]["last"]


@on_sqlite
def test_a_day_without_news_changes_no_window_and_tells_nobody(stores: Stores) -> None:
    bring(stores, [waits("W1")], on_hand=0)
    promise(stores)
    told = _told(stores)

    assert promise(stores, day=1).is_new  # a day is news to the engine

    assert _told(stores) == told
    assert notices(stores) == []


@on_sqlite
def test_a_promise_of_messages_off_makes_none(stores: Stores) -> None:
    off = MessagePolicy(telling="off")
    bring(stores, [waits("W1", promised_from=date(2026, 10, 1), promised_to=date(2026, 10, 2))])

    done = promise(stores, PromisePolicy(messages=off))

    assert done.told == 0
    assert notices(stores) == []


def test_a_transfer_is_on_its_way_then_there_and_never_both(stores: Stores) -> None:
    places = [{"location": LEEDS}, {"location": "YORK"}]
    at_york = {"date": AS_OF - DAY, "sku": LAMP, "location": "YORK", "on_hand": 5}
    bring(stores, [waits("W1", 4)], locations=places, stock=[at_york])
    bea = person(stores, "bea")
    moving = Transfer(sku=LAMP, from_location="YORK", to_location=LEEDS, units=4,
                      arrives_on=AS_OF + 2 * DAY, key="T-1")  # fmt: skip
    assert send_transfer(stores, moving, person=bea, now=NOW)
    assert not send_transfer(stores, moving, person=bea, now=NOW)
    promise(stores)
    (line,) = queue(stores).lines
    assert (line.held, line.pos, line.last_on) == (0, ("transfer from YORK",), AS_OF + 2 * DAY)

    end_transfer(stores, "T-1", person=bea, now=NOW, received=True)
    promise(stores)

    assert held(stores) == {"W1": 4}
    with pytest.raises(IllegalTransition):
        end_transfer(stores, "T-1", person=bea, now=NOW, received=False)
    nowhere = replace(moving, to_location="YORK", key="T-2")
    with pytest.raises(InvalidInput, match="at least one unit"):
        send_transfer(stores, nowhere, person=bea, now=NOW)
    assert audit.verify(stores).verified
