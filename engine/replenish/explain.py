"""Why this quantity: steps that add up to it, and a sentence."""

from dataclasses import dataclass

import pandas as pd

from engine.model.plan import StepsOfLine
from engine.replenish.candidates import Candidates

SOON_DAYS = 7.0


@dataclass(frozen=True, kw_only=True)
class _Ladder:
    """Units after each rule in turn; the last is what is ordered."""

    need: int
    pack: int
    minimum: int
    tier: int
    free: int  # all items together, without the budget
    ordered: int


def explain_line(candidates: Candidates, item: int, choice: int, free: int) -> StepsOfLine:
    """Steps (label, units) of an item's quantity; they sum to it exactly.

    `item` is a row of the items, `choice` and `free` its options with and without the budget.
    """
    return steps_of(candidates, item, choice, free)


def steps_of(candidates: Candidates, item: int, choice: int, free: int) -> StepsOfLine:
    """Demand, safety and what is there already make the need; each rule adds or takes units.

    Demand is the expected demand until the order after this one can arrive, rounded; safety is
    what the value of being in stock adds to it (or takes off, where holding is dear). Steps of
    no units are left out, except the need's own parts.
    """
    row = candidates.items.iloc[item]
    ladder = _ladder(candidates, row, choice, free)
    demand = round(float(row["demand_over_protection"]))
    covered = (
        int(row["on_hand"]) - int(row["reserved"]) - int(row["waiting_units"])
        + int(row["inbound_units"]) + int(row["transfer_units"])
    )  # fmt: skip
    steps = [
        ("demand until the order after this one", demand),
        ("safety", ladder.need - demand + covered),
        ("on hand", -int(row["on_hand"])),
        ("reserved", int(row["reserved"])),
        ("customers waiting", int(row["waiting_units"])),
        ("inbound", -int(row["inbound_units"])),
        ("transfers", -int(row["transfer_units"])),
        ("whole packs", ladder.pack - ladder.need),
        ("item minimum", ladder.minimum - ladder.pack),
        ("price break", ladder.tier - ladder.minimum),
        ("supplier minimum", ladder.free - ladder.tier),
        ("budget", ladder.ordered - ladder.free),
    ]
    return tuple(step for i, step in enumerate(steps) if step[1] != 0 or i < _ALWAYS)


_ALWAYS = 3  # demand, safety and on hand are always shown


def _ladder(candidates: Candidates, row: "pd.Series", choice: int, free: int) -> _Ladder:
    return _Ladder(
        need=int(row["need_units"]),
        pack=int(row["pack_units"]),
        minimum=int(row["minimum_units_step"]),
        tier=int(row["tier_units"]),
        free=int(candidates.units[free]),
        ordered=int(candidates.units[choice]),
    )


def reason_of(candidates: Candidates, item: int, choice: int, free: int) -> str:
    """One sentence without figures: the need first, then the rule that moved it most."""
    row = candidates.items.iloc[item]
    ladder = _ladder(candidates, row, choice, free)
    return f"{_need_sentence(row, ladder)}{_rule_sentence(ladder)}"


def _need_sentence(row: "pd.Series", ladder: _Ladder) -> str:
    if ladder.need == 0:
        return "Covered until the next order"
    if int(row["waiting_units"]) > max(int(row["on_hand"]) - int(row["reserved"]), 0):
        return "Customers are waiting for it"
    if float(row["stockout_days_p50"]) <= SOON_DAYS:
        return "About to run out"
    if float(row["stockout_days_p50"]) <= float(row["protection_days"]):
        return "Runs out before the order after this one can arrive"
    return "Might run out before the order after this one can arrive"


def _rule_sentence(ladder: _Ladder) -> str:
    moves = {
        "; the item minimum adds to it.": ladder.minimum - ladder.pack,
        "; a larger quantity earns a price break.": ladder.tier - ladder.minimum,
        "; taken to reach the supplier's minimum.": ladder.free - ladder.tier,
        "; the budget allows fewer than needed.": ladder.free - ladder.ordered,
        "; rounded up to whole packs.": ladder.pack - ladder.need,
    }
    text, units = max(moves.items(), key=lambda move: move[1])
    return text if units > 0 else "."
