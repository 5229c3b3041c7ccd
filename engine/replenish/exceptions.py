"""Exceptions of a plan: those known before the budget, and those that it makes."""

import json

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.kernels.columns import reals, texts, whole
from engine.model.plan import EXCEPTIONS
from engine.replenish.candidates import Candidates
from engine.replenish.notice import Notice
from engine.replenish.notices import notice_frame

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def exception_frame(
    candidates: Candidates, lines: pd.DataFrame, cuts: pd.DataFrame, choice: Ints, free: Ints
) -> pd.DataFrame:
    """Columns EXCEPTIONS, most money at stake first; `facts` are dicts."""
    rules = candidates.rules
    found = [
        *_cuts_that_hurt(candidates, cuts),
        *_uncertain_buys(candidates, lines),
        *_missed_breaks(candidates, choice),
        *_short_of_minimums(candidates, free),
    ]
    added = notice_frame(
        [each for each in found if each.at_stake_minor >= rules.least_at_stake_minor],
        rules.least_at_stake_minor,
    )
    parts = [each for each in (candidates.notices, added) if len(each)]
    frame = pd.concat(parts, ignore_index=True) if parts else added
    frame = frame[~frame["code"].isin(rules.silenced)].reset_index(drop=True)
    frame = frame.assign(facts=[json.loads(text) for text in texts(frame, "facts")])
    order = np.lexsort((np.asarray(texts(frame, "key")), -whole(frame, "at_stake_minor")))
    return frame.iloc[order].reset_index(drop=True)[list(EXCEPTIONS)]


def _cuts_that_hurt(candidates: Candidates, cuts: pd.DataFrame) -> list[Notice]:
    rows = zip(
        texts(cuts, "sku"), texts(cuts, "location"), texts(cuts, "supplier"),
        whole(cuts, "units"), whole(cuts, "cost_minor"), whole(cuts, "expected_loss_minor"),
        strict=True,
    )  # fmt: skip
    return [
        Notice(
            code="budget_cut", sku=sku, location=location, supplier=supplier,
            at_stake_minor=int(loss),
            facts={"units": int(units), "cost_minor": int(cost)},
        )
        for sku, location, supplier, units, cost, loss in rows
        if loss >= candidates.rules.cut_hurts_minor
    ]  # fmt: skip


def _uncertain_buys(candidates: Candidates, lines: pd.DataFrame) -> list[Notice]:
    """Lines of low confidence that cost more than `unsure_above_minor`.

    At stake is what the line is expected to earn: if the guess is wrong, that does not come.
    """
    rows = zip(
        texts(lines, "sku"), texts(lines, "location"), texts(lines, "supplier"),
        texts(lines, "confidence"), whole(lines, "units"), whole(lines, "cost_minor"),
        whole(lines, "value_minor"), strict=True,
    )  # fmt: skip
    return [
        Notice(
            code="low_confidence", sku=sku, location=location, supplier=supplier,
            at_stake_minor=int(value), facts={"units": int(units), "cost_minor": int(cost)},
        )
        for sku, location, supplier, confidence, units, cost, value in rows
        if confidence == "low" and cost > candidates.rules.unsure_above_minor
    ]  # fmt: skip


def _short_of_minimums(candidates: Candidates, free: Ints) -> list[Notice]:
    """Orders that are not placed because the supplier's minimum does not pay, budget aside.

    What their items would be worth one by one is at stake.
    """
    groups, first = candidates.groups, candidates.first
    if not len(candidates.items):
        return []
    group = whole(candidates.items, "group")
    best = np.maximum.reduceat(candidates.value, first[:-1])
    bought = np.bincount(group, weights=free > first[:-1], minlength=len(groups))
    missed = np.bincount(group, weights=best, minlength=len(groups))
    wanted = np.bincount(group, weights=_best_cost(candidates, best), minlength=len(groups))
    minimums = reals(groups, "minimum_minor")
    return [
        Notice(
            code="supplier_minimum",
            supplier=supplier,
            location=location,
            at_stake_minor=round(float(missed[i])),
            facts={"wanted_minor": int(wanted[i]), "minimum_minor": int(minimums[i])},
        )
        for i, (supplier, location) in enumerate(
            zip(texts(groups, "supplier"), texts(groups, "location"), strict=True)
        )
        if not bought[i] and missed[i] > 0
    ]


def _best_cost(candidates: Candidates, best: Floats) -> Floats:
    """Cost of the quantity that is worth most, [item]."""
    owner = candidates.item_of_option
    at = np.flatnonzero(candidates.value == best[owner])[::-1]
    cost = np.zeros(len(best))
    cost[owner[at]] = candidates.cost_minor[at]
    return cost


def _missed_breaks(candidates: Candidates, choice: Ints) -> list[Notice]:
    """A price break that would be worth its cash but is not taken: more units earn more."""
    items = candidates.items
    target = _break_options(candidates)
    gain = candidates.value[target] - candidates.value[choice]
    extra = candidates.cost_minor[target] - candidates.cost_minor[choice]
    ordered, wanted = candidates.units[choice], candidates.units[target]
    share = candidates.rules.price_break_share
    missed = (target != candidates.first[:-1]) & (ordered < wanted) & (gain > 0)
    rows = np.flatnonzero(missed & (gain >= share * np.maximum(extra, 0)))
    named = items.iloc[rows]
    names = zip(
        texts(named, "sku"), texts(named, "location"), texts(named, "supplier"), strict=True
    )
    return [
        Notice(
            code="price_break", sku=sku, location=location, supplier=supplier,
            at_stake_minor=round(float(gain[row])),
            facts={
                "ordered_units": int(ordered[row]), "break_units": int(wanted[row]),
                "extra_cost_minor": int(extra[row]),
            },
        )
        for row, (sku, location, supplier) in zip(rows, names, strict=True)
    ]  # fmt: skip


def _break_options(candidates: Candidates) -> Ints:
    """Per item the option that a price break makes best; its first where none does."""
    items, first = candidates.items, candidates.first
    tiers = whole(items, "tier_units")
    moved = tiers > whole(items, "minimum_units_step")
    owner = candidates.item_of_option
    at = np.flatnonzero(moved[owner] & (candidates.units == tiers[owner]))
    target = first[:-1].copy()
    target[owner[at]] = at
    return target
