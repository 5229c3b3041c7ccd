"""The list price of every bucket: stated where a table gives it, else what was paid."""

from dataclasses import replace

import numpy as np
import pandas as pd

from engine.demand.arrays import (
    Bools,
    Floats,
    Ints,
    any_bucket,
    day_numbers,
    floats,
    ints,
    ratio,
    sum_into,
)  # fmt: skip
from engine.demand.axes import first_day
from engine.demand.catalogue import Catalogue
from engine.demand.levers import Levers
from engine.kernels.currency import rates_on
from engine.model.panel import DemandPanel
from engine.model.snapshot import Snapshot

LEAST_MOVE = 0.005  # of the log price; less is rounding
# What is paid wavers with the mix of channels, baskets and vouchers of a week, and the same mix
# moves demand; only a step that lasts is a change of the list price.
LEAST_STEP = 0.03  # of the log price
MEDIAN_OF_DAYS = 35  # around each bucket


def with_prices(
    promotions: Levers, panel: DemandPanel, snapshot: Snapshot, catalogue: Catalogue, edges: Ints
) -> Levers:
    """The same promotions with the list price of every bucket, past and planned.

    The table `prices` speaks first. For a series that it does not name, the list price is what
    was paid outside promotions, in steps that last, and the last one is taken to continue. A price
    of zero is no price. Without any price that moves there is nothing to learn or to carry.
    """
    stated = _stated(snapshot, panel.series, catalogue, promotions.shape, edges)
    paid = np.full(promotions.shape, np.nan)
    buckets = len(panel.starts)
    quiet = (promotions.promoted[:, :buckets] <= 0) & (panel.in_stock > 0)
    known = paid_prices(panel, snapshot)
    logs = np.where(quiet, np.log(np.where(known > 0, known, np.nan)), np.nan)
    paid[:, :buckets] = lasting_steps(_carried(logs), panel.bucket_days)
    named = any_bucket(np.isfinite(stated))
    prices = _carried(np.where(named[:, None], stated, paid))
    if _range(prices).max(initial=0.0) <= LEAST_MOVE:
        return promotions
    return replace(promotions, log_price=prices, planned=named)


