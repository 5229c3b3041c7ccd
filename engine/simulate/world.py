"""What comes to pass whatever a policy decides: wanted units, returns, goods already ordered."""

from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.errors import InvalidInput
from engine.kernels.currency import rate_of, rates_on
from engine.kernels.known import as_known_on
from engine.kernels.presence import SERIES, presence, usual_daily
from engine.kernels.renames import under_current_names
from engine.model.money import MICROS
from engine.model.period import Period
from engine.model.snapshot import Snapshot
from engine.supply.orders import order_lines

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class World:
    """Axes [day, series]; day 0 is `first_day`. Units are whole; gift sets are in their parts.

    `series` columns: sku, location, supplier, cost and price (base currency per unit, as reals),
    sorted by (sku, location). `known` is the company as it knew itself on the first morning.
    """

    first_day: date
    known: Snapshot = field(repr=False)
    series: pd.DataFrame = field(repr=False)
    opening: Ints = field(repr=False)  # [series] on hand on the first morning
    wanted: Ints = field(repr=False)
    returned: Ints = field(repr=False)
    arriving: Ints = field(repr=False)  # good units of orders placed before the first day
    inbound: Ints = field(repr=False)  # [series] units of such orders still out on that morning
    deliveries: pd.DataFrame = field(repr=False)  # receipts behind `arriving`

    @property
    def days(self) -> int:
        return len(self.wanted)

    @property
    def rows(self) -> "Rows":
        return Rows(first_day=self.first_day, days=self.days, series=self.series)


@dataclass(frozen=True, kw_only=True)
class Rows:
    """Where rows of a frame belong in [day, series]."""

    first_day: date
    days: int
    series: pd.DataFrame = field(repr=False)

    def place(self, frame: pd.DataFrame) -> Ints:
        """Row in `series` of each row's sku and location; -1 where it is none of them."""
        index = pd.MultiIndex.from_frame(self.series[SERIES])
        wanted = pd.MultiIndex.from_frame(frame[SERIES].astype(str))
        rows = pd.Series(np.arange(len(index)), index=index)
        return rows.reindex(wanted, fill_value=-1).to_numpy(dtype=np.int64)

    def day_of(self, dates: "pd.Series[pd.Timestamp]") -> Ints:
        """Day numbers of dates."""
        days = dates.to_numpy(dtype="datetime64[D]") - np.datetime64(self.first_day, "D")
        return days.astype(np.int64)

    def dates(self, days: Ints) -> pd.DatetimeIndex:
        first = np.datetime64(self.first_day, "ns")
        return pd.DatetimeIndex(first + days.astype("timedelta64[D]"))

    def summed(self, rows: pd.DataFrame, when: str) -> Ints:
        """Units [day, series]; what belongs to no series or day is left out."""
        total = np.zeros((self.days, len(self.series)), np.int64)
        row, day = self.place(rows), self.day_of(rows[when])
        inside = (row >= 0) & (day >= 0) & (day < self.days)
        units = rows["units"].to_numpy(dtype=np.int64)
        np.add.at(total, (day[inside], row[inside]), units[inside])
        return total

    def counted(self, sales: pd.DataFrame, snapshot: Snapshot) -> Ints:
        """Units [day, series] of sales rows, with gift sets taken apart."""
        plain = sales[["date", *SERIES, "units"]].astype({"sku": object, "location": object})
        parts = plain.merge(snapshot["bundles"], left_on="sku", right_on="bundle_sku")
        parts = parts.assign(sku=parts["component_sku"], units=parts["units"] * parts["quantity"])
        both = pd.concat([plain, parts[["date", *SERIES, "units"]]], ignore_index=True)
        return self.summed(both, "date")


def held_back(snapshot: Snapshot, days: int) -> World:
    """The last `days` days of the history as a world to replay.

    Wanted is what was sold and, for the part of each day that an item was out of stock, its usual
    daily sales, rounded so that a series' total is kept. Cancelled units come back like returned
    ones. The price is the mean net revenue of a unit over the quarter before; the cost is the
    item's.
    Raises InvalidInput where the history is too short to hold back so many days.
    """
    first_day = snapshot.as_of - timedelta(days=days)
    if days < 1 or first_day <= snapshot.first_day:
        raise InvalidInput(
            f"{days} days cannot be held back: the history has "
            f"{(snapshot.as_of - snapshot.first_day).days}. Choose fewer."
        )
    if snapshot.sales_bucket == "week":
        raise InvalidInput("Sales by week cannot be replayed by day; import daily sales.")
    snapshot = under_current_names(snapshot)
    known = as_known_on(snapshot, first_day)
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
    return World(
        first_day=first_day,
        known=known,
        series=series,
        opening=opening,
        wanted=_wanted(rows, snapshot, rows.counted(sales[sales["kind"] == "sale"], snapshot)),
        returned=-rows.counted(sales[back], snapshot),
        arriving=rows.summed(came, "received_on"),
        inbound=_inbound(rows, known),
        deliveries=came[list(later.columns)].reset_index(drop=True),
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


def _wanted(rows: Rows, snapshot: Snapshot, sold: Ints) -> Ints:
    """What was sold, and the usual sales of the time that each series was out of stock."""
    last = snapshot.as_of - timedelta(days=1)
    days = presence(snapshot["stock"], snapshot["items"], Period(start=rows.first_day, end=last))
    usual = usual_daily(snapshot["sales"], snapshot["stock"], snapshot["items"], last)
    row = rows.place(days)
    missing = np.zeros(sold.shape)
    missing[rows.day_of(days["date"])[row >= 0], row[row >= 0]] = (1 - days["present"])[row >= 0]
    pace = np.zeros(sold.shape[1])
    found = rows.place(usual.index.to_frame(index=False))
    pace[found[found >= 0]] = usual.to_numpy()[found >= 0]
    lost = np.floor(np.cumsum(missing * pace, axis=0) + 0.5)
    return sold + np.diff(lost, axis=0, prepend=0.0).astype(np.int64)


def _inbound(rows: Rows, known: Snapshot) -> Ints:
    lines = order_lines(known)
    total = np.zeros(len(rows.series), np.int64)
    row = rows.place(lines)
    np.add.at(total, row[row >= 0], lines["open_units"].to_numpy(dtype=np.int64)[row >= 0])
    return total
