"""Importing a folder: snapshots, what changed, whose data it is."""

import gzip
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa
from pyarrow import csv

from engine.errors import BadSource, StoreError, WrongSchema
from engine.service.company import company_profile
from engine.service.data_state import data_state, latest_quarantine
from engine.service.importing import ImportReport, import_folder
from engine.service.stores import Stores
from engine.store.database import Database
from engine.store.snapshots import load_snapshot
from engine.store.tables import imports
from engine.store.tables.people import policy_versions
from support.exports import COMPANY, MONDAY, SALES, daily_sales, exports
from support.plans import stores_for

NOW = datetime(2026, 11, 2, 8, 30, tzinfo=UTC)
ITEMS = "sku,name,unit_cost\nLAMP,Oak lamp,5\nVASE,Vase,4\n"


@pytest.fixture
def stores(database: Database, tmp_path: Path) -> Stores:
    return stores_for(database, tmp_path)


@pytest.fixture
def bring_in(stores: Stores, tmp_path: Path) -> Callable[..., ImportReport]:
    """Write a folder of these files and import it."""
    count = 0

    def imported(
        *, days_later: int = 0, mapping: str = COMPANY, **files: str | bytes
    ) -> ImportReport:
        nonlocal count
        count += 1
        folder = exports(tmp_path / f"exports{count}", mapping=mapping, **files)
        return import_folder(stores, folder, now=NOW + timedelta(days=days_later))

    return imported


def rows_in(stores: Stores, table: sa.Table) -> int:
    with stores.database.read() as look:
        return look.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


Import = Callable[..., ImportReport]


def test_the_same_data_twice_is_the_same_snapshot(bring_in: Import, stores: Stores) -> None:
    first = bring_in(sales_csv=daily_sales(), items_csv=ITEMS)
    again = bring_in(days_later=3, sales_csv=daily_sales(), items_csv=ITEMS)
    assert again.snapshot_id == first.snapshot_id
    assert (first.is_new, again.is_new) == (True, False)
    assert rows_in(stores, imports.snapshots) == 1
    assert rows_in(stores, imports.import_runs) == 2


def test_order_of_rows_compression_and_file_kind_do_not_make_another_snapshot(
    bring_in: Import,
) -> None:
    head, *rows = daily_sales().strip().split("\n")
    turned = "\n".join([head, *reversed(rows)])
    plain = bring_in(sales_csv=daily_sales(), items_csv=ITEMS)
    packed = bring_in(sales_csv_gz=gzip.compress(turned.encode()), items_csv=ITEMS)
    typed = BytesIO()  # dates, whole numbers and floats instead of text
    pq.write_table(csv.read_csv(BytesIO(turned.encode())), typed)
    parquet = bring_in(**{"sales.parquet": typed.getvalue()}, items_csv=ITEMS)
    assert packed.snapshot_id == plain.snapshot_id == parquet.snapshot_id


def test_a_changed_file_is_a_new_snapshot_and_says_what_changed(bring_in: Import) -> None:
    before = bring_in(sales_csv=daily_sales(days=60), items_csv=ITEMS)
    corrected = daily_sales(days=62).replace("W5-LAMP,3,30", "W5-LAMP,4,40")
    without = "\n".join(line for line in corrected.split("\n") if ",W7-" not in line)
    after = bring_in(sales_csv=without, items_csv=ITEMS + "MUG,Mug,2\n")
    assert after.snapshot_id != before.snapshot_id
    assert after.previous_id == before.snapshot_id
    changes = {change.table: change for change in after.changes}
    sales = changes["sales"]
    assert (sales.added, sales.removed, sales.changed) == (4, 2, 1)
    assert (sales.first, sales.last) == (MONDAY + timedelta(5), MONDAY + timedelta(61))
    assert (changes["items"].added, changes["items"].changed) == (1, 0)
    assert after.details == ("as-of date",)


def test_a_row_that_stands_twice_more_often_is_a_change(bring_in: Import) -> None:
    bring_in(sales_csv=daily_sales(), items_csv=ITEMS)
    repeated = daily_sales() + "2026-08-03,LAMP,LEEDS,web,W0-LAMP,3,30,10,sale\n"
    after = bring_in(sales_csv=repeated, items_csv=ITEMS)
    (sales,) = [change for change in after.changes if change.table == "sales"]
    assert (sales.added, sales.removed, sales.changed) == (1, 0, 0)


def test_an_older_snapshot_imported_again_is_the_latest(bring_in: Import, stores: Stores) -> None:
    old = bring_in(sales_csv=daily_sales(days=60))
    bring_in(sales_csv=daily_sales(days=61))
    bring_in(sales_csv=daily_sales(days=60))
    latest = load_snapshot(stores.database, stores.blobs, None)
    assert latest.id == old.snapshot_id


def test_the_report_reconciles_and_is_kept(bring_in: Import, stores: Stores) -> None:
    bad = SALES + "never,LAMP,LEEDS,web,X,1,10,10,sale\n" + daily_sales().split("\n", 1)[1]
    report = bring_in(sales_csv=bad)
    assert report.is_exact
    assert report.quarantined == 1
    state = data_state(stores)
    assert state.snapshot_id == report.snapshot_id
    assert state.findings == report.findings
    assert state.quarantined == 1
    assert state.counts["warning"] == report.count("warning")
    assert latest_quarantine(stores)["reason"].tolist() == [
        "is no date; write 2026-11-22 or state `date_format`"
    ]


