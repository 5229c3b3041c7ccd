"""Foreign exports translated by a mapping."""

from pathlib import Path

import numpy as np
import pytest

from engine.connect.assembled import Columns
from engine.connect.columns import Numbers, Text
from engine.connect.importer import ImportedData
from engine.errors import BadSource
from support.exports import COMPANY, codes, exports, finding, read


def cells(columns: Columns, name: str) -> list[object]:
    """A column as Python values."""
    found = columns[name]
    if isinstance(found, Text):
        return [found.at(row) for row in range(len(found))]
    assert isinstance(found, Numbers)
    values = found.cells.astype("datetime64[D]") if found.cells.dtype.kind == "M" else found.cells
    return [
        (str(value) if values.dtype.kind == "M" else value.item()) if valid else None
        for value, valid in zip(values, found.valid, strict=True)
    ]


def sales_from(folder: Path, source: str, **files: str | bytes) -> ImportedData:
    """Import a folder whose mapping has this YAML under tables.sales."""
    indented = "\n".join(f"    {line}" for line in source.strip().splitlines())
    return read(exports(folder, mapping=f"{COMPANY}tables:\n  sales:\n{indented}\n", **files))


def test_foreign_names_constants_and_translations(tmp_path: Path) -> None:
    data = sales_from(
        tmp_path,
        """
file: orders.csv
columns:
  date: Day
  sku: {column: Code, upper: true}
  channel: {value: web}
  kind: {column: Type, values: {S: sale, R: return}}
  units: {column: Qty, otherwise: "1"}
""",
        orders_csv="Day,Code,Type,Qty\n2026-08-03,a-1,S,2\n2026-08-04,A-1,R,\n",
    )
    sales = data.tables["sales"]
    assert cells(sales, "sku") == ["A-1", "A-1"]
    assert cells(sales, "kind") == ["sale", "return"]
    assert cells(sales, "units") == [2, 1]


def test_a_key_is_derived_from_several_columns(tmp_path: Path) -> None:
    data = sales_from(
        tmp_path,
        'file: a.csv\ncolumns:\n  sku: {template: "{Store}-{Product}"}\n',
        a_csv="date,Store,Product,units\n2026-08-03,7,12,1\n2026-08-03,8,,1\n",
    )
    assert cells(data.tables["sales"], "sku") == ["7-12"]
    assert finding(data, "bad_rows").rows == 1


def test_units_are_changed_exactly_by_a_number_or_a_column(tmp_path: Path) -> None:
    data = sales_from(
        tmp_path,
        """
file: a.csv
columns:
  units: {column: cases, multiply: pack}
  price: {column: pence, divide: "100"}
""",
        a_csv="date,sku,cases,pack,pence\n2026-08-03,A,2,12,1999\n2026-08-03,B,1,x,5\n",
    )
    sales = data.tables["sales"]
    assert cells(sales, "units") == [24, 1]
    assert cells(sales, "price") == [19_990_000, 50_000]


def test_cases_decide_in_their_order(tmp_path: Path) -> None:
    data = sales_from(
        tmp_path,
        """
file: a.csv
columns:
  kind:
    cases:
      - {where: {column: order_id, matches: "^C"}, value: cancellation}
      - {where: [{column: units, below: "0"}, {column: note, empty: false}], value: adjustment}
    otherwise: sale
""",
        a_csv="date,sku,units,order_id,note\n2026-08-03,A,-1,C1,x\n2026-08-03,B,-1,D1,lost\n"
        "2026-08-03,C,-2,D2,\n2026-08-03,D,1,D3,\n",
    )
    assert cells(data.tables["sales"], "kind") == ["cancellation", "adjustment", "return", "sale"]


def test_a_part_of_a_text_is_extracted(tmp_path: Path) -> None:
    data = sales_from(
        tmp_path,
        'file: a.csv\ncolumns:\n  sku: {column: item, extract: "^([A-Z]+-[0-9]+)"}\n',
        a_csv="date,item,units\n2026-08-03,LAMP-1 oak lamp,1\n2026-08-03,?,1\n",
    )
    assert cells(data.tables["sales"], "sku") == ["LAMP-1"]


