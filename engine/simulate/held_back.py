"""The end of a company's history as a world to replay."""

from datetime import timedelta

import numpy as np
import pandas as pd

from engine.errors import InvalidInput
from engine.kernels.currency import rate_of, rates_on
from engine.kernels.known import as_known_on
from engine.kernels.presence import SERIES
from engine.kernels.renames import under_current_names
from engine.model.config import PlanConfig
from engine.model.money import MICROS
from engine.model.snapshot import Snapshot
from engine.simulate.guard import refuse_future
from engine.simulate.policy import Past
from engine.simulate.rows import Floats, Ints, Rows, presence_grid
from engine.simulate.world import Bools, World
from engine.supply.orders import order_lines

PAST_DAYS = 182  # of sales before the first day that a policy can look back on


def held_back(snapshot: Snapshot, days: int, config: PlanConfig) -> World:
    """The last `days` days of the history as a world to replay.

    Wanted is what was sold and what the engine's clean demand says was missed while out of stock
    (engine.simulate.recovered). Cancelled units come back like returned ones. The price is the
    mean net revenue of a unit over the quarter before; the cost is the item's.
    Raises InvalidInput where the history is too short to hold back so many days.
    """
    # What cleans demand is heavy to import; the process that answers people never does.
    from engine.simulate.recovered import recovered_demand

    first_day = snapshot.as_of - timedelta(days=days)
    if days < 1 or first_day <= snapshot.first_day:
        raise InvalidInput(
            f"{days} days cannot be held back: the history has "
            f"{(snapshot.as_of - snapshot.first_day).days}. Choose fewer."
        )
    if snapshot.sales_bucket == "week":
        raise InvalidInput("Sales by week cannot be replayed by day; import daily sales.")
    snapshot = under_current_names(snapshot)
    known = refuse_future(as_known_on(snapshot, first_day), first_day)
    if known["stock"].empty:
        raise InvalidInput(
            f"No stock is on record before {first_day}, so nobody knows what could be sold then; "
            "import the stock history."
        )
    series, opening = _series(known, snapshot)
    rows = Rows(first_day=first_day, days=days, series=series)
    later = snapshot["receipts"]
    later = later[later["received_on"] >= pd.Timestamp(first_day)]
    ordered = known["purchase_orders"][["po", "line", *SERIES]]
    came = later.merge(ordered, on=["po", "line"])
    sales = snapshot["sales"][snapshot["sales"]["date"] >= pd.Timestamp(first_day)]
    back = sales["kind"].isin(["return", "cancellation"])
    sold = rows.counted(sales[sales["kind"] == "sale"], snapshot)
    before = _before(known, series)
    return World(
        first_day=first_day,
        known=known,
        series=series,
        opening=opening,
        wanted=recovered_demand(rows, snapshot, sold, config),
        returned=-rows.counted(sales[back], snapshot),
        arriving=rows.summed(came, "received_on"),
        inbound=_inbound(rows, known),
        deliveries=came[list(later.columns)].reset_index(drop=True),
        cancelled=_cancelled(rows, known, snapshot),
        before=before,
        established=_established(known, series, rows) | before.sold.any(axis=0),
    )


def _series(known: Snapshot, snapshot: Snapshot) -> tuple[pd.DataFrame, Ints]:
    """Every series that has stock or orders by the end, and its units on the first morning."""
    stock = known["stock"].dropna(subset=["on_hand"]).sort_values("date")
    last = stock.groupby(SERIES, observed=True)["on_hand"].last()
    ever = pd.concat([snapshot[name][SERIES].astype(str) for name in ("stock", "purchase_orders")])
    series = ever.drop_duplicates().sort_values(SERIES, ignore_index=True)
    first_choice = known["supplier_items"].sort_values("rank").drop_duplicates("sku")
    series = series.merge(first_choice[["sku", "supplier"]], on="sku", how="left")
    series = series.assign(cost=_costs(known, series), price=_prices(known, series))
    held = last.reindex(pd.MultiIndex.from_frame(series[SERIES])).fillna(0)
    return series, held.to_numpy(dtype=np.int64).clip(min=0)


def _costs(known: Snapshot, series: pd.DataFrame) -> Floats:
    items, base = known["items"], known.company.base_currency
    rates = rates_on(known["fx_rates"], known.as_of, base)
    rate = np.array([float(rate_of(rates, each or base)) for each in items["currency"]])
    cost = pd.Series(items["unit_cost_micros"].to_numpy() / MICROS * rate, index=items["sku"])
    return series["sku"].map(cost).fillna(0.0).to_numpy(dtype=np.float64)


def _prices(known: Snapshot, series: pd.DataFrame) -> Floats:
    """Mean net revenue of a unit lately; without sales the item's price, else its cost."""
    sales = known["sales"]
    recent = sales[sales["date"] >= pd.Timestamp(known.as_of) - pd.Timedelta(days=91)]
    recent = recent[(recent["kind"] == "sale") & (recent["units"] > 0)]
    sums = recent.groupby("sku", observed=True)[["net_revenue_micros", "units"]].sum()
    paid = sums["net_revenue_micros"] / sums["units"] / MICROS
    listed = known["items"].set_index("sku")["price_micros"] / MICROS
    price = series["sku"].map(paid.where(paid > 0)).fillna(series["sku"].map(listed))
    return price.fillna(pd.Series(_costs(known, series))).to_numpy(dtype=np.float64)


def _cancelled(rows: Rows, known: Snapshot, snapshot: Snapshot) -> pd.DataFrame:
    """Cancellations of orders sent before the first day that were not known then.

    Told when kernels.known holds them known: with the first receipt of the line, else from its
    promised day on. One without either is never told.
    """
    key = ["po", "line"]
    first = snapshot["receipts"].groupby(key, as_index=False)["received_on"].min()
    before = known["purchase_orders"][[*key, *SERIES, "promised_on", "cancelled_units"]]
    after = snapshot["purchase_orders"][[*key, "cancelled_units"]]
    lines = before.merge(after, on=key, suffixes=("_known", "")).merge(first, on=key, how="left")
    told_on = lines[["received_on", "promised_on"]].min(axis=1)
    row = rows.place(lines)
    units = lines["cancelled_units"] - lines["cancelled_units_known"]
    lines = lines.assign(told_on=told_on, row=row, units=units)
    lines = lines[(units > 0) & told_on.notna() & (row >= 0)]
    return lines[[*key, "row", "cancelled_units", "units", "told_on"]].reset_index(drop=True)


def _before(known: Snapshot, series: pd.DataFrame) -> Past:
    days = min(PAST_DAYS, (known.as_of - known.first_day).days)
    rows = Rows(first_day=known.as_of - timedelta(days=days), days=days, series=series)
    sales = known["sales"]
    recent = sales[
        (sales["date"] >= pd.Timestamp(rows.first_day)) & (sales["kind"] == "sale").to_numpy()
    ]
    sold = rows.counted(recent, known)
    return Past(sold=sold, present=presence_grid(rows, known["stock"], sold))


def _established(known: Snapshot, series: pd.DataFrame, rows: Rows) -> Bools:
    """Stocked before the first day."""
    stocked = known["stock"][SERIES].astype(str).drop_duplicates()
    row = rows.place(stocked)
    there = np.zeros(len(series), dtype=np.bool_)
    there[row[row >= 0]] = True
    return there


def _inbound(rows: Rows, known: Snapshot) -> Ints:
    lines = order_lines(known)
    total = np.zeros(len(rows.series), np.int64)
    row = rows.place(lines)
    np.add.at(total, row[row >= 0], lines["open_units"].to_numpy(dtype=np.int64)[row >= 0])
    return total
