"""Everything that can be wrong with a folder is a clear error or a finding; nothing is lost."""

from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from engine.connect.importer import read_folder
from engine.connect.mapping import Mapping
from engine.connect.quarantine import as_columns
from engine.errors import BadSource
from support.exports import COMPANY, SALES, codes, daily_sales, exports, finding, read

ROW = "2026-08-03,LAMP,LEEDS,web,W1,1,10,10,sale\n"


def test_a_missing_folder_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(BadSource, match="does not exist"):
        read_folder(tmp_path / "absent", Mapping())


def test_a_file_where_a_folder_is_expected_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "sales.csv").touch()
    with pytest.raises(BadSource, match="is a file"):
        read_folder(tmp_path / "sales.csv", Mapping())


def test_a_folder_without_sales_names_what_looks_like_them(tmp_path: Path) -> None:
    exports(tmp_path, sale_csv="date,sku,units\n", items_csv="sku\nA\n")
    with pytest.raises(BadSource, match=r"no sales file.*items.csv, sale.csv. Is it sale.csv"):
        read(tmp_path)


def test_two_files_for_one_table_are_a_clear_error(tmp_path: Path) -> None:
    exports(tmp_path, sales_csv=SALES + ROW, items_csv="sku\nA\n", items_tsv="")
    (tmp_path / "items.tsv").write_text("sku\nB\n")
    with pytest.raises(BadSource, match=r"items.csv and items.tsv both give the table items"):
        read(tmp_path)


def test_a_missing_required_column_names_what_is_close(tmp_path: Path) -> None:
    exports(tmp_path, sales_csv="Invoice Date,SKU,Qty\n2026-08-03,A,1\n")
    with pytest.raises(BadSource) as error:
        read(tmp_path)
    assert "sales.csv has no column for date, units of the table sales" in str(error.value)
    assert "Close: 'Invoice Date', 'Qty'" in str(error.value)


@pytest.mark.parametrize("content", ["", SALES, "\n\n"])
def test_sales_without_rows_are_a_clear_error(tmp_path: Path, content: str) -> None:
    exports(tmp_path, sales_csv=content)
    with pytest.raises(BadSource, match=r"sales\.csv"):
        read(tmp_path)


def test_sales_without_a_good_row_name_the_commonest_reason(tmp_path: Path) -> None:
    exports(tmp_path, sales_csv="date,sku,units\n03/04/2026,A,1\n05/06/2026,B,1\n")
    with pytest.raises(BadSource, match=r"may be day/month or month/day.*date_format"):
        read(tmp_path)


def test_an_unusable_table_that_need_not_be_there_is_a_finding(tmp_path: Path) -> None:
    exports(tmp_path, sales_csv=daily_sales(), suppliers_csv="name\nNord\n", stock_csv=b"")
    data = read(tmp_path)
    assert finding(data, "unusable_table", "suppliers").severity == "error"
    assert "0 bytes" in finding(data, "unusable_table", "stock").message
    assert "suppliers" in data.tables  # assumed instead, and said so
    assert finding(data, "assumed", "suppliers").rows == 1


def test_a_truncated_parquet_of_a_table_that_need_not_be_there_is_a_finding(tmp_path: Path) -> None:
    exports(tmp_path, sales_csv=daily_sales())
    pq.write_table(pa.table({"sku": ["LAMP"] * 1000}), tmp_path / "items.parquet")
    whole = (tmp_path / "items.parquet").read_bytes()
    (tmp_path / "items.parquet").write_bytes(whole[:-40])
    data = read(tmp_path)
    assert "no complete Parquet" in finding(data, "unusable_table", "items").message


def test_an_empty_table_is_a_finding(tmp_path: Path) -> None:
    data = read(exports(tmp_path, sales_csv=daily_sales(), items_csv="sku,name\n"))
    assert finding(data, "empty_table").table == "items"


