"""The made-up exports under examples/ come in whole, as the documentation says they do."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from engine.model.money import MICROS
from engine.model.snapshot import Snapshot
from engine.service.data_state import latest_quarantine
from engine.service.importing import ImportReport, import_folder
from engine.service.stores import Stores
from engine.store import migrate
from engine.store.database import open_database
from engine.store.snapshots import load_snapshot
from support.plans import stores_for

FOLDER = Path(__file__).parents[2] / "examples" / "foreign_exports"
NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
Imported = tuple[Stores, ImportReport, Snapshot]


@pytest.fixture(scope="module")
def lindner(tmp_path_factory: pytest.TempPathFactory) -> Imported:
    home = tmp_path_factory.mktemp("lindner")
    database = open_database(f"sqlite:///{home}/qm.db")
    migrate.upgrade(database)
    stores = stores_for(database, home)
    report = import_folder(stores, FOLDER, now=NOW)
    return stores, report, load_snapshot(database, stores.blobs, report.snapshot_id)


def test_every_row_and_cent_of_the_foreign_exports_is_accounted_for(lindner: Imported) -> None:
    _, report, _ = lindner
    sales = next(tally for tally in report.tallies if tally.table == "sales")

    assert report.is_exact
    assert report.count("error") == 0
    assert sales.read.rows == 2_554
    assert sales.accepted.sums == {"units": 3_558, "net_revenue": round(38_223.90 * MICROS)}
    assert sales.filtered.rows == 1


def test_their_broken_rows_are_quarantined_with_place_and_reason(lindner: Imported) -> None:
    cells = latest_quarantine(lindner[0])

    assert list(cells["row"]) == [82, 122]
    assert list(cells["value"]) == ["31.11.2026", "zwei"]
    assert set(cells["file"]) == {"Umsatz_2026-11.csv"}


def test_their_keys_units_and_dates_are_translated(lindner: Imported) -> None:
    _, _, snapshot = lindner
    orders, stock = snapshot["purchase_orders"], snapshot["stock"]
    terms = snapshot["supplier_items"].set_index("sku")
    first = orders.sort_values(["po", "line"]).iloc[0]

    assert snapshot.as_of == date(2026, 11, 23)
    assert (first["po"], first["sku"], first["location"]) == ("70001", "4711-SW", "HAM")
    assert first["units"] == 2 * 12  # two cartons
    assert terms.loc["4711-SW", "unit_cost_micros"] == round(58.80 / 12 * MICROS)
    assert set(stock["date"].dt.date) == {date(2026, 11, 22)}
    assert stock["on_hand"].sum() == 298
    assert "Kerzenhalter Güte SW" in set(snapshot["items"]["name"])