def test_filtered_rows_are_counted_with_their_reason(tmp_path: Path) -> None:
    data = sales_from(
        tmp_path,
        """
file: a.csv
drop:
  - reason: postage
    where: {column: sku, one_of: [POST, DOT]}
  - reason: small change
    where: {column: price, below: "0.5"}
""",
        a_csv="date,sku,units,price\n2026-08-03,POST,1,3\n2026-08-03,A,2,0.10\n2026-08-03,B,5,1\n",
    )
    (tally,) = data.tallies
    assert (tally.read.rows, tally.filtered.rows, tally.accepted.rows) == (3, 2, 1)
    assert tally.filtered.sums == {"units": 3, "net_revenue": 3_200_000}
    assert tally.is_exact
    reasons = [found.message for found in data.findings if found.code == "filtered_rows"]
    assert reasons == [
        "The mapping leaves rows out: postage.",
        "The mapping leaves rows out: small change.",
    ]


def test_a_wide_table_becomes_long(tmp_path: Path) -> None:
    data = sales_from(
        tmp_path,
        "file: a.csv\nwide: {}\n",
        a_csv="sku,2026-08-03,2026-08-10,note\nA,1,2,x\nB,3,four,y\n",
    )
    sales = data.tables["sales"]
    assert cells(sales, "date") == ["2026-08-03", "2026-08-03", "2026-08-10"]
    assert cells(sales, "units") == [1, 3, 2]
    bad = finding(data, "bad_rows")
    assert bad.examples == ("a.csv row 3: units 'four' is no number",)


def test_columns_of_another_file_are_joined(tmp_path: Path) -> None:
    data = sales_from(
        tmp_path,
        """
file: lines.csv
join: {file: heads.csv, on: {order: number}}
columns: {order_id: order}
""",
        lines_csv="order,sku,units\n1,A,1\n2,B,2\n3,C,3\n",
        heads_csv="number,date,channel\n1,2026-08-03,web\n2,2026-08-04,store\n2,2026-08-09,web\n",
    )
    sales = data.tables["sales"]
    assert cells(sales, "channel") == ["web", "store"]
    assert cells(sales, "date") == ["2026-08-03", "2026-08-04"]
    assert finding(data, "join_missing").rows == 1


def test_a_key_is_made_before_it_is_joined_on(tmp_path: Path) -> None:
    data = sales_from(
        tmp_path,
        """
file: sales.csv
wide: {columns: "^d_[0-9]+$", names_to: d}
add: {item: {column: id, extract: "^(.*)_X$"}}
join:
  - {file: calendar.csv, on: d}
  - {file: prices.csv, on: [item, week]}
columns: {sku: item}
""",
        sales_csv="id,d_1,d_2\nLAMP_X,3,4\n",
        calendar_csv="d,date,week\nd_1,2026-08-03,1\nd_2,2026-08-10,2\n",
        prices_csv="item,week,price\nLAMP,1,9.99\nLAMP,2,8.99\n",
    )
    sales = data.tables["sales"]
    assert cells(sales, "date") == ["2026-08-03", "2026-08-10"]
    assert cells(sales, "net_revenue") == [29_970_000, 35_960_000]


def test_files_of_a_pattern_are_stacked_with_the_date_in_their_names(tmp_path: Path) -> None:
    data = sales_from(
        tmp_path,
        'file: "week_*.csv*"\nfile_date: "week_(.*?)[.]"\ncolumns: {date: file.date}\n',
        **{
            "week_2026-08-03_csv": "sku,units\nA,1\n",
            "week_2026-08-10_csv": "sku,units,price\nA,2,5\n",
        },
    )
    sales = data.tables["sales"]
    assert cells(sales, "date") == ["2026-08-03", "2026-08-10"]
    assert cells(sales, "price") == [None, 5_000_000]


def test_overlapping_exports_are_noticed_and_counted_once_when_asked(tmp_path: Path) -> None:
    files = {
        "s1_csv": "date,sku,units,order_id\n2026-08-03,A,1,W1\n2026-08-04,A,2,W2\n",
        "s2_csv": "date,sku,units,order_id\n2026-08-04,A,2,W2\n2026-08-05,A,3,W3\n",
    }
    tables = 'tables: {sales: {file: "s*.csv"}}\n'
    kept = read(exports(tmp_path / "kept", mapping=COMPANY + tables, **files))
    assert cells(kept.tables["sales"], "units") == [1, 2, 2, 3]
    assert "1 of them from another file" in finding(kept, "identical_rows").message
    rule = "checks: {identical_sales: once}\n"
    once = read(exports(tmp_path / "once", mapping=COMPANY + tables + rule, **files))
    assert cells(once.tables["sales"], "units") == [1, 2, 3]
    assert once.tallies[0].is_exact


