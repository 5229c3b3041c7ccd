"""Ranked buys and cuts as frames."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.kernels.columns import reals, texts
from engine.kernels.ladder import SUPPLIER_MINIMUM, reason_of, steps_of, whose
from engine.model.automation import Line, Tier
from engine.model.plan import CUTS, LINES
from engine.replenish.candidates import Candidates
from engine.replenish.explain import ladders

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_COPIED = (
    "sku", "location", "supplier", "case_pack", "unit_cost_micros", "currency",
    "stockout_days_p10", "stockout_days_p50", "stockout_days_p90", "stockout_chance",
    "expected_lost_units", "lost_margin_minor", "lost_revenue_minor", "on_hand", "reserved",
    "inbound_units", "draft_units", "demand_over_protection", "demand_low", "demand_high",
    "protection_days", "confidence", "order_on", "source_why", "alternative",
)  # fmt: skip


def line_frame(
    candidates: Candidates,
    choice: Ints,
    free: Ints,
    causes: Sequence[str],
    kept: Ints | None = None,
) -> pd.DataFrame:
    """What is bought, columns LINES, best return on cash first.

    `kept` [item] are units that are there for the supplier's minimum alone.
    """
    bought = np.flatnonzero(choice > candidates.first[:-1])
    units, cost = candidates.units[choice[bought]], candidates.cost_minor[choice[bought]]
    value = candidates.value[choice[bought]]
    rate = value / np.maximum(cost, 1)
    # Places are sorted by SKU and location, which breaks ties.
    order = np.lexsort((bought, -rate))
    rows = bought[order]
    items = candidates.items.iloc[rows].reset_index(drop=True)
    tiers = _tiers(candidates, items, cost[order])
    explained = list(ladders(candidates, rows, choice, free, causes, kept))
    lines = items[list(_COPIED)].assign(
        order_on=[each.isoformat() for each in items["order_on"]],
        rank=np.arange(1, len(rows) + 1),
        units=units[order],
        packs=units[order] // items["case_pack"].to_numpy(dtype=np.int64),
        cost_minor=cost[order],
        **_landing(items, units[order], cost[order]),
        running_cost_minor=np.cumsum(cost[order]),
        value_minor=np.rint(value[order]).astype(np.int64),
        return_per_cash=rate[order],
        priority=_priority(rate[order], reals(items, "stockout_chance")),
        tier=[tier for tier, _ in tiers],
        tier_reason=[why for _, why in tiers],
        reason=[reason_of(each) for each in explained],
    )
    lines["steps"] = pd.Series([steps_of(each) for each in explained], dtype=object)
    return lines[list(LINES)]


def _landing(items: pd.DataFrame, units: Ints, cost_minor: Ints) -> dict[str, Ints]:
    """What it costs to get each line here, rounded half-even part by part."""
    goods = cost_minor.astype(np.float64)
    freight = np.rint(
        goods * reals(items, "freight_share") + units * reals(items, "freight_unit_minor")
    )
    duty = np.rint((goods + freight) * reals(items, "duty_share"))
    charges = np.rint(goods * reals(items, "charges_share"))
    return {
        "freight_minor": freight.astype(np.int64),
        "duty_minor": duty.astype(np.int64),
        "charges_minor": charges.astype(np.int64),
    }


def _priority(rate: Floats, chance: Floats) -> Ints:
    """Points: the return on cash in percent, times the chance that the shelf is empty otherwise.

    The rank says where cash earns most; the priority, which of it cannot wait for next time. Both
    are rounded to whole percent first, as they are shown, so that anybody can reckon it again.
    """
    return np.rint(100.0 * np.round(rate, 2) * np.round(chance, 2)).astype(np.int64)


def _tiers(candidates: Candidates, items: pd.DataFrame, cost: Ints) -> list[tuple[Tier, str]]:
    """How each line goes on, and why."""
    names = ("confidence", "category", "supplier", "demand_class")
    rows = zip(cost.tolist(), *(texts(items, name) for name in names), strict=True)
    return [
        candidates.automation.tier_of(
            Line(cost_minor=each, confidence=confidence, category=category, supplier=supplier,
                 demand_class=kind)
        )
        for each, confidence, category, supplier, kind in rows
    ]  # fmt: skip


def cut_frame(
    candidates: Candidates, choice: Ints, free: Ints, causes: Sequence[str]
) -> pd.DataFrame:
    """What would be bought without any budget and is not, columns CUTS, dearest loss first.

    Items whose own rules keep them out (a minimum far above need) are among the exceptions.
    """
    units = candidates.units[free] - candidates.units[choice]
    cut = np.flatnonzero(units > 0)
    loss = candidates.value[free[cut]] - candidates.value[choice[cut]]
    cost = candidates.cost_minor[free[cut]] - candidates.cost_minor[choice[cut]]
    order = np.lexsort((cut, -loss))
    items = candidates.items.iloc[cut[order]]
    left = candidates.units[choice[cut]][order]
    why = [causes[int(row)] for row in cut[order]]
    frame = pd.DataFrame(
        {
            "sku": items["sku"].to_numpy(),
            "location": items["location"].to_numpy(),
            "supplier": items["supplier"].to_numpy(),
            "units": units[cut][order],
            "cost_minor": cost[order],
            "expected_loss_minor": np.rint(loss[order]).astype(np.int64),
            "cause": why,
            "reason": [_cut_reason(*each) for each in zip(why, left.tolist(), strict=True)],
        }
    )
    return frame[list(CUTS)]


def _cut_reason(cause: str, units_left: int) -> str:
    """One sentence without figures."""
    what = "Fewer than needed" if units_left else "Left out"
    if cause == SUPPLIER_MINIMUM:
        return f"{what}: with what the budgets cut, its supplier's minimum is not reached."
    return f"{what}: {whose(cause)} earns more elsewhere."
