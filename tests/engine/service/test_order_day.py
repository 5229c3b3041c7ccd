"""One day counts for plans, budgets and orders, on live data and on data of long ago."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.errors import NotAllowed
from engine.model.snapshot import CompanyProfile, Snapshot
from engine.service import budget, purchase
from engine.service.company import order_day
from engine.service.decisions import budget_in_force, decisions_in_force
from engine.service.stores import Stores
from engine.store.database import Database
from engine.store.snapshots import SnapshotHeader, StoredTable, load_snapshot, save_snapshot
from engine.store.tables.imports import import_runs
from support.purchasing import (
    DAY,
    NOW,
    Run,
    buy,
    cap,
    click,
    draft,
    person,
    pounds,
    proposed,
    purchasing_stores,
)

LONG_AGO = date(2011, 12, 9)  # a Friday of ISO week 49
PROFILE = CompanyProfile(
    name="Fern & Oak", base_currency="GBP", time_zone="Europe/London", is_demo=True
)


@pytest.fixture
def stores(database: Database, tmp_path: Path) -> Stores:
    return purchasing_stores(database, tmp_path)


def imported(stores: Stores, as_of: date) -> Snapshot:
    """The latest snapshot ends the day before `as_of`."""
    header = SnapshotHeader(
        company=PROFILE,
        first_day=as_of - timedelta(days=364),
        as_of=as_of,
        sales_bucket="day",
        tables={"sales": StoredTable(blob="never read", rows=0)},
    )
    with stores.database.write() as work:
        save_snapshot(work, header, NOW)
        work.execute(
            sa.insert(import_runs).values(at=NOW, source="test", snapshot_id=header.id, report={})
        )
    return load_snapshot(stores.database, stores.blobs, header.id)


@pytest.mark.parametrize(
    ("as_of", "now", "counts"),
    [
        (date(2026, 10, 31), NOW, NOW.date()),  # ends on Friday, planned on Monday
        (date(2026, 11, 4), NOW, date(2026, 11, 4)),  # a plan for the day after tomorrow
        (date(2026, 9, 3), NOW, NOW.date()),  # late, but bought from
        (date(2026, 9, 2), NOW, date(2026, 9, 2)),  # more than two months: the past
        (LONG_AGO, NOW, LONG_AGO),
    ],
)
def test_today_counts_for_live_data_and_the_as_of_date_for_data_of_long_ago(
    stores: Stores, as_of: date, now: datetime, counts: date
) -> None:
    imported(stores, as_of)
    with stores.database.read() as look:
        assert order_day(look, now) == counts


def test_without_data_today_at_the_company_counts(stores: Stores) -> None:
    late = datetime.fromisoformat("2026-07-05T23:30:00+00:00")  # Monday already in London
    assert budget.day_that_counts(stores, late) == date(2026, 7, 6)


def test_data_that_ends_on_friday_and_is_planned_on_monday_spends_the_new_week(
    stores: Stores,
) -> None:
    snapshot = imported(stores, date(2026, 10, 31))
    cap(stores, 1, period="2026-W44")
    cap(stores, 900, period="2026-W45")
    decisions = decisions_in_force(stores, snapshot, NOW)
    assert budget_in_force(decisions) == pounds(900)
    assert set(decisions.budgets["period"]) == {"2026-W45"}


def test_a_cap_of_a_plan_of_long_ago_binds_the_orders_drafted_from_it(stores: Stores) -> None:
    snapshot = imported(stores, LONG_AGO)
    cap(stores, 1300, period="2011-W49")
    cap(stores, 1, period="2026-W45")
    assert budget_in_force(decisions_in_force(stores, snapshot, NOW)) == pounds(1300)
    card = proposed(stores, buy("LAMP-OAK-01", 60))
    assert [(e.period, e.order_minor) for e in card.budgets] == [("2011-W49", pounds(1200))]
    (view,) = draft(stores, buy("LAMP-ASH-02", 24), run=Run(id="run-2", as_of=LONG_AGO))
    with pytest.raises(NotAllowed, match="total budget of 2011-W49"):
        purchase.propose(stores, view.number, person=person(stores, "bea"), now=NOW)
    click(stores, card, "max")
    (status,) = budget.current(stores, budget.day_that_counts(stores, NOW))
    assert (status.consumed_minor, status.left_minor) == (pounds(1200), pounds(100))


def test_what_was_taken_stays_in_its_week_when_newer_data_comes(stores: Stores) -> None:
    imported(stores, LONG_AGO)
    cap(stores, 2000, period="2011-W49")
    card = proposed(stores, buy("LAMP-OAK-01", 60))
    imported(stores, NOW.date())
    view = purchase.order_view(stores, card.number)
    assert [effect.period for effect in view.budgets] == ["2011-W49"]
    again = purchase.propose(stores, card.number, person=person(stores, "bea"), now=NOW + DAY)
    assert again.already_there


def test_a_draft_takes_its_share_of_every_budget_it_falls_under(stores: Stores) -> None:
    snapshot = imported(stores, NOW.date())
    cap(stores, 5000)
    cap(stores, 3000, "category:Lighting", "2026-11")
    cap(stores, 900, "category:Furniture", "2026-11")
    cap(stores, 2000, "supplier:NORDLICHT")
    draft(stores, buy("LAMP-OAK-01", 60), buy("CHAIR-1", 4))
    caps = decisions_in_force(stores, snapshot, NOW).budgets.set_index("scope")["committed_minor"]
    assert caps.to_dict() == {
        "category:Furniture": pounds(400),
        "category:Lighting": pounds(1200),
        "supplier:NORDLICHT": pounds(1200),
        "total": pounds(1600),
    }


def test_what_is_taken_is_the_same_before_and_after_proposing(stores: Stores) -> None:
    snapshot = imported(stores, NOW.date())
    cap(stores, 5000)
    cap(stores, 3000, "category:Lighting/Table")
    (view,) = draft(stores, buy("LAMP-OAK-01", 60))
    drafted = decisions_in_force(stores, snapshot, NOW).budgets
    purchase.propose(stores, view.number, person=person(stores, "bea"), now=NOW)
    assert decisions_in_force(stores, snapshot, NOW).budgets.equals(drafted)
