"""A made-up company for `qm bench plan`: a warehouse, four stores, suppliers with terms."""

from datetime import timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.model.snapshot import Snapshot
from evals.demand_series import AS_OF, MadeUpDemand, make_up
from evals.snapshots import snapshot_of

PLACES = ("HUB", "EAST", "NORTH", "SOUTH", "WEST")  # the hub sells on the web and supplies the rest
SUPPLIERS = 200
TIERED, SECOND_SOURCE, UNDER_WAY, MINIMUM = 0.2, 0.1, 0.3, 0.4  # shares of SKUs, of suppliers
DELIVERED = 12  # orders of each supplier that came
Ints = NDArray[np.int64]


def make_company(series: int, weeks: int, seed: int) -> Snapshot:
    """`series` SKU-locations with so many weeks of sales and stock; every fifth at the hub."""
    made = make_up(series, weeks, 1, seed)
    random = np.random.default_rng(seed + 1)
    skus = [f"S{k:06d}" for k in range(-(-series // len(PLACES)))]
    series_of = np.arange(series)
    sku, place = series_of // len(PLACES), series_of % len(PLACES)
    pace = np.nan_to_num(made.units[:, -13:]).mean(axis=1)
    cost = np.exp(random.normal(2.0, 1.0, len(skus)))
    maker = random.integers(0, SUPPLIERS, len(skus))
    return snapshot_of(
        "made up", as_of=AS_OF, bucket="week", currency="GBP",
        sales=_placed(made.snapshot["sales"], skus, sku, place),
        stock=_stock(made, skus, sku, place, pace, random),
        promotions=_promotions(made, skus, sku),
        items=_items(skus, cost, random),
        locations=pd.DataFrame({
            "location": PLACES,
            "kind": ["warehouse", *["store"] * 4],
            "supplied_from": [None, *["HUB"] * 4],
            "capacity_units": [5 * pace.sum() * 12, *[np.nan] * 4],
        }),
        suppliers=_suppliers(random),
        supplier_items=_listings(skus, cost, maker, pace, random),
        **_orders(skus, maker, pace, random),
    )  # fmt: skip


def _placed(rows: pd.DataFrame, skus: list[str], sku: Ints, place: Ints) -> pd.DataFrame:
    """Rows of made-up series, each series a SKU at a place."""
    series = rows["sku"].cat.codes.to_numpy()
    return rows.assign(
        sku=pd.Categorical.from_codes(sku[series], categories=skus),
        location=pd.Categorical.from_codes(place[series], categories=list(PLACES)),
    )


def _stock(
    made: MadeUpDemand,
    skus: list[str],
    sku: Ints,
    place: Ints,
    pace: NDArray[np.float64],
    random: np.random.Generator,
) -> pd.DataFrame:
    """Weekly records; what is there at last lasts from nothing to six weeks."""
    rows = _placed(made.snapshot["stock"], skus, sku, place)
    series = made.snapshot["stock"]["sku"].cat.codes.to_numpy()
    there = np.rint(pace * random.uniform(0, 6, len(pace)))
    return rows.assign(on_hand=np.where(rows["in_stock_fraction"] > 0, there[series], 0.0))


def _promotions(made: MadeUpDemand, skus: list[str], sku: Ints) -> pd.DataFrame:
    """Of the hub's series, for the SKU everywhere."""
    rows = made.snapshot["promotions"]
    series = rows["sku"].str[1:].astype(int).to_numpy()
    kept = rows[series % len(PLACES) == 0]
    named = np.asarray(skus, dtype=object)[sku[series[series % len(PLACES) == 0]]]
    return kept.assign(sku=named).reset_index(drop=True)


def _items(skus: list[str], cost: NDArray[np.float64], random: np.random.Generator) -> pd.DataFrame:
    count = len(skus)
    return pd.DataFrame({
        "sku": skus, "status": "active",
        "category": [f"aisle {k % 40 // 5}/shelf {k % 40}" for k in range(count)],
        "unit_cost_micros": np.rint(cost * 1e6),
        "price_micros": np.rint(cost * random.uniform(1.3, 2.6, count) * 1e6),
        "volume_l": random.uniform(0.2, 8.0, count),
        "shelf_life_days": np.where(random.random(count) < 0.1, 180.0, np.nan),
    })  # fmt: skip


def _suppliers(random: np.random.Generator) -> pd.DataFrame:
    return pd.DataFrame({
        "supplier": [f"V{k:03d}" for k in range(SUPPLIERS)],
        "lead_time_days": random.integers(3, 45, SUPPLIERS).astype(float),
        "order_days": random.choice(np.array([None, "mon", "mon|thu", "tue"]), SUPPLIERS),
        "minimum_value_micros": np.where(random.random(SUPPLIERS) < MINIMUM, 2_500e6, np.nan),
        "incoterm": random.choice(np.array(["DAP", "FOB", "DDP"]), SUPPLIERS),
        "freight_percent": 4.0, "duty_percent": 3.0,
    })  # fmt: skip


def _listings(
    skus: list[str],
    cost: NDArray[np.float64],
    maker: Ints,
    pace: NDArray[np.float64],
    random: np.random.Generator,
) -> pd.DataFrame:
    """The preferred supplier of each SKU, and a second one of some, a little dearer."""
    weekly = np.add.reduceat(pace, np.arange(0, len(pace), len(PLACES)))
    pack = random.choice(np.array([1, 1, 6, 12, 24]), len(skus))
    first = np.maximum(np.rint(weekly * random.uniform(3, 20, len(skus)) / pack), 2) * pack
    tiered = random.random(len(skus)) < TIERED
    breaks = [
        f"{int(units)}:{price:.4f}" if wanted else None
        for units, price, wanted in zip(first, cost * 0.96, tiered, strict=True)
    ]
    rows = pd.DataFrame({
        "supplier": [f"V{k:03d}" for k in maker], "sku": skus, "rank": 1.0,
        "unit_cost_micros": np.rint(cost * 1e6), "case_pack": pack.astype(float), "tiers": breaks,
    })  # fmt: skip
    other = rows[random.random(len(skus)) < SECOND_SOURCE].assign(rank=2.0, tiers=None)
    codes = (other["supplier"].str[1:].astype(int) + 7) % SUPPLIERS
    dearer = np.rint(other["unit_cost_micros"] * 1.03)
    other = other.assign(supplier=[f"V{k:03d}" for k in codes], unit_cost_micros=dearer)
    return pd.concat([rows, other], ignore_index=True)


def _orders(
    skus: list[str], maker: Ints, pace: NDArray[np.float64], random: np.random.Generator
) -> dict[str, pd.DataFrame]:
    """What came of each supplier, and what is under way to the hub."""
    chosen = random.integers(0, len(skus), SUPPLIERS * DELIVERED)
    late = np.flatnonzero(random.random(len(skus)) < UNDER_WAY)
    row = np.concatenate([chosen, late])
    ago = np.concatenate([random.integers(60, 500, len(chosen)), random.integers(1, 12, len(late))])
    orders = pd.DataFrame({
        "po": [f"P{k:06d}" for k in range(len(row))], "line": 1.0,
        "supplier": [f"V{k:03d}" for k in maker[row]], "sku": np.asarray(skus, object)[row],
        "location": "HUB", "units": np.ceil(pace[row * len(PLACES)] * 2 + 1),
        "ordered_on": [pd.Timestamp(AS_OF) - timedelta(days=int(days)) for days in ago],
    })  # fmt: skip
    came = orders.iloc[: len(chosen)]
    days = random.gamma(6.0, 3.5, len(came)).round()
    receipts = came[["po", "line", "units"]].assign(
        received_on=came["ordered_on"] + pd.to_timedelta(days, unit="D")
    )
    return {"purchase_orders": orders, "receipts": receipts}