def lasting_steps(prices: Floats, bucket_days: int) -> Floats:
    """[series, bucket] prices as steps: the median around, held until it has moved by a step."""
    half = max(round(MEDIAN_OF_DAYS / bucket_days) // 2, 1)
    buckets = prices.shape[1]
    stepped = np.empty_like(prices)
    held = np.full(len(prices), np.nan)
    for bucket in range(buckets):
        near = prices[:, max(bucket - half, 0) : bucket + half + 1]
        around = np.median(near, axis=1)  # carried prices have no gaps, or nothing at all
        stays = np.abs(around - held) < LEAST_STEP
        held = np.where(stays, held, around)
        stepped[:, bucket] = held
    return stepped


def _range(prices: Floats) -> Floats:
    """[series] highest less lowest; 0 where nothing is known."""
    known = np.isfinite(prices)
    highest = np.where(known, prices, -np.inf).max(axis=1, initial=-np.inf)
    lowest = np.where(known, prices, np.inf).min(axis=1, initial=np.inf)
    return np.where(known.any(axis=1), highest - lowest, 0.0)


def _stated(
    snapshot: Snapshot, series: pd.DataFrame, catalogue: Catalogue,
    shape: tuple[int, int], edges: Ints,
) -> Floats:  # fmt: skip
    """Log price that the table `prices` gives for the middle of each bucket where it changes."""
    table = snapshot["prices"]
    if table.empty:
        return np.full(shape, np.nan)
    table = table[(table["price_micros"] > 0) & table["valid_from"].notna()]
    base = rates_on(snapshot["fx_rates"], snapshot.as_of, snapshot.company.base_currency)
    home = table["currency"].isna() | (table["currency"] == "")
    # A price without an exchange rate says nothing; read as the base it would look like a cut.
    table = table[home | table["currency"].isin(list(base))]
    grid = np.full(shape, np.nan)
    if table.empty or shape[1] == 0:
        return grid
    row, entry = _rows_of(table, series, catalogue)
    rate = table["currency"].map({name: float(rate) for name, rate in base.items()}).fillna(1.0)
    value = np.log(floats(table["price_micros"]) * floats(rate) / 1e6)[entry]
    day: Ints = day_numbers(table["valid_from"])[entry]
    # A price holds for the bucket whose middle it covers; one from before the axis for its start.
    middle = edges[:-1] + np.diff(edges) // 2
    bucket = np.searchsorted(middle, day)
    inside = bucket < shape[1]
    order = np.lexsort((value[inside], day[inside]))  # of several in a bucket the last one stays
    grid[row[inside][order], bucket[inside][order]] = value[inside][order]
    return grid


def _rows_of(table: pd.DataFrame, series: pd.DataFrame, catalogue: Catalogue) -> tuple[Ints, Ints]:
    """(series, price) pairs; a price without a location is for those without one of their own."""
    today = {name: catalogue.skus[code] for name, code in catalogue.code.items()}
    rows = series[["sku", "location"]].assign(row=np.arange(len(series)))
    wanted = pd.DataFrame({
        "sku": table["sku"].map(today).to_numpy(dtype=object),
        "location": table["location"].to_numpy(dtype=object),
        "entry": np.arange(len(table)),
    })  # fmt: skip
    placed = wanted["location"].notna() & (wanted["location"] != "")
    own = wanted[placed].merge(rows, on=["sku", "location"])
    common = wanted.loc[~placed, ["sku", "entry"]].merge(rows, on="sku")
    common = common[~common["row"].isin(own["row"])]
    both = pd.concat([own[["row", "entry"]], common[["row", "entry"]]], ignore_index=True)
    return ints(both["row"]), ints(both["entry"])


def _carried(prices: Floats) -> Floats:
    """Each price until the next one; the first one also before it."""
    if prices.shape[1] == 0:
        return prices
    known = np.isfinite(prices)
    position = np.where(known, np.arange(prices.shape[1], dtype=np.int64), -1)
    latest = np.maximum.accumulate(position, axis=1)
    first = np.argmax(known, axis=1).astype(np.int64)[:, None]
    return np.take_along_axis(prices, np.where(latest >= 0, latest, first), axis=1)


def paid_prices(panel: DemandPanel, snapshot: Snapshot) -> Floats:
    """[series, bucket] mean price over sales lines, base currency; NaN where nothing tells.

    A mean over lines, not over units: large orders at a lower price would look like elasticity.
    """
    shape = panel.observed.shape
    sales = snapshot["sales"]
    units, revenue = floats(sales["units"]), floats(sales["net_revenue_micros"])
    price = floats(sales["price_micros"])
    price = np.where(np.isnan(price), revenue / np.where(units > 0, units, np.nan), price)
    usable: Bools = (units > 0) & (price > 0) & (sales["kind"] == "sale").to_numpy()
    if not usable.any() or shape[1] == 0:
        return np.full(shape, np.nan)
    first = first_day(panel.starts)
    bucket = (day_numbers(sales["date"]) - first) // panel.bucket_days
    row = _rows(panel, sales)
    inside = usable & (row >= 0) & (bucket >= 0) & (bucket < shape[1])
    cells = np.where(inside, row * shape[1] + bucket, -1)
    lines = sum_into(shape, cells, np.ones(len(cells)))
    return ratio(sum_into(shape, cells, np.nan_to_num(price) / 1e6), lines, np.nan)


def _rows(panel: DemandPanel, sales: pd.DataFrame) -> Ints:
    """The series of each sales line; -1 for lines under an earlier name or of a set."""
    skus = pd.Index(panel.series["sku"].unique())
    places = pd.Index(panel.series["location"].unique())
    table = np.full((len(skus) + 1, len(places) + 1), -1, dtype=np.int64)
    at = (
        skus.get_indexer(pd.Index(panel.series["sku"])),
        places.get_indexer(pd.Index(panel.series["location"])),
    )
    table[at] = np.arange(len(panel.series))
    sku, place = pd.Categorical(sales["sku"]), pd.Categorical(sales["location"])
    sku_code = np.append(skus.get_indexer(sku.categories), -1)[sku.codes]
    place_code = np.append(places.get_indexer(place.categories), -1)[place.codes]
    return table[sku_code, place_code]
