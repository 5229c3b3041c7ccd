"""Real exports through the mappings kept under examples/; the known totals reconcile exactly."""

from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pytest

from engine.connect.mapping_file import load_mapping
from engine.model.snapshot import Snapshot
from engine.service.importing import ImportReport, import_folder
from engine.store import migrate
from engine.store.database import open_database
from engine.store.snapshots import load_snapshot
from support.plans import stores_for

ROOT = Path(__file__).parents[3]
DATA = ROOT.parent / "shared" / "data"
NOW = datetime(2026, 11, 2, 8, 30, tzinfo=UTC)


def imported(name: str, home: Path) -> tuple[ImportReport, Snapshot]:
    """Import one of the real data sets, or skip where it is not at hand."""
    if not (DATA / name).is_dir():
        pytest.skip(f"needs the data set {name} in {DATA}")
    database = open_database(f"sqlite:///{home}/qm.db")
    migrate.upgrade(database)
    stores = stores_for(database, home)
    mapping = ROOT / "examples" / name / "mapping.yaml"
    report = import_folder(stores, DATA / name, mapping=mapping, now=NOW)
    snapshot = load_snapshot(database, stores.blobs, report.snapshot_id)
    database.close()
    return report, snapshot


@pytest.fixture(scope="module")
def vn2(tmp_path_factory: pytest.TempPathFactory) -> tuple[ImportReport, Snapshot]:
    return imported("vn2", tmp_path_factory.mktemp("vn2"))


@pytest.fixture(scope="module")
def retail(tmp_path_factory: pytest.TempPathFactory) -> tuple[ImportReport, Snapshot]:
    return imported("online_retail", tmp_path_factory.mktemp("retail"))


@pytest.mark.parametrize("name", ["vn2", "online_retail"])
def test_the_mappings_under_examples_are_valid(name: str) -> None:
    assert "sales" in load_mapping(ROOT / "examples" / name / "mapping.yaml").tables


def test_vn2_reconciles_with_its_known_total(vn2: tuple[ImportReport, Snapshot]) -> None:
    report, snapshot = vn2
    sales = next(tally for tally in report.tallies if tally.table == "sales")
    assert sales.read.rows == 599 * 157
    assert sales.read.sums["units"] == 276_648
    assert snapshot["sales"]["units"].sum() == 276_648
    assert report.is_exact
    assert report.quarantined == 0


def test_vn2_is_weekly_and_planned_from_the_monday_after_week_0(
    vn2: tuple[ImportReport, Snapshot],
) -> None:
    _, snapshot = vn2
    assert snapshot.sales_bucket == "week"
    assert (snapshot.first_day, snapshot.as_of) == (date(2021, 4, 12), date(2024, 4, 15))


def test_vn2_stock_is_the_state_at_the_end_of_week_0_with_flags_before(
    vn2: tuple[ImportReport, Snapshot],
) -> None:
    stock = vn2[1]["stock"]
    assert len(stock) == 599 * 157  # flags after week 0 would be knowledge of the future
    last = stock[stock["date"] == pd.Timestamp("2024-04-08")]
    assert (len(last), last["on_hand"].sum()) == (599, 2_225)
    assert last["in_stock_fraction"].isin([0.0, 1.0]).all()
    assert stock["on_hand"].notna().sum() == 599


def test_vn2_units_in_transit_are_open_orders_with_a_lead_time_of_two_weeks(
    vn2: tuple[ImportReport, Snapshot],
) -> None:
    orders = vn2[1]["purchase_orders"]
    assert orders["units"].sum() == 1_699
    assert set((orders["promised_on"] - orders["ordered_on"]).dt.days) == {14}


def test_vn2_economics_are_those_of_the_challenge(vn2: tuple[ImportReport, Snapshot]) -> None:
    items = vn2[1]["items"]
    margin = items["price_micros"] - items["unit_cost_micros"]
    week_on_the_shelf = items["unit_cost_micros"] * 0.30 / 52  # the planner's default rates
    assert margin.unique().tolist() == [1_000_000]
    assert week_on_the_shelf.to_numpy() == pytest.approx(200_000, abs=1)


@pytest.mark.slow
def test_online_retail_reconciles_with_its_known_totals(
    retail: tuple[ImportReport, Snapshot],
) -> None:
    report, _ = retail
    sales = next(tally for tally in report.tallies if tally.table == "sales")
    assert sales.read.rows == 541_909
    assert sales.read.sums == {"units": 5_176_450, "net_revenue": 9_747_747_934_000}
    assert report.is_exact
    assert sales.accepted.rows + sales.filtered.rows == 541_909


@pytest.mark.slow
def test_online_retail_cancellations_and_notes_are_told_from_sales(
    retail: tuple[ImportReport, Snapshot],
) -> None:
    sales = retail[1]["sales"]
    cancelled = sales[sales["order_id"].str.startswith("C")]
    assert set(cancelled["kind"]) == {"cancellation"}
    assert not sales["order_id"].str.startswith("A").any()
    assert (sales.loc[sales["kind"] == "sale", "units"] > 0).all()
    assert not {"POST", "DOT", "M", "BANK CHARGES", "PADS"} & set(sales["sku"].cat.categories)


@pytest.mark.slow
def test_online_retail_items_have_sensible_names(retail: tuple[ImportReport, Snapshot]) -> None:
    items = retail[1]["items"].set_index("sku")
    assert items.loc["85123A", "name"] == "WHITE HANGING HEART T-LIGHT HOLDER"
    named = items["name"].dropna()
    assert len(named) > 0.95 * len(items)
    assert not named.str.contains(r"[a-z?]").any()


@pytest.mark.slow
def test_online_retail_assumptions_are_stated(retail: tuple[ImportReport, Snapshot]) -> None:
    report, snapshot = retail
    assumed = {f.table for f in report.findings if f.code == "assumed"}
    assert assumed == {"items", "stock", "suppliers", "supplier_items"}
    assert snapshot["suppliers"]["lead_time_days"].tolist() == [28.0]
    assert snapshot["stock"]["on_hand"].sum() > 0
