"""Exceptions that are known before the budget is."""

import json
from collections.abc import Iterable

import numpy as np
import pandas as pd

from engine.kernels.columns import flags, texts, whole
from engine.model.money import exponent
from engine.replenish.appraise import Appraisal
from engine.replenish.candidates import NOTICES
from engine.replenish.context import Context
from engine.replenish.items import LONG_MINIMUM
from engine.replenish.notice import Notice
from engine.replenish.pulse_notices import pulse_notices

_HIGH_FROM = 5  # times the least money at stake
_MEDIUM_FROM = 2


def notice_frame(found: Iterable[Notice], hurts_minor: int) -> pd.DataFrame:
    """Columns NOTICES, most money first; one row per key, the dearest."""
    by_key: dict[str, Notice] = {}
    for each in found:
        known = by_key.get(each.key)
        if known is None or each.at_stake_minor > known.at_stake_minor:
            by_key[each.key] = each
    ordered = sorted(by_key.values(), key=lambda each: (-each.at_stake_minor, each.key))
    rows = [
        {
            "key": each.key,
            "code": each.code,
            "severity": _severity(each.at_stake_minor, hurts_minor),
            "sku": each.sku,
            "location": each.location,
            "supplier": each.supplier,
            "po": each.po,
            "at_stake_minor": each.at_stake_minor,
            "facts": json.dumps(dict(each.facts), sort_keys=True),
        }
        for each in ordered
    ]
    frame = pd.DataFrame(rows, columns=list(NOTICES), dtype=object)
    return frame.astype({"at_stake_minor": np.int64})


def _severity(at_stake_minor: int, hurts_minor: int) -> str:
    if at_stake_minor >= _HIGH_FROM * hurts_minor:
        return "high"
    return "medium" if at_stake_minor >= _MEDIUM_FROM * hurts_minor else "low"


def notices(
    context: Context,
    appraisal: Appraisal,
    items: pd.DataFrame,
    of_demand: Iterable[Notice] = (),
    of_data: Iterable[Notice] = (),
) -> pd.DataFrame:
    """What a planner should look at whatever the budget; columns NOTICES.

    Stockouts that no order can prevent, overstock, long minimums, late orders, phantom stock,
    items that cannot be bought, and what other rooms say `of_demand`. What is wrong `of_data` is
    told whatever money is at stake.
    """
    rules = context.rules
    late = _worth(_late_orders(context, appraisal), rules.least_at_stake_minor)
    told = {(each.sku, each.location) for each in late if not each.facts["lost"]}
    found = [
        *_stockouts(context, appraisal, told),
        *_overstock(context, appraisal),
        *_long_minimums(context, appraisal, items),
        *pulse_notices(context),
        *_not_buyable(context, appraisal),
        *of_demand,
    ]
    material = [*late, *_worth(found, rules.least_at_stake_minor)]
    doubtful = _worth(_phantoms(context), rules.least_doubtful_minor)
    return notice_frame([*material, *doubtful, *of_data], rules.least_at_stake_minor)


def _worth(found: Iterable[Notice], least_minor: int) -> list[Notice]:
    return [each for each in found if each.at_stake_minor >= least_minor]


def _minor(context: Context, amount: float) -> int:
    return round(amount * 10 ** exponent(context.currency))


def _stockouts(
    context: Context, appraisal: Appraisal, told: set[tuple[str | None, str | None]]
) -> list[Notice]:
    """Places likely to run out before an order placed now could help.

    What such an order saves flows without a person, or is a cut of the budget. An item that is
    no longer bought is meant to run out. The places in `told` wait for late orders that say so.
    """
    outlook, places = appraisal.outlook, context.places
    likely = outlook.stockout_before >= context.rules.stockout_chance
    risky = [
        int(i)
        for i in np.flatnonzero(likely & (outlook.lost_before > 0) & places.active)
        if (places.sku[i], places.location[i]) not in told
    ]
    return [
        Notice(
            code="stockout_risk",
            sku=places.sku[i],
            location=places.location[i],
            at_stake_minor=_minor(
                context, outlook.lost_before[i] * max(float(context.money.margin[i]), 0.0)
            ),
            facts={
                "lost_units": round(float(outlook.lost_before[i]), 2),
                "stockout_days": round(float(outlook.stockout_days[i, 1]), 1),
                "chance": round(float(outlook.stockout_before[i]), 3),
                "on_hand": int(places.on_hand[i]),
            },
        )
        for i in risky
    ]


