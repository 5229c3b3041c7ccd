"""The demo company is consistent with itself and looks like one a buyer would recognise."""

import os
import subprocess
import sys
from datetime import date

import numpy as np
import pandas as pd
import pytest

from engine.errors import InvalidInput
from engine.model import contract
from engine.simulate.company import DemoCompany, generate
from support.company import LAST_DAY, full_company, small_company


@pytest.fixture(scope="module")
def company() -> DemoCompany:
    return small_company()


def current_sku(company: DemoCompany, skus: pd.Series) -> pd.Series:
    """Each sku by its name of today."""
    items = company.tables["items"].dropna(subset=["renamed_from"])
    today = dict(zip(items["renamed_from"], items["sku"], strict=True))
    return skus.astype(str).replace(today)


def moved_units(company: DemoCompany) -> pd.Series:
    """Units that came (+) and went (-) per day, sku and location, by the company's own records."""
    tables = company.tables
    sales = tables["sales"][tables["sales"]["kind"] != "test"]
    sets = set(tables["bundles"]["bundle_sku"])
    single = sales[~sales["sku"].isin(sets)].assign(change=lambda rows: -rows["units"])
    drawn = sales[sales["sku"].isin(sets)].astype({"sku": str})
    drawn = drawn.merge(tables["bundles"], left_on="sku", right_on="bundle_sku")
    drawn = drawn.assign(sku=drawn["component_sku"], change=-drawn["units"] * drawn["quantity"])
    received = tables["receipts"].merge(tables["purchase_orders"], on=["po", "line"])
    received = received.assign(date=received["received_on"], change=received["units_x"])
    columns = ["date", "sku", "location", "change"]
    moves = pd.concat(
        [part[columns].astype({"sku": str, "location": str}) for part in (single, drawn, received)]
    )
    moves["sku"] = current_sku(company, moves["sku"])
    return moves.groupby(["date", "sku", "location"])["change"].sum()


@pytest.mark.parametrize("make", [small_company, full_company])
def test_stock_follows_from_receipts_sales_returns_and_gift_sets(make: object) -> None:
    company = make()  # type: ignore[operator]  # a fixture that makes
    stock = company.tables["stock"].astype({"location": str})
    stock["sku"] = current_sku(company, stock["sku"])
    stock = stock.sort_values(["sku", "location", "date"])
    series = stock.groupby(["sku", "location"], sort=False)
    gap_free = series["date"].diff().dropna() == pd.Timedelta(days=1)
    change = series["on_hand"].diff()

    moved = moved_units(company)
    keys = pd.MultiIndex.from_frame(stock[["date", "sku", "location"]])
    booked = moved.reindex(keys, fill_value=0).to_numpy()
    known = change.notna().to_numpy()

    assert gap_free.all()
    assert known.sum() > 20_000
    assert (change.to_numpy()[known] == booked[known]).all()
    # Whatever moved has a stock record, and a new item begins with what came first.
    first_day = stock["date"].min()
    moved = moved[moved.index.get_level_values("date") > first_day]
    assert moved[moved != 0].index.isin(keys).all()
    began = ~known & (stock["date"] > first_day).to_numpy()
    assert began.sum() > 5
    assert (stock["on_hand"].to_numpy()[began] == booked[began]).all()


def test_frames_hold_the_contract(company: DemoCompany) -> None:
    for name, frame in company.tables.items():
        table = contract.BY_NAME[name]
        required = {column.name for column in table.columns if column.required}
        assert required <= set(frame.columns), name
        assert not frame[sorted(required)].isna().any().any(), name
        if table.duplicates == "last" and name != "promotions":
            key = [column for column in table.key if column in frame]
            assert not frame.duplicated(key).any(), name
        for column in table.columns:
            if column.choices and column.name in frame:
                assert set(frame[column.name].dropna()) <= set(column.choices), column.name
            if column.minimum is not None and column.name in frame:
                assert (frame[column.name].dropna() >= column.minimum).all(), column.name


def test_every_table_but_traffic_and_prices_is_there(company: DemoCompany) -> None:
    assert set(contract.BY_NAME) - set(company.tables) == {"prices", "traffic"}


