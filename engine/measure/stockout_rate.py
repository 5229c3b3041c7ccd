"""Who came and did not find it? Stockout rate, by sessions or by order lines."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from engine.kernels.presence import SERIES, is_recorded, presence, sold_units
from engine.measure.kpi import Kpi, Part, definition_of, ratio
from engine.measure.missed import missed_units, waiting_of
from engine.model.period import Period

COVERED = 0.5  # of the period's days that must have traffic, for sessions to be counted


def stockout_rate(
    traffic: pd.DataFrame,
    sales: pd.DataFrame,
    stock: pd.DataFrame,
    items: pd.DataFrame,
    locations: pd.DataFrame,
    backorders: pd.DataFrame,
    period: Period,
) -> Kpi:
    """Share of sessions on an item's page that met it out of stock; by order lines without traffic.

    Order lines that met one are those missed while it was out of stock, estimated from usual days,
    or those that still wait, whichever is more.

    Which of the two it is says the name of the numerator. Sessions count where traffic is on record
    for half of the days or more: each meets a stockout by the share of the day on which the item
    could be bought at none of the locations that serve the channel. Sessions of items without a
    stock record are left out. Order lines: those sold and those missed, per SKU and location.
    Unknown where stock was recorded on less than half of the days. Lower is better.

    Frames: `traffic`, `sales`, `stock`, `items`, `locations`, `backorders` of the data contract.
    """
    visits = _within(traffic, period).dropna(subset=["sessions"])
    if visits["date"].nunique() >= COVERED * period.days:
        met, base = _sessions(visits, presence(stock, items, period), locations)
        return _rate("sessions", met, base, (), is_known=is_recorded(stock, period))
    lines = sales[sales["kind"] == "sale"].assign(units=1)
    sold = float(sold_units(lines, period)["units"].sum())
    waits = waiting_of(backorders, period).groupby(SERIES).size().astype(float)
    missed = missed_units(lines, stock, items, waits, period)
    met = float(missed["missed"].sum())
    known = is_recorded(stock, period) or len(waits) > 0
    waiting = Part(label="order lines that wait", value=float(waits.sum()), unit="count")
    return _rate("order lines", met, sold + met, (waiting,), is_known=known)


def _rate(basis: str, met: float, base: float, parts: Sequence[Part], *, is_known: bool) -> Kpi:
    return Kpi(
        name="stockout rate",
        value=ratio(met, base) if is_known else None,
        unit="share",
        numerator=met,
        denominator=base,
        numerator_label=f"{basis} that met a stockout, estimated",
        denominator_label=f"{basis} of the period",
        better="lower",
        definition=definition_of(stockout_rate),
        parts=tuple(parts),
    )


def _sessions(
    visits: pd.DataFrame, present: pd.DataFrame, locations: pd.DataFrame
) -> tuple[float, float]:
    """Sessions that met a stockout, and sessions of which stock is on record."""
    serving = _serving(visits, locations, present)
    keys = ["date", "sku", "channel"]
    seen = serving.merge(
        present.astype({"sku": object, "location": object}), on="location", how="inner"
    )
    # While any location has it, it can be bought.
    best = seen.groupby(keys, observed=True)["present"].max().reset_index()
    counted = visits.astype({"sku": object, "channel": object}).merge(best, on=keys)
    sessions = counted["sessions"].to_numpy(dtype=np.float64)
    return float((sessions * (1 - counted["present"])).sum()), float(sessions.sum())


def _serving(visits: pd.DataFrame, locations: pd.DataFrame, present: pd.DataFrame) -> pd.DataFrame:
    """Columns channel, location: who serves a channel; all of them where nobody says."""
    channels = sorted({str(each) for each in visits["channel"]})
    places = sorted({str(each) for each in present["location"]})
    named = {
        str(place): set(str(served).split("|"))
        for place, served in zip(locations["location"], locations["channels"], strict=True)
        if isinstance(served, str) and served
    }
    pairs = [
        (channel, place)
        for channel in channels
        for place in places
        if not named or channel in named.get(place, set())
    ]
    return pd.DataFrame(pairs, columns=["channel", "location"])


def _within(frame: pd.DataFrame, period: Period) -> pd.DataFrame:
    return frame[frame["date"].between(pd.Timestamp(period.start), pd.Timestamp(period.end))]
