"""What did our orders save? Sales that would have been missed without them."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from engine.kernels.presence import SERIES
from engine.measure.kpi import Kpi, Part, definition_of
from engine.measure.paid import paid_units
from engine.model.money import MICROS, exponent
from engine.model.period import Period
from engine.simulate.bootstrap import interval_of_total
from engine.simulate.rows import Floats, Rows
from engine.simulate.without import Recorded, units_saved

# Good units that came on orders sent from here.
OWN_RECEIPTS = ("po", "line", "sku", "location", "received_on", "units")
# Customers who waited and got their goods; `order_id` is what sales know their order by.
SHIPPED = ("order_id", "sku", "location", "shipped_on", "units")


@dataclass(frozen=True, kw_only=True)
class Acted:
    """What was done from here, and for whom; columns OWN_RECEIPTS and SHIPPED."""

    receipts: pd.DataFrame = field(repr=False)
    shipped: pd.DataFrame = field(repr=False)


def revenue_saved(
    sales: pd.DataFrame,
    stock: pd.DataFrame,
    items: pd.DataFrame,
    acted: Acted,
    base: str,
    period: Period,
    seed: int = 0,
) -> Kpi:
    """Net revenue of customers who would have found nothing without the orders sent from here.

    The recorded days are replayed without what those orders brought; with no such orders it is
    zero.

    Counted are avoided stockouts and waiting customers who were served, net of cancellations. The
    replay (engine.simulate.without) runs from the first delivery on, so periods add up, and each
    delivered unit saves at most one customer: one who waited and is also in sales counts once. It
    asks what these orders were good for, not what somebody else would have ordered instead; `qm
    replay` compares with that. Sets and moves to other places are not followed, which leaves the
    figure too low rather than too high. The interval is a bootstrap over SKUs. Higher is better.

    Frames: `sales`, `stock`, `items` of the data contract.
    """
    avoided, served = _saved(sales, stock, items, acted, period)
    minor = 10 ** exponent(base) / MICROS
    each = avoided.add(served, fill_value=0.0) * minor
    total = float(each.sum())
    interval = interval_of_total(each.to_numpy(dtype=np.float64), seed=seed)
    return Kpi(
        name="revenue saved",
        value=total,
        unit="money",
        numerator=total,
        denominator=float(len(each)),
        numerator_label="revenue of customers served, less that without our orders",
        denominator_label="items that our orders brought",
        better="higher",
        definition=definition_of(revenue_saved),
        parts=(
            Part(label="avoided stockouts", value=float(avoided.sum()) * minor, unit="money"),
            Part(label="waiting customers served", value=float(served.sum()) * minor, unit="money"),
        ),
        low=interval.low,
        high=interval.high,
    )


def _saved(
    sales: pd.DataFrame, stock: pd.DataFrame, items: pd.DataFrame, acted: Acted, period: Period
) -> tuple["pd.Series[float]", "pd.Series[float]"]:
    """Revenue saved by sku within the period, micros: of the shelf, and of who had waited."""
    end = pd.Timestamp(period.end)
    ours = acted.receipts[acted.receipts["received_on"] <= end]
    series = ours[SERIES].astype(str).drop_duplicates().sort_values(SERIES, ignore_index=True)
    if series.empty:
        nobody = pd.Series(dtype=np.float64)
        return nobody, nobody
    first = min(ours["received_on"].min().date(), period.start)
    rows = Rows(first_day=first, days=(period.end - first).days + 1, series=series)
    paid = paid_units(rows, sales, items, acted.shipped)
    saved = units_saved(
        Recorded(
            opening=_opening(rows, stock),
            # A cancelled unit never left: without our goods it would not have come back either.
            evening=_evenings(rows, stock) + paid.away,
            sold=paid.sold,
            shipped=paid.shipped,
            ours=rows.summed(ours, "received_on").astype(np.float64),
        )
    )
    inside = slice((period.start - first).days, None)
    names = series["sku"].to_numpy()

    def by_sku(units: Floats, price: Floats) -> "pd.Series[float]":
        each = pd.DataFrame({"sku": names, "saved": (units * price)[inside].sum(axis=0)})
        return each.groupby("sku")["saved"].sum()

    return by_sku(saved.sold, paid.sold_price), by_sku(saved.shipped, paid.shipped_price)


def _evenings(rows: Rows, stock: pd.DataFrame) -> Floats:
    grid = np.full((rows.days, len(rows.series)), np.nan)
    known = stock.dropna(subset=["on_hand"])
    row, day = rows.place(known), rows.day_of(known["date"])
    inside = (row >= 0) & (day >= 0) & (day < rows.days)
    grid[day[inside], row[inside]] = known["on_hand"].to_numpy(dtype=np.float64)[inside].clip(min=0)
    return grid


def _opening(rows: Rows, stock: pd.DataFrame) -> Floats:
    """Stock on the last evening on record before the first day; 0 where there is none."""
    before = stock[stock["date"] < pd.Timestamp(rows.first_day)].dropna(subset=["on_hand"])
    last = before.sort_values("date").groupby(SERIES, observed=True)["on_hand"].last()
    found = last.reindex(pd.MultiIndex.from_frame(rows.series[SERIES])).fillna(0.0)
    return found.to_numpy(dtype=np.float64).clip(min=0)


def nothing_acted() -> Acted:
    dated = {"received_on": "datetime64[ns]", "units": "int64", "line": "int64"}
    shipped = {"shipped_on": "datetime64[ns]", "units": "int64"}
    return Acted(
        receipts=pd.DataFrame(columns=list(OWN_RECEIPTS)).astype(dated),
        shipped=pd.DataFrame(columns=list(SHIPPED)).astype(shipped),
    )


def acted_within(acted: Acted, skus: set[str] | None, location: str | None) -> Acted:
    """What was done for these items, at this place."""

    def kept(frame: pd.DataFrame) -> pd.DataFrame:
        rows = pd.Series(data=True, index=frame.index)
        if skus is not None:
            rows &= frame["sku"].isin(skus)
        if location is not None:
            rows &= frame["location"] == location
        return frame.loc[rows.to_numpy(dtype=np.bool_)]

    return Acted(receipts=kept(acted.receipts), shipped=kept(acted.shipped))