def test_codes_refer_to_what_exists(company: DemoCompany) -> None:
    tables = company.tables
    items = set(tables["items"]["sku"]) | set(tables["items"]["renamed_from"].dropna())
    locations = set(tables["locations"]["location"])
    suppliers = set(tables["suppliers"]["supplier"])
    for name in ("sales", "stock", "purchase_orders", "supplier_items", "backorders"):
        assert set(tables[name]["sku"]) <= items, name
    for name in ("sales", "stock", "purchase_orders", "backorders"):
        assert set(tables[name]["location"]) <= locations, name
    for name in ("supplier_items", "purchase_orders", "closures"):
        assert set(tables[name]["supplier"]) <= suppliers, name
    for text in tables["items"]["substitutes"].dropna():
        assert set(text.split("|")) <= items


DIGEST = """
import hashlib
from datetime import date
from engine.connect.write_folder import csv_bytes
from engine.simulate.company import generate
company = generate(5, date(2026, 3, 31), skus=70, history_days=300)
digest = hashlib.sha256()
for name, frame in sorted(company.tables.items()):
    digest.update(csv_bytes(name, frame))
digest.update(csv_bytes("truth", company.truth))
print(digest.hexdigest())
"""


def test_the_same_seed_gives_the_same_bytes_in_another_process() -> None:
    digests = [
        subprocess.run(
            [sys.executable, "-c", DIGEST], capture_output=True, text=True, timeout=60, check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},  # noqa: TID251  passed on
        ).stdout
        for seed in ("0", "77")
    ]  # fmt: skip

    assert digests[0] == digests[1]


def test_another_seed_makes_another_history(company: DemoCompany) -> None:
    other = generate(4, LAST_DAY, skus=80, history_days=364)

    assert not other.tables["sales"]["units"].equals(company.tables["sales"]["units"])


def test_the_items_of_the_stories_exist_in_the_smallest_company() -> None:
    smallest = generate(1, date(2026, 6, 30), skus=60, history_days=280)

    items = smallest.tables["items"]["sku"]
    assert {"LAMP-OAK-01", "LAMP-ASH-02"} <= set(items)
    assert len(items) == 60
    assert set(smallest.tables["bundles"]["component_sku"]) <= set(items)


def test_a_company_too_small_for_its_stories_is_refused() -> None:
    with pytest.raises(InvalidInput, match="at least 60 SKUs, not 12"):
        generate(1, LAST_DAY, skus=12)


def test_a_history_too_short_for_lives_to_unfold_is_refused() -> None:
    with pytest.raises(InvalidInput, match="at least 280 days of history, not 90"):
        generate(1, LAST_DAY, history_days=90)


def test_nothing_is_sold_from_an_empty_shelf(company: DemoCompany) -> None:
    tables = company.tables
    empty = tables["stock"][tables["stock"]["in_stock_fraction"] == 0]
    sales = tables["sales"][tables["sales"]["kind"] == "sale"]
    keys = ["date", "sku", "location"]
    bought = pd.MultiIndex.from_frame(sales[keys].astype(str))
    out = pd.MultiIndex.from_frame(empty[keys].astype(str))

    assert len(out) > 300
    assert not out.isin(bought).any()


def test_truth_holds_the_demand_that_stockouts_hid() -> None:
    company = full_company()
    sales = company.tables["sales"]
    sold = sales.loc[sales["kind"] == "sale", "units"].sum()
    fill = sold / company.truth["units"].sum()

    assert 0.92 < fill < 0.98


def test_stockouts_promotions_and_seasons_have_the_size_of_real_ones() -> None:
    company = full_company()
    stock, sales = company.tables["stock"], company.tables["sales"]
    revenue = sales[sales["kind"] != "test"].set_index("date")["net_revenue"].resample("W").sum()
    cost = current_sku(company, sales["sku"]).map(
        company.tables["items"].set_index("sku")["unit_cost"]
    )

    assert 0.02 < 1 - stock["in_stock_fraction"].mean() < 0.07
    assert 1.6 < revenue.max() / revenue.median() < 3.5
    assert 0.45 < 1 - (cost * sales["units"]).sum() / sales["net_revenue"].sum() < 0.6


