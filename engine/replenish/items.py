"""One row per place that could buy: what the plan shows of it, bought or not."""

from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.kernels.columns import flags, optional_texts, texts, whole
from engine.model.money import exponent
from engine.replenish.appraise import Appraisal, Outlook
from engine.replenish.candidates import ITEMS
from engine.replenish.context import Context
from engine.replenish.sourcing import whys
from engine.replenish.terms import Offer

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Column = Ints | Floats | list[str] | list[int] | list[float]

NOT_DUE = "not due"
NO_ORDER_DAY = "no order day"
LONG_MINIMUM = "minimum above cover"


def item_frame(
    context: Context, appraisal: Appraisal, orders: list[tuple[str, str]]
) -> pd.DataFrame:
    """Columns ITEMS, indexed by place, for places with an offer.

    `orders` are the (supplier, ship-to) of the groups, in order.
    """
    offers = {i: offer for i, offer in enumerate(context.terms.offers) if offer is not None}
    rows = np.asarray(list(offers), dtype=np.int64)
    reasons = whys(context, appraisal.rank)
    options = appraisal.options
    frame = pd.DataFrame(
        {
            **_offered(context, rows, list(offers.values()), orders),
            **_stocked(context, appraisal, rows),
            **_expected(context, appraisal.outlook, rows),
            "source_why": [reasons[int(i)] for i in rows],
            "alternative": _alternatives(context, appraisal, rows),
            "order_on": _order_dates(context, rows),
            "need_units": options.need[rows],
            "pack_units": options.pack[rows],
            "minimum_units_step": options.minimum[rows],
            "tier_units": options.tier[rows],
            "refused": _refusals(context, rows, appraisal.outlook.daily_demand),
        },
        index=pd.Index(rows),
    )
    return frame[list(ITEMS)]


def _offered(
    context: Context, rows: Ints, offers: list[Offer], orders: list[tuple[str, str]]
) -> dict[str, Column]:
    """What each place buys, from whom and at which terms."""
    places, scale = context.places, float(10 ** exponent(context.currency))
    group = {key: i for i, key in enumerate(orders)}
    here = _texts(places.location, rows)
    numbers = [group[offer.supplier, at] for offer, at in zip(offers, here, strict=True)]
    return {
        "sku": _texts(places.sku, rows),
        "location": here,
        "supplier": [offer.supplier for offer in offers],
        "category": _texts(places.category, rows),
        "group": np.asarray(numbers, dtype=np.int64),
        "currency": [offer.currency for offer in offers],
        "unit_cost_micros": [offer.unit_cost_micros for offer in offers],
        "freight_share": [offer.landing.freight_share for offer in offers],
        "freight_unit_minor": [
            offer.landing.freight_unit * float(offer.rate) * scale for offer in offers
        ],
        "duty_share": [offer.landing.duty_share for offer in offers],
        "charges_share": [offer.landing.charges_share for offer in offers],
        "case_pack": [offer.case_pack for offer in offers],
        "minimum_units": [offer.minimum_units for offer in offers],
        "volume_l": places.volume_l[rows],
    }


def _stocked(context: Context, appraisal: Appraisal, rows: Ints) -> dict[str, Column]:
    """What is there, promised and on its way."""
    places = context.places
    return {
        "on_hand": places.on_hand[rows],
        "reserved": places.reserved[rows],
        "waiting_units": places.waiting[rows],
        "inbound_units": context.inflows.total(len(places))[rows],
        "draft_units": _drafted(context)[rows],
        "transfer_units": appraisal.transfer_units[rows] + _under_way(context, rows),
    }


def _expected(context: Context, outlook: Outlook, rows: Ints) -> dict[str, Column]:
    """What happens without an order."""
    places, scale = context.places, float(10 ** exponent(context.currency))
    lost = outlook.lost[rows]
    margin = np.maximum(context.money.margin[rows], 0.0) * scale
    revenue = places.price[rows] * scale
    return {
        "demand_over_protection": outlook.protection_demand[rows],
        "protection_days": outlook.protection_days[rows],
        "demand_low": outlook.demand_band[rows, 0],
        "demand_high": outlook.demand_band[rows, 1],
        "stockout_days_p10": outlook.stockout_days[rows, 0],
        "stockout_days_p50": outlook.stockout_days[rows, 1],
        "stockout_days_p90": outlook.stockout_days[rows, 2],
        "stockout_chance": outlook.stockout_chance[rows],
        "expected_lost_units": lost,
        "lost_margin_minor": np.rint(lost * margin).astype(np.int64),
        "lost_revenue_minor": np.rint(lost * revenue).astype(np.int64),
        "lost_before_units": outlook.lost_before[rows],
        "confidence": _texts(places.confidence, rows),
        "demand_class": _classes(context, rows),
    }


def _texts(values: list[str], rows: Ints) -> list[str]:
    return [values[int(i)] for i in rows]


def _classes(context: Context, rows: Ints) -> list[str]:
    series = context.forecast.series
    if "demand_class" not in series:
        return [""] * len(rows)
    known = [each or "" for each in optional_texts(series, "demand_class")]
    return [known[row] if row >= 0 else "" for row in context.places.row[rows].tolist()]


def _drafted(context: Context) -> Ints:
    """Units per place on orders of ours that count as supply and have not gone out yet."""
    lines, index = context.inbound.lines, context.places.index()
    waiting = lines.loc[~flags(lines, "sent") & ~flags(lines, "lost")]
    drafted = np.zeros(len(context.places), dtype=np.int64)
    keys = zip(texts(waiting, "sku"), texts(waiting, "location"), strict=True)
    for key, units in zip(keys, whole(waiting, "units"), strict=True):
        if key in index:
            drafted[index[key]] += int(units)
    return drafted


def _under_way(context: Context, rows: Ints) -> Ints:
    """What transfers under way take from a place; what they bring is inbound."""
    return (context.available - context.places.available)[rows]


def _alternatives(context: Context, appraisal: Appraisal, rows: Ints) -> list[str | None]:
    """The second best supplier of each place."""
    found: list[str | None] = []
    for row in (int(each) for each in rows):
        rank = int(appraisal.second[row])
        offer = context.ranked[rank].terms.offers[row] if rank >= 0 else None
        found.append(None if offer is None else offer.supplier)
    return found


def _order_days(context: Context, rows: Ints) -> Ints:
    """The next day on which each place can order; -1: none."""
    return context.chances.order_on[context.buying.listed[rows]]


def _order_dates(context: Context, rows: Ints) -> list[date | None]:
    days = _order_days(context, rows).tolist()
    return [date.fromordinal(day) if day > 0 else None for day in days]


def _refusals(context: Context, rows: Ints, daily_demand: Floats) -> list[str]:
    """Why an item is not bought now; "" where it may be.

    An order that cannot go out within `due_within_days` is decided when it can. A minimum that
    would last longer than `refuse_cover_days` is a person's decision.
    """
    reasons: list[str] = []
    for row, day in zip(rows, _order_days(context, rows).tolist(), strict=True):
        cover = context.batch[row] / max(float(daily_demand[row]), 1e-9)
        if day < 0:
            reasons.append(NO_ORDER_DAY)
        elif day - context.today >= context.rules.due_within_days:
            reasons.append(NOT_DUE)
        elif context.batch[row] > 1 and cover > context.rules.refuse_cover_days:
            reasons.append(LONG_MINIMUM)
        else:
            reasons.append("")
    return reasons