def test_one_row_per_key_takes_the_most_frequent_sensible_name(tmp_path: Path) -> None:
    mapping = f"""{COMPANY}
tables:
  items:
    file: sales.csv
    one_row_per_key: true
    columns:
      sku: {{column: sku, upper: true}}
      name: {{column: text, only: "^[A-Z ]+$", pick: most_frequent}}
      launch_date: {{column: date, pick: lowest}}
"""
    data = read(
        exports(
            tmp_path,
            mapping=mapping,
            sales_csv="date,sku,units,text\n2026-08-05,a,1,RED LAMP\n2026-08-03,A,1,broken\n"
            "2026-08-04,A,1,broken\n2026-08-06,A,1,RED LAMP\n2026-08-06,B,1,?\n",
        )
    )
    items = data.tables["items"]
    assert cells(items, "sku")[:2] == ["A", "B"]
    assert cells(items, "name")[:2] == ["RED LAMP", None]
    assert cells(items, "launch_date")[:2] == ["2026-08-03", "2026-08-06"]
    tally = next(tally for tally in data.tallies if tally.table == "items")
    assert (tally.read.rows, tally.merged.rows, tally.accepted.rows) == (5, 3, 2)


def test_sources_of_one_table_complete_each_other(tmp_path: Path) -> None:
    mapping = f"""{COMPANY}
tables:
  stock:
    - {{file: flags.csv}}
    - {{file: counts.csv}}
"""
    data = read(
        exports(
            tmp_path,
            mapping=mapping,
            sales_csv="date,sku,units\n2026-08-03,A,1\n",
            flags_csv="date,sku,in_stock_fraction,on_hand\n2026-08-03,A,0.5,\n2026-08-04,A,1,9\n",
            counts_csv="date,sku,on_hand\n2026-08-03,A,7\n2026-08-04,A,8\n",
        )
    )
    stock = data.tables["stock"]
    assert cells(stock, "on_hand") == [7, 8]
    assert cells(stock, "in_stock_fraction") == [0.5, 1.0]
    tally = next(tally for tally in data.tallies if tally.table == "stock")
    assert tally.merged.rows == 2
    assert tally.merged.sums == {"on_hand": 9}
    assert tally.is_exact


def test_rows_written_into_the_mapping_are_a_source(tmp_path: Path) -> None:
    mapping = COMPANY + "tables: {suppliers: {rows: [{supplier: NORD, lead_time_days: 12.5}]}}\n"
    data = read(exports(tmp_path, mapping=mapping, sales_csv="date,sku,units\n2026-08-03,A,1\n"))
    assert cells(data.tables["suppliers"], "lead_time_days") == [12.5]


def test_a_column_that_the_mapping_invents_is_named_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(BadSource, match=r"a\.csv has no column 'Qty'. Did you mean 'Qnty'"):
        sales_from(
            tmp_path,
            "file: a.csv\ncolumns: {units: Qty}\n",
            a_csv="date,sku,Qnty\n2026-08-03,A,1\n",
        )


def test_a_file_that_the_mapping_invents_is_named_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(BadSource, match=r"No file 'ordres.csv'.*Did you mean 'orders.csv'"):
        sales_from(tmp_path, "file: ordres.csv\n", orders_csv="date,sku,units\n2026-08-03,A,1\n")


def test_a_decimal_comma_that_the_values_prove_is_read_and_said(tmp_path: Path) -> None:
    data = sales_from(
        tmp_path,
        "file: a.csv\n",
        a_csv="date;sku;units;price\n2026-08-03;A;1;1.234,50\n2026-08-03;B;1;7,5\n",
    )
    assert cells(data.tables["sales"], "price") == [1_234_500_000, 7_500_000]
    assert "comma" in finding(data, "format_decided").message


def test_times_of_another_zone_fall_on_the_day_at_the_company(tmp_path: Path) -> None:
    data = sales_from(
        tmp_path,
        "file: a.csv\ntime_zone: UTC\n",
        a_csv="date,sku,units\n2026-08-03 23:30:00,A,1\n2026-12-03 23:30:00,A,1\n",
    )
    assert cells(data.tables["sales"], "date") == ["2026-08-04", "2026-12-03"]


def test_instants_are_stored_in_utc(tmp_path: Path) -> None:
    data = read(
        exports(
            tmp_path,
            sales_csv="date,sku,units\n2026-08-03,A,1\n",
            backorders_csv="order_line,sku,units,paid_at\n1,A,1,2026-08-03 09:00\n"
            "2,A,1,2026-08-03T09:00:00Z\n",
        )
    )
    paid = data.tables["backorders"]["paid_at"]
    assert isinstance(paid, Numbers)
    assert paid.cells[0] == np.datetime64("2026-08-03T08:00")  # London summer time
    assert paid.cells[1] == np.datetime64("2026-08-03T09:00")
    assert "derived_prices" not in codes(data)
