"""What a planner does without: each assumption is stated, and can be changed."""

from datetime import timedelta
from pathlib import Path

import pytest

from engine.connect.columns import Numbers
from engine.connect.importer import ImportedData
from support.exports import COMPANY, MONDAY, codes, daily_sales, exports, finding, read


def numbers(data: ImportedData, table: str, column: str) -> list[int]:
    cells = data.tables[table][column]
    assert isinstance(cells, Numbers)
    return [int(value) for value in cells.cells[cells.valid].astype(int)]


def test_sales_alone_are_enough_to_plan_and_every_stand_in_is_a_finding(tmp_path: Path) -> None:
    data = read(exports(tmp_path, sales_csv=daily_sales()))
    assert sorted(data.tables) == [
        "channels", "items", "locations", "sales", "stock", "supplier_items", "suppliers",
    ]  # fmt: skip
    assumed = {found.table for found in data.findings if found.code == "assumed"}
    assert assumed == {"stock", "suppliers", "supplier_items"}
    assert {"derived_items", "derived_locations", "derived_channels"} <= codes(data)


@pytest.mark.parametrize(("days", "on_hand"), [("", 42), ("stock_days_of_demand: 7, ", 21)])
def test_absent_stock_is_some_days_of_recent_demand(
    tmp_path: Path, days: str, on_hand: int
) -> None:
    mapping = f"{COMPANY}defaults: {{{days}lead_time_days: 14}}\n"
    data = read(exports(tmp_path, mapping=mapping, sales_csv=daily_sales(days=80, units=3)))
    assert numbers(data, "stock", "on_hand") == [on_hand, on_hand]
    last = data.tables["stock"]["date"]
    assert isinstance(last, Numbers)
    assert str(last.cells[0])[:10] == str(MONDAY + timedelta(days=79))


def test_absent_stock_may_be_none_at_all(tmp_path: Path) -> None:
    mapping = COMPANY + "defaults: {stock_days_of_demand: 0}\n"
    data = read(exports(tmp_path, mapping=mapping, sales_csv=daily_sales()))
    assert numbers(data, "stock", "on_hand") == [0, 0]


def test_stock_of_some_items_is_not_made_up_for_the_others(tmp_path: Path) -> None:
    data = read(
        exports(
            tmp_path,
            sales_csv=daily_sales(),
            stock_csv="date,sku,location,on_hand\n2026-10-01,LAMP,LEEDS,4\n",
        )
    )
    assert numbers(data, "stock", "on_hand") == [4]


def test_an_absent_cost_is_a_share_of_the_price_only_where_the_mapping_says_so(
    tmp_path: Path,
) -> None:
    files = {"sales_csv": daily_sales(), "items_csv": "sku,unit_cost,price\nLAMP,7,\nVASE,,9.99\n"}
    plain = read(exports(tmp_path / "plain", **files))
    assert numbers(plain, "items", "unit_cost") == [7_000_000]
    mapping = COMPANY + "defaults: {cost_share_of_price: 0.4}\n"
    stated = read(exports(tmp_path / "stated", mapping=mapping, **files))
    assert numbers(stated, "items", "unit_cost") == [7_000_000, 3_996_000]
    assert finding(stated, "assumed", "items").rows == 1
    assert numbers(stated, "supplier_items", "unit_cost") == [7_000_000, 3_996_000]


def test_an_absent_price_is_what_was_paid_lately(tmp_path: Path) -> None:
    old = daily_sales(days=200, skus=("LAMP",)).replace(",10,sale", ",,sale")
    dearer = "".join(
        f"{MONDAY + timedelta(days=200 + day)},LAMP,LEEDS,web,N{day},2,25.00,,sale\n"
        for day in range(100)
    )
    data = read(exports(tmp_path, sales_csv=old + dearer))
    assert numbers(data, "items", "price") == [12_500_000]
    assert finding(data, "derived_prices").rows == 1


