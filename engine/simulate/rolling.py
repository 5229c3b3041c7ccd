"""Records of a replay added to what was known before it: the data a policy sees later on."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.model.money import MICROS
from engine.model.snapshot import Snapshot
from engine.simulate.rows import Floats, Ints
from engine.simulate.world import World

_CATEGORIES = ("sku", "location", "channel")


def rolled_forward(
    world: World, day: int, *, sold: Ints, evening: Ints, present: Floats, orders: pd.DataFrame
) -> Snapshot:
    """The snapshot on the morning of day number `day`, from what `day` days have brought.

    Units sold and their stock are in single items: sets were taken apart. Deliveries of earlier
    orders are those that came; `orders` are the replay's own, with day, row and due.
    """
    known, today = world.known, world.first_day + timedelta(days=day)
    tables = {name: known[name] for name in known.tables}
    tables["sales"] = _added(tables["sales"], _sales(world, sold, world.returned[:day]))
    tables["stock"] = _added(tables["stock"], _stock(world, evening, present))
    tables["receipts"] = _added(tables["receipts"], _receipts(world, day))
    tables["purchase_orders"] = _less_cancelled(tables["purchase_orders"], world, day)
    if len(orders):
        placed = _placed(world, orders)
        came = orders["due"].to_numpy() < day
        tables["purchase_orders"] = _added(tables["purchase_orders"], placed)
        tables["receipts"] = _added(tables["receipts"], _own_receipts(placed, orders, came, world))
    return replace(known, id=f"{known.id}+{day}", as_of=today, tables=tables)


def _sales(world: World, sold: Ints, returned: Ints) -> pd.DataFrame:
    """One row per day and series; the channel is not known and does not matter."""
    return pd.concat(
        [_moves(world, sold, "sale"), _moves(world, -returned, "return")], ignore_index=True
    )


def _moves(world: World, units: Ints, kind: str) -> pd.DataFrame:
    day, row = np.nonzero(units)
    at = world.series.iloc[row].reset_index(drop=True)
    price = (at["price"] * MICROS).round()
    return at[["sku", "location"]].assign(
        date=world.rows.dates(day),
        channel=str(world.known["sales"]["channel"].cat.categories[0]),
        order_id=None,
        units=units[day, row],
        net_revenue_micros=price * units[day, row],
        price_micros=price,
        kind=kind,
    )


def _stock(world: World, evening: Ints, present: Floats) -> pd.DataFrame:
    days, count = len(evening), len(world.series)
    at = world.series.iloc[np.tile(np.arange(count), days)].reset_index(drop=True)
    return at[["sku", "location"]].assign(
        date=world.rows.dates(np.repeat(np.arange(days), count)),
        on_hand=evening.ravel().astype(float),
        reserved=0,
        in_stock_fraction=present.ravel(),
    )


def _receipts(world: World, day: int) -> pd.DataFrame:
    came = world.deliveries
    before = world.rows.day_of(came["received_on"]) < day
    return came[before]


def _less_cancelled(orders: pd.DataFrame, world: World, day: int) -> pd.DataFrame:
    """What suppliers have cancelled of earlier orders, once that is known."""
    news = world.cancelled_before(day)
    if news.empty:
        return orders
    told = {
        (str(po), int(line)): int(units)
        for po, line, units in zip(news["po"], news["line"], news["cancelled_units"], strict=True)
    }
    known = zip(orders["po"], orders["line"], orders["cancelled_units"], strict=True)
    units = [told.get((str(po), int(line)), now) for po, line, now in known]
    return orders.assign(cancelled_units=np.asarray(units, dtype=np.int64))


def _placed(world: World, orders: pd.DataFrame) -> pd.DataFrame:
    order = orders.groupby(["day", "supplier", "location"], sort=False, dropna=False).ngroup()
    return pd.DataFrame(
        {
            "po": [f"REPLAY-{number + 1:05d}" for number in order],
            "line": np.arange(len(orders)) + 1,
            "supplier": orders["supplier"],
            "sku": orders["sku"],
            "location": orders["location"],
            "ordered_on": world.rows.dates(orders["day"].to_numpy(dtype=np.int64)),
            "units": orders["units"].astype(np.int64),
            "unit_cost_micros": (orders["cost"].astype(float) * MICROS).round(),
            "currency": world.known.company.base_currency,
            "cancelled_units": 0,
        }
    )


def _own_receipts(
    placed: pd.DataFrame, orders: pd.DataFrame, came: NDArray[np.bool_], world: World
) -> pd.DataFrame:
    rows = placed.loc[came, ["po", "line", "units"]]
    due = world.rows.dates(orders.loc[came, "due"].to_numpy(dtype=np.int64))
    return rows.assign(received_on=due, rejected_units=0)


def _added(known: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows below those known, in the same columns and types."""
    if len(rows) == 0:
        return known
    full = rows.reindex(columns=known.columns)
    for name in known.columns:
        if name not in rows:
            full[name] = pd.Series([None] * len(rows), dtype=object, index=rows.index)
    joined = known
    for name in _CATEGORIES:
        if isinstance(known.dtypes.get(name), pd.CategoricalDtype):
            joined, full = _same_categories(joined, full, name)
    return pd.concat([joined, full.astype(joined.dtypes.to_dict())], ignore_index=True)


def _same_categories(
    known: pd.DataFrame, rows: pd.DataFrame, name: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Both with the categories of either, so that joining them need not unpack a long column."""
    new = sorted(set(rows[name].astype(str)) - set(known[name].cat.categories))
    if new:
        known = known.assign(**{name: known[name].cat.add_categories(new)})
    same = pd.Categorical(rows[name].astype(str), categories=known[name].cat.categories)
    return known, rows.assign(**{name: same})
