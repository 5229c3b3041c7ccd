"""Purchase orders and receipts as the merchant's records show them at the end of the history."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from engine.simulate.company.catalogue import Catalogue
from engine.simulate.company.days import Days, Ints, stream
from engine.simulate.company.delivery import OrderLines
from engine.simulate.company.makers import MAKERS
from engine.simulate.company.places import LOCATIONS, Series
from engine.simulate.company.sales import sku_texts
from engine.simulate.company.terms import MAKER_CODES, Terms


@dataclass(frozen=True, kw_only=True)
class OrderBook:
    purchase_orders: pd.DataFrame = field(repr=False)
    receipts: pd.DataFrame = field(repr=False)


def order_book(
    seed: int, catalogue: Catalogue, series: Series, terms: Terms, orders: OrderLines, days: Days
) -> OrderBook:
    """Contract tables `purchase_orders` and `receipts`.

    Lines that were wholly settled before the history opened are left out: their goods are in the
    opening stock.
    """
    random = stream(seed, "orders")
    settled = np.where(orders.rest_units > 0, orders.rest_day, orders.first_day)
    gone = (settled < days.history) | ((orders.cancelled == orders.units) &
                                       (orders.cancelled_day < days.history))  # fmt: skip
    kept = np.flatnonzero(~gone)
    kept = kept[np.lexsort((orders.series[kept], series.location[orders.series[kept]],
                            orders.maker[kept], orders.day[kept]))]  # fmt: skip
    lines = OrderLines(
        **{name: getattr(orders, name)[kept] for name in orders.__dataclass_fields__}
    )
    number, line = _numbered(lines, series)
    years = [days.day(int(day)).year for day in lines.day]
    po = np.array(
        [f"PO-{year}-{one:05d}" for year, one in zip(years, number.tolist(), strict=True)],
        dtype=object,
    )
    return OrderBook(
        purchase_orders=_orders(po, line, number, lines, catalogue, series, terms, days, random),
        receipts=_receipts(po, line, lines, days),
    )


def _numbered(lines: OrderLines, series: Series) -> tuple[Ints, Ints]:
    """One order per day, supplier and place; lines are in that order already."""
    key = np.stack([lines.day, lines.maker, series.location[lines.series]])
    opens = np.concatenate([[True], (np.diff(key, axis=1) != 0).any(axis=0)])
    number = np.cumsum(opens)
    first = np.flatnonzero(opens)
    return number, np.arange(len(number)) - first[number - 1] + 1


def _orders(
    po: np.ndarray, line: Ints, number: Ints, lines: OrderLines, catalogue: Catalogue,
    series: Series, terms: Terms, days: Days, random: np.random.Generator,
) -> pd.DataFrame:  # fmt: skip
    item = series.item[lines.series]
    known = lines.cancelled_day <= days.end
    currency = np.array([maker.currency for maker in MAKERS], dtype=object)
    asked, approved = _paperwork(number, lines, random)
    confirmed_day, confirmed = _confirmed(lines, days, random)
    shipped = _shipped(lines, days)
    cost = terms.cost_at(item, lines.units, lines.second)
    # Suppliers have raised their prices by about three per cent a year.
    cost = np.round(cost * (1 - 0.03 * (days.end - lines.day) / 365.25), 2)
    return pd.DataFrame(
        {
            "po": po,
            "line": line,
            "supplier": np.array(MAKER_CODES, dtype=object)[lines.maker],
            "sku": sku_texts(catalogue, item, lines.day).astype(object),
            "location": np.array(LOCATIONS, dtype=object)[series.location[lines.series]],
            "ordered_on": days.at(lines.day),
            "units": lines.units,
            "unit_cost": cost,
            "currency": currency[lines.maker],
            "promised_on": days.at(lines.promised),
            "confirmed_on": days.at(confirmed_day).where(confirmed),
            "confirmed_units": pd.array(np.where(confirmed, lines.units, 0), dtype="Int64").copy(),
            "shipped_on": days.at(shipped).where(shipped <= days.end),
            "cancelled_units": np.where(known, lines.cancelled, 0),
            "requested_on": days.at(asked),
            "approved_on": days.at(approved),
        }
    ).assign(confirmed_units=lambda frame: frame["confirmed_units"].where(confirmed))


def _paperwork(number: Ints, lines: OrderLines, random: np.random.Generator) -> tuple[Ints, Ints]:
    """When each order was asked for and approved: usually within days, large ones take longer."""
    count = int(number.max())
    value = np.bincount(number, minlength=count + 1)[1:]
    to_approve = random.poisson(0.8 + 0.06 * np.minimum(value, 30))
    to_send = random.poisson(0.5, count)
    approved = lines.day - to_send[number - 1]
    return approved - to_approve[number - 1], approved


def _confirmed(
    lines: OrderLines, days: Days, random: np.random.Generator
) -> tuple[Ints, np.ndarray]:
    """Six in seven lines are confirmed some days later; one in three learns a truer date then."""
    count = len(lines.day)
    truer = lines.promised + np.round(0.6 * (lines.first_day - lines.promised)).astype(np.int64)
    learns = random.random(count) < 0.33
    day = np.where(learns, np.maximum(truer, lines.day + 1), lines.promised)
    answered = lines.day + random.integers(1, 6, count)
    refused = lines.cancelled == lines.units
    return day, (random.random(count) < 0.86) & (answered <= days.end) & ~refused


def _shipped(lines: OrderLines, days: Days) -> Ints:
    """Advance shipping notices: half the lead time before arrival by sea, two days by lorry."""
    lead = np.array([maker.lead_days for maker in MAKERS])[lines.maker]
    transit = np.where(lead > 35, np.round(lead * 0.5), 2).astype(np.int64)
    shipped = np.maximum(lines.first_day - transit, lines.day)
    return np.where(lines.cancelled == lines.units, days.count - 1, shipped)


def _receipts(po: np.ndarray, line: Ints, lines: OrderLines, days: Days) -> pd.DataFrame:
    first = np.flatnonzero((lines.first_day <= days.end) & (lines.first_units + lines.rejected > 0))
    rest = np.flatnonzero((lines.rest_day <= days.end) & (lines.rest_units > 0))
    frame = pd.DataFrame(
        {
            "po": np.concatenate([po[first], po[rest]]),
            "line": np.concatenate([line[first], line[rest]]),
            "received_on": days.at(np.concatenate([lines.first_day[first], lines.rest_day[rest]])),
            "units": np.concatenate([lines.first_units[first], lines.rest_units[rest]]),
            "rejected_units": np.concatenate(
                [lines.rejected[first], np.zeros(len(rest), np.int64)]
            ),
        }
    )
    return frame.sort_values(["received_on", "po", "line"], ignore_index=True)