def test_the_only_supplier_there_is_sells_everything(tmp_path: Path) -> None:
    suppliers = "supplier,lead_time_days\nNORD,9\n"
    data = read(exports(tmp_path, sales_csv=daily_sales(), suppliers_csv=suppliers))
    assert data.tables["supplier_items"]["supplier"].used() == ["NORD"]


def test_of_several_suppliers_none_is_guessed(tmp_path: Path) -> None:
    data = read(exports(tmp_path, sales_csv=daily_sales(), suppliers_csv="supplier\nNORD\nSUED\n"))
    assert finding(data, "no_supplier_items").severity == "error"
    assert "supplier_items" not in data.tables


def test_rows_that_name_no_location_belong_to_the_only_one(tmp_path: Path) -> None:
    data = read(
        exports(
            tmp_path,
            sales_csv="date,sku,units\n2026-08-03,A,1\n",
            stock_csv="date,sku,location,on_hand\n2026-08-03,A,,1\n",
            locations_csv="location,name\nYORK,York\n",
        )
    )
    assert data.tables["sales"]["location"].used() == ["YORK"]
    assert data.tables["stock"]["location"].used() == ["YORK"]
    assert data.tables["locations"]["location"].used() == ["YORK"]


def test_a_company_that_nothing_introduces_is_assumed_and_said(tmp_path: Path) -> None:
    folder = tmp_path / "Oak and Ash"
    data = read(
        exports(folder, mapping="", sales_csv=daily_sales(), items_csv="sku,currency\nLAMP,SEK\n")
    )
    assert (data.company.name, data.company.base_currency) == ("Oak and Ash", "SEK")
    assert data.company.is_demo is False
    assert "Oak and Ash" in finding(data, "assumed", "").message


def test_defaults_of_whole_columns_are_said(tmp_path: Path) -> None:
    data = read(exports(tmp_path, sales_csv="date,sku,units\n2026-08-03,A,1\n"))
    message = finding(data, "assumed_defaults", "sales").message
    assert message == "The source does not give location (MAIN), channel (web)."


def test_stock_without_a_day_is_that_of_the_last_sales(tmp_path: Path) -> None:
    stock = "sku,location,on_hand\nLAMP,LEEDS,4\nVASE,LEEDS,5\n"
    data = read(exports(tmp_path, sales_csv=daily_sales(days=60), stock_csv=stock))
    days = data.tables["stock"]["date"]
    assert isinstance(days, Numbers)
    assert {str(day)[:10] for day in days.cells} == {"2026-10-01"}
    assert "2026-10-01" in finding(data, "assumed", "stock").done


STOCK = "date,sku,location,on_hand\n"


@pytest.mark.parametrize(
    ("counted", "as_of"),
    [
        (-3, 60),  # before the last sale, of day 59
        (59, 60),
        (60, 61),  # a Sunday on which the shop was closed
        (66, 67),
        (67, 60),  # more than a week later: a mistyped date
    ],
)
def test_planning_starts_after_the_last_sale_or_the_stock_counted_soon_after(
    tmp_path: Path, counted: int, as_of: int
) -> None:
    stock = f"{STOCK}{MONDAY + timedelta(days=counted)},LAMP,LEEDS,4\n"
    data = read(exports(tmp_path, sales_csv=daily_sales(days=60), stock_csv=stock))
    assert data.coverage.as_of == MONDAY + timedelta(days=as_of)
    said = "as_of_stock" in codes(data)
    assert said == (as_of > 60)
    if said:
        assert f"Planning starts {data.coverage.as_of}" in finding(data, "as_of_stock").done


def test_a_stated_as_of_holds_whenever_stock_was_counted(tmp_path: Path) -> None:
    stated = MONDAY + timedelta(days=60)
    stock = f"{STOCK}{stated},LAMP,LEEDS,4\n"
    data = read(
        exports(
            tmp_path,
            mapping=f"{COMPANY}as_of: {stated}\n",
            sales_csv=daily_sales(days=60),
            stock_csv=stock,
        )
    )
    assert data.coverage.as_of == stated
