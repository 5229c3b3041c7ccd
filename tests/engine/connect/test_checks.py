"""What looks wrong in data that could be read."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path

import pytest

from engine.connect.columns import Numbers
from engine.connect.importer import ImportedData
from support.exports import COMPANY, MONDAY, SALES, codes, daily_sales, exports, finding, read

Line = tuple[int, str, int, float]  # day, sku, units, price


def sales_of(lines: Iterable[Line]) -> str:
    rows = [
        f"{MONDAY + timedelta(days=day)},{sku},LEEDS,web,W{at},{units},{units * price:.2f},"
        f"{price:.2f},sale"
        for at, (day, sku, units, price) in enumerate(lines)
    ]
    return SALES + "\n".join(rows) + "\n"


def steady(sku: str, days: range, *, units: int = 4, price: float = 10.0) -> list[Line]:
    return [(day, sku, units + day % 3, price) for day in days]


@pytest.fixture
def imported(tmp_path: Path) -> Callable[..., ImportedData]:
    def imported_from(lines: Iterable[Line], **files: str) -> ImportedData:
        return read(exports(tmp_path, sales_csv=sales_of(lines), **files))

    return imported_from


def test_quiet_data_has_no_warning(imported: Callable[..., ImportedData]) -> None:
    data = imported(
        steady("LAMP", range(200)),
        items_csv="sku,unit_cost,price\nLAMP,5,10\n",
        locations_csv="location\nLEEDS\n",
        channels_csv="channel\nweb\n",
        suppliers_csv="supplier\nN\n",
        supplier_items_csv="supplier,sku\nN,LAMP\n",
        stock_csv="date,sku,location,on_hand\n2027-02-18,LAMP,LEEDS,9\n",
    )
    assert [found for found in data.findings if found.severity != "info"] == []


def test_a_switch_from_singles_to_cases_is_found(imported: Callable[..., ImportedData]) -> None:
    singles = [(day, "MUG", 24, 2.0) for day in range(0, 120, 2)]
    cases = [(day, "MUG", 2, 24.0) for day in range(120, 240, 2)]
    found = finding(imported(singles + cases + steady("LAMP", range(240))), "unit_change")
    assert found.rows == 1
    assert found.examples[0].startswith("MUG from 2026-1")


def test_a_price_rise_or_a_sale_is_no_unit_change(imported: Callable[..., ImportedData]) -> None:
    normal = [(day, "MUG", 5, 10.0) for day in range(120)]
    dearer = [(day, "MUG", 4, 14.0) for day in range(120, 200)]
    clearance = [(day, "MUG", 12, 5.0) for day in range(200, 240)]
    assert "unit_change" not in codes(imported(normal + dearer + clearance))


def test_a_code_that_is_rewritten_is_a_suspected_rename(
    imported: Callable[..., ImportedData],
) -> None:
    old, new = steady("LAMP-7", range(100)), steady("LAMP-007", range(103, 220))
    found = finding(imported(old + new + steady("VASE", range(220))), "sku_rename")
    assert found.examples == ("LAMP-7 -> LAMP-007 around 2026-11-14",)


def test_a_new_item_with_the_old_name_is_a_suspected_rename(
    imported: Callable[..., ImportedData],
) -> None:
    names = "sku,name\nX1,Oak floor lamp 150 cm\nZ9,Oak floor lamp 150cm\nQ2,Oak desk lamp\n"
    lines = steady("X1", range(100)) + steady("Z9", range(100, 220)) + steady("Q2", range(220))
    assert finding(imported(lines, items_csv=names), "sku_rename").rows == 1


def test_a_rename_that_items_states_is_not_suspected(
    imported: Callable[..., ImportedData],
) -> None:
    names = "sku,name,renamed_from\nZ9,Oak lamp,X1\nX1,Oak lamp,\n"
    lines = steady("X1", range(100)) + steady("Z9", range(100, 220))
    assert "sku_rename" not in codes(imported(lines, items_csv=names))


def test_another_colour_is_no_rename(imported: Callable[..., ImportedData]) -> None:
    names = "sku,name\nV1,Vase red\nV2,Vase blue\n"
    lines = steady("V1", range(100)) + steady("V2", range(100, 220)) + steady("L", range(220))
    assert "sku_rename" not in codes(imported(lines, items_csv=names))


def test_skus_written_in_two_ways_are_found(imported: Callable[..., ImportedData]) -> None:
    data = imported(steady("85123A", range(9)) + steady("85123a", range(9)))
    assert finding(data, "sku_spellings").examples == ("85123A / 85123a",)


def test_days_without_any_sale_are_found_but_not_the_weekly_day_off(
    imported: Callable[..., ImportedData],
) -> None:
    lines = [(day, f"S{n}", 2, 5.0) for day in range(90) for n in range(8) if day % 7 != 6]
    open_days = [line for line in lines if line[0] not in {30, 31, 32}]
    found = finding(imported(open_days), "date_gap")
    assert found.rows == 3
    assert found.examples == ("2026-09-02 to 2026-09-04",)


def test_a_one_off_order_stands_out_and_a_season_does_not(
    imported: Callable[..., ImportedData],
) -> None:
    season = [(day, "BAUBLE", 60 if 100 <= day < 130 else 3, 2.0) for day in range(200)]
    one_off = [(day, "LAMP", 400 if day == 50 else 3, 2.0) for day in range(200)]
    found = finding(imported(season + one_off), "outlier_spikes")
    assert found.rows == 1
    assert found.examples[0].startswith("LAMP at LEEDS on 2026-09-22: 400 units")


def stock(*rows: tuple[int, int], sku: str = "LAMP", share: str = "") -> str:
    lines = [f"{MONDAY + timedelta(days=day)},{sku},LEEDS,{units},{share}" for day, units in rows]
    return "date,sku,location,on_hand,in_stock_fraction\n" + "\n".join(lines) + "\n"


def test_negative_stock_is_found_and_kept(imported: Callable[..., ImportedData]) -> None:
    data = imported(steady("LAMP", range(60)), stock_csv=stock((58, 4), (59, -3)))
    found = finding(data, "negative_stock")
    assert (found.rows, found.examples) == (1, ("stock.csv row 3",))
    assert next(t for t in data.tallies if t.table == "stock").accepted.sums == {"on_hand": 1}


def test_sales_while_stock_is_zero_are_found(imported: Callable[..., ImportedData]) -> None:
    data = imported(steady("LAMP", range(60)), stock_csv=stock((9, 5), (10, 0), (11, 0), (12, 0)))
    assert finding(data, "sales_without_stock").examples == (
        "LAMP at LEEDS on 2026-08-14",
        "LAMP at LEEDS on 2026-08-15",
    )


def test_what_was_received_that_day_may_sell_from_nothing(
    imported: Callable[..., ImportedData],
) -> None:
    orders = "po,line,supplier,sku,location,ordered_on,units\nP1,1,N,LAMP,LEEDS,2026-08-03,9\n"
    receipts = "po,line,received_on,units\nP1,1,2026-08-14,9\n"
    data = imported(
        steady("LAMP", range(60)),
        stock_csv=stock((10, 0), (11, 0)),
        purchase_orders_csv=orders,
        receipts_csv=receipts,
    )
    assert "sales_without_stock" not in codes(data)


def test_sales_in_a_week_flagged_out_of_stock_are_found(
    imported: Callable[..., ImportedData],
) -> None:
    data = imported(steady("LAMP", range(60)), stock_csv=stock((10, 3), share="0"))
    assert finding(data, "sales_without_stock").rows == 1


def test_stock_that_should_have_sold_is_phantom(imported: Callable[..., ImportedData]) -> None:
    lines = steady("LAMP", range(100)) + steady("VASE", range(160))
    held = stock((159, 30)) + f"{MONDAY + timedelta(days=159)},VASE,LEEDS,30,\n"
    found = finding(imported(lines, stock_csv=held), "phantom_stock")
    assert found.examples == ("LAMP at LEEDS: 30 on record, no sale for 60 days",)


def test_a_slow_item_or_a_discontinued_one_is_not_phantom(
    imported: Callable[..., ImportedData],
) -> None:
    slow = [(day, "SLOW", 1, 5.0) for day in range(0, 100, 30)]
    over = steady("OVER", range(100))
    held = stock((159, 30), sku="SLOW") + f"{MONDAY + timedelta(days=159)},OVER,LEEDS,30,\n"
    data = imported(
        slow + over + steady("VASE", range(160)),
        stock_csv=held,
        items_csv="sku,status\nSLOW,active\nOVER,discontinued\nVASE,active\n",
    )
    assert "phantom_stock" not in codes(data)


def test_names_that_no_table_introduces_are_found(imported: Callable[..., ImportedData]) -> None:
    data = imported(
        steady("LAMP", range(9)),
        items_csv="sku\nLAMP\n",
        suppliers_csv="supplier,currency\nNORD,EUR\n",
        supplier_items_csv="supplier,sku\nNORD,LAMP\nSUED,LAMP\nNORD,GHOST\n",
        purchase_orders_csv="po,line,supplier,sku,ordered_on,units\nP1,1,NORD,LAMP,2026-08-03,5\n",
        receipts_csv="po,line,received_on,units\nP1,1,2026-08-05,5\nP9,1,2026-08-05,5\n",
    )
    found = {(f.table, f.examples) for f in data.findings if f.code == "unknown_references"}
    assert found == {
        ("supplier_items", ("GHOST",)),
        ("receipts", ("receipts.csv row 3",)),
    }
    assert data.tables["suppliers"]["supplier"].used() == ["NORD", "SUED"]
    assert finding(data, "derived_suppliers").severity == "warning"
    assert finding(data, "missing_rate").severity == "error"


def clock(hours: Iterable[int], *, per_hour: int = 60) -> str:
    """A file of timed sales, `per_hour` in each of the hours, over as many days."""
    rows = [
        f"{MONDAY + timedelta(days=n)}T{hour:02d}:{n % 60:02d}:00,LAMP,1"
        for hour in hours
        for n in range(per_hour)
    ]
    return "date,sku,units\n" + "\n".join(rows) + "\n"


def test_office_hours_are_no_time_zone_shift(tmp_path: Path) -> None:
    data = read(exports(tmp_path, sales_csv=clock(range(8, 20))))
    assert "time_zone_shift" not in codes(data)


def test_sales_at_night_are_a_suspected_time_zone_shift(tmp_path: Path) -> None:
    busy = [hour % 24 for hour in range(20, 32)]
    found = finding(read(exports(tmp_path, sales_csv=clock(busy))), "time_zone_shift")
    assert "at night" in found.message


def test_dates_written_as_midnight_elsewhere_are_a_time_zone_shift(tmp_path: Path) -> None:
    rows = [
        f"{MONDAY + timedelta(days=day)}T{22 + day // 300}:00:00,S{n},1"
        for day in range(400)
        for n in range(2)
    ]
    text = "date,sku,units\n" + "\n".join(rows) + "\n"
    found = finding(read(exports(tmp_path, sales_csv=text)), "time_zone_shift")
    assert "midnight of another time zone" in found.message


def test_an_export_that_changes_its_zone_is_found(tmp_path: Path) -> None:
    first = [
        f"{MONDAY + timedelta(days=day)}T{hour:02d}:15:00,L,1"
        for day in range(120)
        for hour in range(9, 17)
    ]
    later = [
        f"{MONDAY + timedelta(days=day)}T{hour:02d}:15:00,L,1"
        for day in range(120, 240)
        for hour in range(14, 22)
    ]
    text = "date,sku,units\n" + "\n".join(first + later) + "\n"
    found = finding(read(exports(tmp_path, sales_csv=text)), "time_zone_shift")
    assert "From 2026-12 on sales are 5 hours off" in found.message


def test_weekly_sales_are_recognised_and_the_last_week_is_covered(tmp_path: Path) -> None:
    lines = [(7 * week, "LAMP", 5, 2.0) for week in range(10)]
    data = read(exports(tmp_path, sales_csv=sales_of(lines)))
    assert data.coverage.bucket == "week"
    assert data.coverage.as_of == MONDAY + timedelta(days=70)


def test_daily_sales_end_the_day_before_as_of(tmp_path: Path) -> None:
    data = read(exports(tmp_path, sales_csv=daily_sales(days=60)))
    assert data.coverage.bucket == "day"
    assert data.coverage.first_day == MONDAY
    assert data.coverage.as_of == date(2026, 10, 2)


def test_a_few_sales_on_one_weekday_are_not_yet_weekly(tmp_path: Path) -> None:
    lines = [(7 * week, "LAMP", 5, 2.0) for week in range(7)]
    stated = COMPANY + "sales_bucket: week\n"
    assert read(exports(tmp_path, sales_csv=sales_of(lines))).coverage.bucket == "day"
    again = read(exports(tmp_path, mapping=stated, sales_csv=sales_of(lines)))
    assert again.coverage.bucket == "week"


def test_a_list_price_of_zero_is_found_and_kept(imported: Callable[..., ImportedData]) -> None:
    data = imported(
        steady("LAMP", range(60)),
        prices_csv="valid_from,sku,location,price\n2026-08-03,LAMP,,10\n2026-09-07,LAMP,,0\n",
    )
    found = finding(data, "zero_prices")

    assert found.rows == 1
    price = data.tables["prices"]["price"]
    assert isinstance(price, Numbers)
    assert price.cells.tolist() == [10_000_000, 0]
