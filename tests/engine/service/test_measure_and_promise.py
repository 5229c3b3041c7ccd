"""Key figures and windows of imported data, on both databases."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from engine.connect.write_folder import write_folder
from engine.errors import InvalidInput, UnknownName
from engine.measure import MEASURES
from engine.model.config import PlanConfig
from engine.service.importing import import_folder
from engine.service.measure import kpi_report
from engine.service.promise import promise_windows
from engine.service.stores import Stores
from engine.store.database import Database
from support.company import LAST_DAY, small_company
from support.plans import stores_for

NOW = datetime(2026, 11, 16, 7, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    company = small_company()
    place = tmp_path_factory.mktemp("demo") / "data"
    write_folder(place, company.profile, company.tables)
    return place


@pytest.fixture
def stores(database: Database, tmp_path: Path, folder: Path) -> Stores:
    stores = stores_for(database, tmp_path)
    import_folder(stores, folder, mapping=None, now=NOW)
    return stores


def test_the_demo_company_imports_without_a_quarantined_cell(
    database: Database, tmp_path: Path, folder: Path
) -> None:
    report = import_folder(stores_for(database, tmp_path), folder, mapping=None, now=NOW)

    assert report.quarantined == 0
    assert report.is_exact
    assert report.count("error") == 0
    assert report.snapshot.company == small_company().profile


def test_last_months_figures_stand_beside_those_of_the_month_before(stores: Stores) -> None:
    report = kpi_report(stores, start=date(2026, 10, 1), end=date(2026, 10, 31))

    assert [kpi.name for kpi in report.kpis] == list(MEASURES)
    assert [kpi.name for kpi in report.before] == [kpi.name for kpi in report.kpis]
    assert 0.8 < (report.of("fill rate").value or 0) < 1
    assert report.currency == "GBP"


def test_figures_of_days_to_come_are_refused(stores: Stores) -> None:
    with pytest.raises(InvalidInput, match="is not covered by the data"):
        kpi_report(stores, start=LAST_DAY, end=LAST_DAY + timedelta(days=1))


def test_windows_are_listed_soonest_first_and_narrowed_by_code(stores: Stores) -> None:
    windows = promise_windows(stores, PlanConfig())

    assert len(windows) > 20
    assert [window.last for window in windows] == sorted(window.last for window in windows)
    # Nothing is promised for a day that the data already covers; the as-of day itself may be.
    assert all(window.first > LAST_DAY for window in windows)
    one = windows[3]
    assert one in promise_windows(stores, PlanConfig(), sku=one.sku, location=one.location)
    assert {window.po for window in promise_windows(stores, PlanConfig(), po=one.po)} == {one.po}


def test_an_order_that_nobody_knows_is_an_error_with_near_ones(stores: Stores) -> None:
    with pytest.raises(UnknownName, match="No purchase order 'PO-2026-9999'") as caught:
        promise_windows(stores, PlanConfig(), po="PO-2026-9999")

    known = set(small_company().tables["purchase_orders"]["po"])
    assert 1 <= len(caught.value.close) <= 3
    assert set(caught.value.close) <= known


def test_an_order_that_has_come_has_no_window_and_no_error(stores: Stores) -> None:
    settled = small_company().tables["receipts"]["po"].iloc[0]

    assert promise_windows(stores, PlanConfig(), po=settled) == ()