def test_what_a_missing_table_costs_is_said(bring_in: Import, stores: Stores) -> None:
    bring_in(sales_csv=daily_sales(), items_csv=ITEMS)
    missing = {absent.table: absent for absent in data_state(stores).missing}
    assert "items" not in missing
    assert missing["stock"].stand_in
    assert not missing["receipts"].stand_in
    assert "lead times" in missing["receipts"].cost


def test_the_age_of_the_data_is_counted_from_where_planning_starts(
    bring_in: Import, stores: Stores
) -> None:
    bring_in(sales_csv=daily_sales(days=60))
    assert data_state(stores).days_old(datetime(2026, 10, 5, tzinfo=UTC)) == 3


def test_the_state_of_no_data_says_what_to_do(stores: Stores) -> None:
    with pytest.raises(StoreError, match="qm import"):
        data_state(stores)


def test_another_companys_data_is_refused_and_nothing_is_registered(
    bring_in: Import, stores: Stores
) -> None:
    bring_in(sales_csv=daily_sales())
    with pytest.raises(BadSource, match=r"belongs to 'Acme' \(GBP\), the folder to 'Other' \(EUR"):
        bring_in(
            sales_csv=daily_sales(),
            mapping="company: {name: Other, base_currency: EUR, time_zone: Europe/London}\n",
        )
    assert rows_in(stores, imports.import_runs) == 1


def test_real_data_does_not_become_a_demo_company(bring_in: Import) -> None:
    bring_in(sales_csv=daily_sales())
    with pytest.raises(BadSource, match="a demo"):
        bring_in(sales_csv=daily_sales(), mapping=COMPANY.replace("}", ", demo: true}"))


def test_a_name_and_currency_that_were_only_assumed_can_be_said_later(
    bring_in: Import, stores: Stores
) -> None:
    assumed = bring_in(sales_csv=daily_sales(), mapping="").snapshot.company
    assert (assumed.name, assumed.base_currency) == ("exports1", "EUR")
    bring_in(sales_csv=daily_sales(days=61), mapping="")  # still assumed
    bring_in(sales_csv=daily_sales(days=62), mapping=COMPANY)
    with stores.database.read() as look:
        company = company_profile(look)
    assert company is not None
    assert (company.name, company.base_currency) == ("Acme", "GBP")
    with pytest.raises(BadSource, match="belongs to 'Acme'"):  # it has been said now
        bring_in(sales_csv=daily_sales(), mapping=COMPANY.replace("Acme", "Other"))


def test_an_assumed_company_does_not_become_a_demo(bring_in: Import) -> None:
    bring_in(sales_csv=daily_sales(), mapping="")
    with pytest.raises(BadSource, match="a demo"):
        bring_in(sales_csv=daily_sales(), mapping=COMPANY.replace("}", ", demo: true}"))


def test_the_currency_stays_once_amounts_are_stored_in_it(bring_in: Import, stores: Stores) -> None:
    bring_in(sales_csv=daily_sales(), mapping="")
    with stores.database.write() as work:
        row = {"sequence": 1, "version": "1", "content": "{}", "loaded_at": NOW}
        work.execute(sa.insert(policy_versions).values(row))
    bring_in(sales_csv=daily_sales(), mapping="company: {name: Acme}\n")
    with pytest.raises(BadSource, match="people's limits are stored in EUR already"):
        bring_in(sales_csv=daily_sales(), mapping=COMPANY)


def test_a_folder_that_does_not_introduce_the_company_is_of_the_known_one(
    bring_in: Import,
) -> None:
    first = bring_in(sales_csv=daily_sales(), mapping=COMPANY.replace("}", ", demo: true}"))
    again = bring_in(sales_csv=daily_sales(days=61), mapping="")
    assert again.snapshot.company == replace(first.snapshot.company)
    assert again.snapshot.company.is_demo


def test_a_database_from_a_newer_version_is_a_clear_error(bring_in: Import, stores: Stores) -> None:
    with stores.database.write() as work:
        work.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(WrongSchema, match="9999"):
        bring_in(sales_csv=daily_sales())


def test_progress_tells_every_stage(stores: Stores, tmp_path: Path) -> None:
    stages: list[str] = []

    def note(stage: str, _done: int, _total: int | None) -> None:
        stages.append(stage)

    folder = exports(tmp_path / "exports", sales_csv=daily_sales(), items_csv=ITEMS)
    import_folder(stores, folder, now=NOW, progress=note)
    kinds = list(dict.fromkeys(stage.partition(" ")[0] for stage in stages))
    assert kinds == ["reading", "checking", "storing", "comparing"]


def test_a_snapshot_loads_as_it_was_described(bring_in: Import, stores: Stores) -> None:
    report = bring_in(sales_csv=daily_sales(days=70), items_csv=ITEMS)
    snapshot = load_snapshot(stores.database, stores.blobs, report.snapshot_id)
    assert snapshot.first_day == MONDAY
    assert snapshot.as_of == date(2026, 10, 12)
    assert snapshot.sales_bucket == "day"
    assert snapshot["sales"]["units"].sum() == 420
