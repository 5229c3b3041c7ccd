"""What people plan stands in the snapshot as if a file had brought it."""

import pandas as pd

from engine.kernels.decided import with_decided
from engine.model.contract import BY_NAME
from engine.model.decisions import LAUNCHES, PROMOTIONS, Decisions
from support.demand import daily_sales, snapshot

DAY = pd.Timestamp("2026-12-07")


def _launch(**values: object) -> Decisions:
    row = dict.fromkeys(LAUNCHES, "") | {"launch_date": DAY, "weekly_units": 12.0} | values
    return Decisions(launches=pd.DataFrame([row]))


def _promotion(**values: object) -> pd.DataFrame:
    row = dict.fromkeys(PROMOTIONS) | {"promotion": "person-1", "start_date": DAY, "end_date": DAY}
    return pd.DataFrame([row | values])


def test_nothing_decided_leaves_the_snapshot_itself() -> None:
    data = snapshot(sales=daily_sales("A", [1.0, 2.0]))

    assert with_decided(data, Decisions()) is data


def test_a_promotion_of_a_person_joins_those_of_the_files() -> None:
    own = [{"promotion": "P1", "sku": "A", "start_date": DAY, "end_date": DAY, "depth": 0.1}]
    data = snapshot(sales=daily_sales("A", [1.0, 2.0]), promotions=own)
    planned = Decisions(promotions=_promotion(category="goods", kind="feature", depth=0.2))

    joined = with_decided(data, planned)["promotions"]

    assert joined["promotion"].tolist() == ["P1", "person-1"]
    assert joined["depth"].tolist() == [0.1, 0.2]
    assert joined.dtypes.to_dict() == data["promotions"].dtypes.to_dict()
    assert len(data["promotions"]) == 1


def test_a_first_promotion_has_the_columns_of_the_contract() -> None:
    data = snapshot(sales=daily_sales("A", [1.0, 2.0]))

    joined = with_decided(data, Decisions(promotions=_promotion(sku="A", depth=0.2)))["promotions"]

    assert list(joined.columns) == [column.stored for column in BY_NAME["promotions"].columns]


def test_a_launch_dates_an_item_that_is_known() -> None:
    data = snapshot(sales=daily_sales("A", [1.0, 2.0]))

    items = with_decided(data, _launch(sku="A"))["items"]

    assert items["launch_date"].tolist() == [DAY]
    assert items["status"].tolist() == ["active"]


def test_an_item_no_file_knows_is_planned_in_the_category_of_its_analogue() -> None:
    data = snapshot(sales=daily_sales("A", [1.0, 2.0]))

    items = with_decided(data, _launch(sku="NEW", name="New one", analogue="A"))["items"]

    new = items.set_index("sku").loc["NEW"]
    assert (new["status"], new["category"], new["name"]) == ("planned", "goods", "New one")
    assert new["launch_date"] == DAY
    assert new["units_per_record"] == 1


def _price(**values: object) -> Decisions:
    row = {"sku": "A", "location": None, "start_date": DAY, "end_date": pd.NaT}
    return Decisions(prices=pd.DataFrame([row | {"price_micros": 24_900_000} | values]))


def test_a_planned_price_holds_from_its_day_on() -> None:
    listed = [{"valid_from": DAY - pd.Timedelta(days=90), "sku": "A", "price_micros": 30_000_000}]
    data = snapshot(sales=daily_sales("A", [1.0, 2.0]), prices=listed)

    prices = with_decided(data, _price())["prices"]

    assert prices["price_micros"].tolist() == [30_000_000, 24_900_000]
    assert prices["valid_from"].iloc[1] == DAY


def test_a_price_that_ends_gives_way_to_the_one_before() -> None:
    items = [{"sku": "A", "category": "goods", "price_micros": 29_000_000}]
    data = snapshot(sales=daily_sales("A", [1.0, 2.0]), items=items)

    prices = with_decided(data, _price(end_date=DAY + pd.Timedelta(days=6)))["prices"]

    assert prices["price_micros"].tolist() == [24_900_000, 29_000_000]
    assert prices["valid_from"].iloc[1] == DAY + pd.Timedelta(days=7)