def _overstock(context: Context, appraisal: Appraisal) -> list[Notice]:
    """Stock on hand above what demand will eat in `overstock_days`; its cost is at stake."""
    places, daily = context.places, appraisal.outlook.daily_demand
    enough = daily * context.rules.overstock_days
    excess = np.maximum(context.available - np.ceil(enough), 0.0)
    value = excess * context.money.cost
    return [
        Notice(
            code="overstock",
            sku=places.sku[i],
            location=places.location[i],
            at_stake_minor=_minor(context, float(value[i])),
            facts={
                "excess_units": int(excess[i]),
                "on_hand": int(places.on_hand[i]),
                "daily_demand": round(float(daily[i]), 3),
            },
        )
        for i in np.flatnonzero(value > 0)
    ]


def _long_minimums(context: Context, appraisal: Appraisal, items: pd.DataFrame) -> list[Notice]:
    """Needed items whose least order lasts too long; alternatives are among the facts."""
    found: list[Notice] = []
    needed, refused = whole(items, "need_units"), texts(items, "refused")
    for row, place in enumerate(int(each) for each in items.index.to_numpy()):
        batch, daily = int(context.batch[place]), float(appraisal.outlook.daily_demand[place])
        cover = batch / max(daily, 1e-9)
        offer = context.terms.offers[place]
        if not needed[row] or batch == 1 or offer is None:
            continue
        if cover <= context.rules.long_cover_days and refused[row] != LONG_MINIMUM:
            continue
        money = context.money
        idle = max(batch - int(needed[row]), 0) * float(money.cost[place])
        found.append(
            Notice(
                code="minimum_above_cover",
                sku=context.places.sku[place],
                location=context.places.location[place],
                supplier=offer.supplier,
                at_stake_minor=_minor(context, idle),
                facts={
                    "least_units": batch,
                    "needed_units": int(needed[row]),
                    "cover_days": round(min(cover, 9_999.0), 1),
                    "refused": refused[row] == LONG_MINIMUM,
                    "lost_margin_minor": _minor(
                        context,
                        float(appraisal.outlook.lost[place]) * max(float(money.margin[place]), 0.0),
                    ),
                },
            )
        )
    return found


def _late_orders(context: Context, appraisal: Appraisal) -> list[Notice]:
    """Order lines past their date, and lines counted as lost.

    At stake is the margin missed until an order placed now could help, shared by units among the
    late lines of a place; of a lost line what it cost.
    """
    lines = context.inbound.lines
    days = np.arange(context.inbound.arrival.shape[1], dtype=np.float64)
    expected = context.inbound.arrival @ days
    late = np.where(whole(lines, "due_on") > 0, context.today - whole(lines, "due_on"), 0)
    lost, units = flags(lines, "lost"), whole(lines, "units")
    waited_for = ~lost & flags(lines, "overdue") & (late >= context.rules.late_days)
    index = context.places.index()
    keys = zip(texts(lines, "sku"), texts(lines, "location"), strict=True)
    place = np.asarray([index.get(key, -1) for key in keys], dtype=np.int64)
    mine = (place >= 0) & waited_for
    out = np.bincount(place[mine], weights=units[mine], minlength=len(context.places))
    found: list[Notice] = []
    for i in np.flatnonzero((place >= 0) & (lost | waited_for)):
        at = int(place[i])
        missed = 0.0 if lost[i] else float(appraisal.outlook.lost_before[at] * units[i] / out[at])
        money = context.money
        idle = units[i] * money.cost[at] if lost[i] else missed * max(money.margin[at], 0.0)
        line = lines.iloc[i]
        found.append(
            Notice(
                code="late_supply", sku=context.places.sku[at],
                location=context.places.location[at],
                supplier=str(line["supplier"]), po=str(line["po"]),
                at_stake_minor=_minor(context, float(idle)),
                facts={
                    "units": int(units[i]), "late_days": int(late[i]), "lost": bool(lost[i]),
                    "expected_days": round(float(expected[i]), 1), "lost_units": round(missed, 2),
                },
            )
        )  # fmt: skip
    return found


def _not_buyable(context: Context, appraisal: Appraisal) -> list[Notice]:
    """Active places that lack something without which nothing can be ordered."""
    places, outlook = context.places, appraisal.outlook
    return [
        Notice(
            code="cannot_buy",
            sku=places.sku[i],
            location=places.location[i],
            at_stake_minor=_minor(
                context, float(outlook.lost[i]) * max(float(context.money.margin[i]), 0.0)
            ),
            facts={"why": why, "lost_units": round(float(outlook.lost[i]), 2)},
        )
        for i, why in enumerate(context.terms.missing)
        if why
    ]


def _phantoms(context: Context) -> list[Notice]:
    """Stock that is recorded but seems not to be there; its cost is at stake."""
    places = context.places
    return [
        Notice(
            code="phantom_stock",
            sku=places.sku[i],
            location=places.location[i],
            at_stake_minor=_minor(context, int(places.on_hand[i]) * float(context.money.cost[i])),
            facts={"on_hand": int(places.on_hand[i])},
        )
        for i in np.flatnonzero(context.doubtful)
    ]