def test_a_discount_lifts_demand_and_a_dip_follows() -> None:
    company = full_company()
    offers = company.tables["promotions"].query("kind == 'discount' and depth >= 0.1")
    offers = offers[offers["name"] == "Offer of the week"].dropna(subset=["sku"])
    offers = offers[offers["end_date"] < pd.Timestamp(LAST_DAY) - pd.Timedelta(days=30)]
    daily = company.truth[company.truth["channel"] != "wholesale"]
    daily = daily.groupby(["sku", "date"], observed=True)["units"].sum()
    during, before, after = [], [], []
    for offer in offers.itertuples():
        units = daily.loc[offer.sku].resample("D").sum()  # type: ignore[attr-defined]  # pandas-stubs lack it
        day = pd.Timedelta(days=1)
        during.append(units[offer.start_date : offer.end_date].mean())
        before.append(units[offer.start_date - 28 * day : offer.start_date - day].mean())
        after.append(units[offer.end_date + day : offer.end_date + 5 * day].mean())

    assert 1.25 < np.nansum(during) / np.nansum(before) < 2.5
    assert np.nansum(after) < np.nansum(before)


def test_lead_times_spread_to_the_right_and_a_third_of_orders_is_late() -> None:
    tables = full_company().tables
    first = tables["receipts"].groupby(["po", "line"])["received_on"].min()
    lines = tables["purchase_orders"].join(first, on=["po", "line"])
    lead = (lines["received_on"] - lines["ordered_on"]).dt.days
    late = (lines["received_on"] - lines["promised_on"]).dt.days.dropna()

    assert (lead.groupby(lines["supplier"]).skew().dropna() > 0).mean() > 0.8
    assert 0.2 < (late > 0).mean() < 0.6
    assert 0.2 < (late < 0).mean() < 0.7


def test_the_order_book_holds_open_late_short_refused_and_rejected_lines() -> None:
    tables = full_company().tables
    got = tables["receipts"].groupby(["po", "line"])[["units", "rejected_units"]].sum()
    lines = (
        tables["purchase_orders"]
        .join(got, on=["po", "line"], rsuffix="_got")
        .fillna({"units_got": 0, "rejected_units": 0})
    )
    settled = lines["cancelled_units"] + lines["units_got"] + lines["rejected_units"]
    open_units = lines["units"] - settled
    is_open = open_units > 0

    assert (open_units >= 0).all()
    assert 100 < is_open.sum() < 900
    assert (is_open & (lines["promised_on"] <= pd.Timestamp(LAST_DAY))).sum() > 20
    assert (is_open & (lines["units_got"] > 0)).sum() > 0
    assert (lines["cancelled_units"] == lines["units"]).sum() > 30
    assert (lines["rejected_units"] > 0).sum() > 50
    assert (lines["requested_on"] <= lines["approved_on"]).all()
    assert (lines["approved_on"] <= lines["ordered_on"]).all()
    assert tables["receipts"]["received_on"].max() <= pd.Timestamp(LAST_DAY)
    assert set(lines["currency"]) == {"GBP", "EUR"}


def test_items_come_go_change_name_and_are_followed(company: DemoCompany) -> None:
    items, sales = company.tables["items"], company.tables["sales"]
    renamed = items.dropna(subset=["renamed_from"])
    planned = items[items["status"] == "planned"]
    last_day = pd.Timestamp(LAST_DAY)
    recent = items[items["launch_date"].between(last_day - pd.Timedelta(days=80), last_day)]

    assert len(renamed) == 3
    for row in renamed.itertuples():
        before = sales.loc[sales["sku"] == row.renamed_from, "date"]
        after = sales.loc[sales["sku"] == row.sku, "date"]
        assert before.max() < after.min()
    assert len(planned) == 2
    assert not sales["sku"].isin(planned["sku"]).any()
    assert len(recent) >= 3
    followed = full_company().tables["items"].dropna(subset=["successor"])
    assert len(followed) >= 3
    assert (followed["status"] == "discontinued").all()


def test_customers_wait_only_for_goods_that_are_under_way() -> None:
    tables = full_company().tables
    waiting = tables["backorders"]
    got = tables["receipts"].groupby(["po", "line"])[["units", "rejected_units"]].sum()
    lines = tables["purchase_orders"].join(got.sum(axis=1).rename("got"), on=["po", "line"])
    left = lines["units"] - lines["cancelled_units"] - lines["got"].fillna(0)
    under_way = set(zip(lines["sku"][left > 0], lines["location"][left > 0], strict=True))

    assert len(waiting) > 10
    assert set(zip(waiting["sku"], waiting["location"], strict=True)) <= under_way
    assert waiting["paid_at"].notna().any()
    assert waiting["paid_at"].isna().any()
    assert (waiting["promised_from"] <= waiting["promised_to"]).all()
