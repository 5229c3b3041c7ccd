"""How suppliers really deliver: late more than early, in parts, short, with a few rejects."""

from dataclasses import dataclass, field, fields

import numpy as np
import pandas as pd

from engine.simulate.company.days import Days, Flags, Floats, Ints
from engine.simulate.company.makers import MAKERS


@dataclass(frozen=True, kw_only=True)
class OrderLines:
    """Order lines with their fate; arrays are aligned, days are day numbers."""

    day: Ints  # ordered
    series: Ints
    maker: Ints
    second: Flags  # bought from the second source
    units: Ints
    promised: Ints
    first_day: Ints
    first_units: Ints  # good units of the first receipt
    rest_day: Ints
    rest_units: Ints  # of a second receipt; 0: came in one
    rejected: Ints  # units refused at the first receipt
    cancelled: Ints  # units that never come; the rejected ones are not replaced either
    cancelled_day: Ints  # on which that was known


def joined(batches: list[OrderLines]) -> OrderLines:
    return OrderLines(
        **{
            field.name: np.concatenate([getattr(batch, field.name) for batch in batches])
            for field in fields(OrderLines)
        }
    )


@dataclass(frozen=True, kw_only=True)
class Suppliers:
    """Hidden truth about lead times, and the days on which suppliers work."""

    stated: Floats
    bias: Floats
    spread: Floats
    tail: Floats
    shut: Ints = field(repr=False)  # [maker, day] days shut before that day
    takes_orders: Flags = field(repr=False)  # [maker, day]


WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def build_suppliers(closures: pd.DataFrame, days: Days) -> Suppliers:
    shut = np.zeros((len(MAKERS), days.count), dtype=bool)
    for place, maker in enumerate(MAKERS):
        own = closures[closures["supplier"] == maker.code]
        for start, end in zip(own["start_date"], own["end_date"], strict=True):
            shut[place] |= (days.index >= start) & (days.index <= end)
    return Suppliers(
        stated=np.array([maker.lead_days for maker in MAKERS]),
        bias=np.array([maker.bias for maker in MAKERS]),
        spread=np.array([maker.spread for maker in MAKERS]),
        tail=np.array([maker.tail for maker in MAKERS]),
        shut=np.concatenate(
            [np.zeros((len(MAKERS), 1), np.int64), np.cumsum(shut, axis=1)], axis=1
        ),
        takes_orders=np.stack([_order_days(m.order_days, days) for m in MAKERS]) & ~shut,
    )


def _order_days(order_days: str, days: Days) -> Flags:
    """Any Monday where the supplier states nothing: the merchant's own buying day."""
    parts = order_days.split("|") if order_days else ["mon"]
    weekdays = [WEEKDAYS.index(part) for part in parts if part in WEEKDAYS]
    of_month = [int(part) for part in parts if part.isdigit()]
    return np.isin(days.weekday, weekdays) | np.isin(days.index.day.to_numpy(), of_month)


def deliver(
    random: np.random.Generator,
    suppliers: Suppliers,
    days: Days,
    *,
    day: int,
    series: Ints,
    location: Ints,
    maker: Ints,
    second: Flags,
    units: Ints,
    delay: Ints,
) -> OrderLines:
    """Decide what becomes of the lines ordered on a day.

    Lines of one supplier and place travel together: they share one lead time, from which single
    lines may fall behind.
    """
    shipment, at = np.unique(maker * 8 + location, return_inverse=True)
    lead = _lead_days(random, suppliers, shipment // 8)[at] + delay
    straggles = random.random(len(series)) < 0.09
    lead = lead + np.where(straggles, random.integers(2, 13, len(series)), 0)
    first_day = _workday(_past_closures(suppliers, maker, day, lead, days), days)
    stated = suppliers.stated[maker].astype(np.int64)
    fate = _fate(random, units)
    return OrderLines(
        day=np.full(len(series), day),
        series=series,
        maker=maker,
        second=second,
        units=units,
        promised=_workday(_past_closures(suppliers, maker, day, stated, days), days),
        first_day=first_day,
        first_units=units - fate.rejected - fate.cancelled - fate.rest,
        rest_day=_workday(first_day + random.integers(4, 17, len(series)), days),
        rest_units=fate.rest,
        rejected=fate.rejected,
        cancelled=fate.cancelled,
        cancelled_day=np.where(
            fate.cancelled == units, day + random.integers(2, 9, len(series)), first_day
        ),
    )


@dataclass(frozen=True, kw_only=True)
class _Fate:
    """What becomes of the units of each line."""

    rejected: Ints
    cancelled: Ints
    rest: Ints  # come later than the others


def _fate(random: np.random.Generator, units: Ints) -> _Fate:
    """Most lines come whole; some have rejects, are short, come in two parts or not at all."""
    count = len(units)
    bad = random.binomial(units, random.uniform(0.03, 0.2, count)).astype(np.int64)
    refused = random.random(count) < 0.012  # the supplier cannot deliver the line
    rejected = np.where((random.random(count) < 0.022) & ~refused, bad, 0)
    short = np.where(random.random(count) < 0.02, units // 4, 0)
    cancelled = np.where(refused, units, np.minimum(short, units - rejected))
    good = units - cancelled - rejected
    in_two = (random.random(count) < 0.07) & (good > 3)
    later = np.rint(good * random.uniform(0.2, 0.5, count)).astype(np.int64)
    return _Fate(rejected=rejected, cancelled=cancelled, rest=np.where(in_two, later, 0))


def _lead_days(random: np.random.Generator, suppliers: Suppliers, maker: Ints) -> Ints:
    """Right-skewed around the true mean: a fixed part (making, sailing) and a gamma part."""
    fixed = 0.65
    shape = ((1 - fixed) / suppliers.spread[maker]) ** 2
    varying = random.gamma(shape, (1 - fixed) / shape)
    late = random.random(len(maker)) < suppliers.tail[maker]
    extra = np.where(late, suppliers.stated[maker] * random.uniform(0.25, 0.8, len(maker)) + 2, 0)
    mean = suppliers.stated[maker] * suppliers.bias[maker]
    return np.maximum(np.round(mean * (fixed + varying) + extra), 1).astype(np.int64)


def _past_closures(suppliers: Suppliers, maker: Ints, day: int, lead: Ints, days: Days) -> Ints:
    """The day `lead` working days of the supplier after `day`: closed days do not count."""
    until = np.minimum(day + lead, days.count - 1)
    closed = suppliers.shut[maker, until] - suppliers.shut[maker, day]
    return day + lead + closed


def _workday(day: Ints, days: Days) -> Ints:
    """Goods are put away Monday to Friday."""
    weekday = (day + days.first.weekday()) % 7
    return day + np.where(weekday > 4, 7 - weekday, 0)