def test_bad_rows_are_kept_with_file_row_column_value_and_reason(tmp_path: Path) -> None:
    data = read(
        exports(
            tmp_path,
            sales_csv=SALES
            + ROW
            + "yesterday,LAMP,LEEDS,web,W2,1,10,10,sale\n"
            + "2026-08-04,LAMP,LEEDS,web,W3,one,10,10,sale\n"
            + "2026-08-04,,LEEDS,web,W4,1,10,10,sale\n"
            + "2026-08-04,LAMP,LEEDS,web,W5,4006381333931,10,10,sale\n"
            + "2026-08-04,LAMP,LEEDS,web,W6,1,10,10,gift\n"
            + "2026-08-04,LAMP,LEEDS,web,W7,1,10\n",
        )
    )
    kept = as_columns(data.bad)
    places = sorted(zip(kept["row"], kept["column"], kept["value"], strict=True))
    assert places == [
        (3, "date", "yesterday"),
        (4, "units", "one"),
        (5, "sku", ""),
        (6, "units", "4006381333931"),
        (7, "kind", "gift"),
        (8, "", "2026-08-04,LAMP,LEEDS,web,W7,1,10"),
    ]
    assert set(kept["file"]) == {"sales.csv"}
    assert '"order_id": "W3"' in str(kept["record"][kept["row"].index(4)])
    (tally,) = data.tallies
    assert (tally.read.rows, tally.accepted.rows, tally.quarantined.rows) == (7, 1, 6)
    assert tally.quarantined.sums["units"] == 1 + 1 + 4006381333931 + 1
    assert tally.is_exact


def test_a_bad_value_that_is_not_needed_costs_the_cell_and_not_the_row(tmp_path: Path) -> None:
    data = read(
        exports(
            tmp_path,
            sales_csv=SALES + "2026-08-03,LAMP,LEEDS,web,W1,4,twenty,10,sale\n",
            items_csv="sku,unit_cost,gtin\nLAMP,cheap,4006381333930\n",
        )
    )
    assert finding(data, "bad_values", "sales").rows == 1
    sales = data.tallies[-1]
    assert sales.accepted.rows == 1
    assert sales.accepted.sums == {"units": 4, "net_revenue": 0}  # not guessed from the price
    messages = [f.message for f in data.findings if f.code == "bad_values" and f.table == "items"]
    assert len(messages) == 2


def test_negative_units_of_a_sale_are_returns(tmp_path: Path) -> None:
    data = read(exports(tmp_path, sales_csv="date,sku,units\n2026-08-03,A,5\n2026-08-04,A,-2\n"))
    assert data.tables["sales"]["kind"].at(1) == "return"
    assert finding(data, "negative_units").rows == 1


def test_negative_quantities_that_make_no_sense_are_quarantined(tmp_path: Path) -> None:
    data = read(
        exports(
            tmp_path,
            sales_csv=SALES + ROW,
            supplier_items_csv="supplier,sku,unit_cost,case_pack\nN,LAMP,-1,0\n",
        )
    )
    assert "below" in finding(data, "bad_values", "supplier_items").message
    assert "below" in finding(data, "unusable_table", "supplier_items").message


def test_of_a_repeated_key_the_last_row_counts_and_the_others_are_kept_aside(
    tmp_path: Path,
) -> None:
    data = read(
        exports(
            tmp_path,
            sales_csv=SALES + ROW,
            items_csv="sku,name\nLAMP,Old\nVASE,Vase\nLAMP,New\n",
        )
    )
    names = data.tables["items"]["name"]
    assert [names.at(row) for row in range(len(names))] == ["New", "Vase"]
    assert finding(data, "duplicate_keys").examples == ("items.csv row 2",)
    assert [cell.row for cell in data.bad] == [2]


def test_sales_of_unknown_skus_are_kept_and_the_item_is_derived(tmp_path: Path) -> None:
    data = read(
        exports(tmp_path, sales_csv=daily_sales(skus=("LAMP", "GHOST")), items_csv="sku\nLAMP\n")
    )
    assert data.tables["items"]["sku"].used() == ["GHOST", "LAMP"]
    unknown = finding(data, "unknown_skus")
    assert unknown.rows == 60
    assert unknown.examples == ("GHOST",)
    assert next(t for t in data.tallies if t.table == "items").accepted.rows == 1


def test_an_old_code_that_items_declares_is_no_unknown_sku(tmp_path: Path) -> None:
    data = read(
        exports(
            tmp_path,
            sales_csv=daily_sales(skus=("LAMP", "LAMP-OLD")),
            items_csv="sku,renamed_from\nLAMP,LAMP-OLD\n",
        )
    )
    assert data.tables["items"]["sku"].used() == ["LAMP"]
    assert "unknown_skus" not in codes(data)


def test_one_mistyped_year_does_not_move_the_plan_by_years(tmp_path: Path) -> None:
    text = daily_sales(days=600) + "2036-08-04,LAMP,LEEDS,web,X,1,10,10,sale\n"
    data = read(exports(tmp_path, sales_csv=text))
    assert data.coverage.as_of == date(2028, 3, 25)
    assert data.bad[0].value == "2036-08-04"
    assert "far from the dates of all other sales" in data.bad[0].reason


def test_files_that_nothing_reads_are_said_with_what_they_may_be(tmp_path: Path) -> None:
    data = read(
        exports(tmp_path, sales_csv=daily_sales(), supplier_csv="supplier\nN\n", notes_csv="a\n1\n")
    )
    ignored = {f.message: f.severity for f in data.findings if f.code == "ignored_file"}
    assert ignored == {
        "supplier.csv is not read. Did you mean 'suppliers'?": "warning",
        "notes.csv is not read.": "info",
    }


def test_a_mapping_that_invents_a_currency_is_a_clear_error(tmp_path: Path) -> None:
    mapping = COMPANY.replace("GBP", "POUNDS")
    with pytest.raises(BadSource, match=r"company.base_currency 'POUNDS' is no ISO 4217"):
        read(exports(tmp_path, mapping=mapping, sales_csv=daily_sales()))


def test_an_as_of_before_all_sales_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(BadSource, match="leaves no sales"):
        read(exports(tmp_path, mapping=COMPANY + "as_of: 2026-08-03\n", sales_csv=daily_sales()))


def test_sales_after_a_stated_as_of_are_left_out_and_counted(tmp_path: Path) -> None:
    data = read(
        exports(tmp_path, mapping=COMPANY + "as_of: 2026-08-13\n", sales_csv=daily_sales(days=20))
    )
    assert data.coverage.as_of == date(2026, 8, 13)
    (tally,) = data.tallies
    assert (tally.accepted.rows, tally.filtered.rows) == (20, 20)
    assert tally.is_exact


def test_columns_that_nobody_reads_are_said_with_what_they_may_be(tmp_path: Path) -> None:
    data = read(
        exports(
            tmp_path,
            sales_csv=daily_sales(),
            items_csv="sku,unit cost,launchdate,colour\nLAMP,5,2026-01-01,oak\n",
        )
    )
    ignored = finding(data, "ignored_columns")
    assert ignored.severity == "warning"
    assert "launchdate (did you mean launch_date?)" in ignored.message
    assert "unit_cost" not in ignored.message  # 'unit cost' is the same name


def test_codes_that_a_spreadsheet_changed_are_found(tmp_path: Path) -> None:
    data = read(
        exports(
            tmp_path,
            sales_csv=daily_sales(skus=("123", "77.0")),
            items_csv="sku\n00123\n77\n",
        )
    )
    assert finding(data, "sku_spellings").examples == ("00123 / 123", "77 / 77.0")


def test_zero_bytes_in_a_text_do_not_reach_a_database(tmp_path: Path) -> None:
    text = daily_sales() + "2026-08-03,LA\0MP,LEEDS,web,W,1,10,10,sa\0le\n2026-08-03,\0\n"
    data = read(exports(tmp_path, sales_csv=text))
    assert data.tables["sales"]["sku"].used() == ["LAMP", "VASE"]
    assert "\0" not in "".join(cell.value + cell.record for cell in data.bad)


@pytest.mark.parametrize(
    "rows",
    [
        ["2026-08-03,LAMP,LEEDS,web,W1,0,0,,sale"],
        ["2026-08-03,LAMP,LEEDS,web,W1,-2,-20,10,return"],
        ["2026-08-03,LAMP,LEEDS,web,W1,1,,,test"],
        ["2026-08-03,LAMP,,,,1,,,"],
    ],
)
def test_sales_in_which_nobody_bought_anything_still_import(
    tmp_path: Path, rows: list[str]
) -> None:
    stock = "date,sku,location,on_hand\n2026-08-03,LAMP,LEEDS,4\n"
    data = read(exports(tmp_path, sales_csv=SALES + "\n".join(rows) + "\n", stock_csv=stock))
    assert len(data.tables["sales"]["sku"]) == 1
    assert all(tally.is_exact for tally in data.tallies)


def test_sentences_end_once_and_agree_with_their_counts(tmp_path: Path) -> None:
    sales = tmp_path / "truncated" / "sales.parquet"
    sales.parent.mkdir()
    sales.write_bytes(b"PAR1 and no more")
    with pytest.raises(BadSource) as error:
        read_folder(sales.parent, Mapping())
    assert ".." not in str(error.value)
    data = read(exports(tmp_path / "named", sales_csv="date,sku,units,clerk\n2026-08-03,A,1,X\n"))
    assert finding(data, "ignored_columns").message == "1 column is not read: clerk."
