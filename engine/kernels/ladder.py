"""Why a quantity is what it is: steps that add up to it, and a sentence.

Apart from the planning rooms, so that who reads a stored plan need not load what computes one.
"""

from dataclasses import dataclass

from engine.model.plan import StepsOfLine

BUDGET = "budget"  # the cause of what the total cap cuts
SUPPLIER_MINIMUM = "supplier minimum"
FULL_CONTAINER = "full container"
SOON_DAYS = 7.0
_ALWAYS = 3  # demand, safety and on hand are shown even where they are 0


@dataclass(frozen=True, kw_only=True)
class Ladder:
    """One item: what is there, and its units after each rule in turn."""

    demand: int  # expected until the order after this one can arrive, rounded
    lost_before: int  # of it, what no order placed now can serve
    on_hand: int
    reserved: int
    waiting: int
    inbound: int
    drafted: int  # of inbound: on orders of ours that have not gone out
    transfers: int  # net into the location
    need: int  # best in single units
    pack: int
    minimum: int
    tier: int
    free: int  # all items together, without any budget
    ordered: int
    stockout_days: float  # in half of the paths sooner
    protection_days: float
    cause: str  # what keeps `ordered` from `free`; "" where they are the same
    refused: str = ""  # why nothing may be bought now; "" where it may
    kept: int = 0  # of `ordered`, what is there for what its order must reach alone
    reaches: str = SUPPLIER_MINIMUM  # which is that, or FULL_CONTAINER


def steps_of(ladder: Ladder) -> StepsOfLine:
    """Demand, safety and what is there already make the need; each rule adds or takes units.

    Safety is what the value of being in stock adds to the expected demand (or takes off, where
    holding is dear); where nothing is needed, it is what there is too much of. Steps of no units
    are left out.
    """
    there = ladder.on_hand - ladder.reserved - ladder.waiting + ladder.inbound + ladder.transfers
    kept = "more than is needed" if ladder.need == 0 else "safety"
    steps = (
        ("demand until the order after this one", ladder.demand),
        (kept, ladder.need - ladder.demand + ladder.lost_before + there),
        ("on hand", -ladder.on_hand),
        ("lost before it can arrive", -ladder.lost_before),
        ("reserved", ladder.reserved),
        ("customers waiting", ladder.waiting),
        ("inbound", ladder.drafted - ladder.inbound),
        ("open drafts", -ladder.drafted),
        ("transfers", -ladder.transfers),
        ("whole packs", ladder.pack - ladder.need),
        ("item minimum", ladder.minimum - ladder.pack),
        ("price break", ladder.tier - ladder.minimum),
        *_limits(ladder),
    )
    return tuple(step for i, step in enumerate(steps) if step[1] != 0 or i < _ALWAYS)


def _limits(ladder: Ladder) -> StepsOfLine:
    """What keeps it from being bought at all; else the supplier's minimum, then the budget."""
    if ladder.refused:
        return ((ladder.refused, ladder.ordered - ladder.tier),)
    if ladder.cause == SUPPLIER_MINIMUM:
        return ((SUPPLIER_MINIMUM, ladder.ordered - ladder.tier),)
    if ladder.cause and ladder.kept:
        own = ladder.ordered - ladder.kept
        return ((_limit(ladder.cause), own - ladder.tier), (ladder.reaches, ladder.kept))
    cut = ladder.ordered - ladder.free
    return ((ladder.reaches, ladder.free - ladder.tier), (_limit(ladder.cause), cut))


def _limit(cause: str) -> str:
    """What a cause limits, in words."""
    if cause.startswith("room:"):
        return "room at " + cause.partition(":")[2]
    return BUDGET if cause in {"", BUDGET} else f"{BUDGET} of " + cause.replace(":", " ", 1)


_REACHED = {
    SUPPLIER_MINIMUM: "; taken to reach the supplier's minimum.",
    FULL_CONTAINER: "; taken to fill the container.",
}


def reason_of(ladder: Ladder) -> str:
    """One sentence without figures: the need first, then the rule that moved it most."""
    rules = (
        (ladder.free - ladder.ordered, _fewer(ladder.cause)),
        (max(ladder.free - ladder.tier, ladder.kept), _REACHED[ladder.reaches]),
        (_earned_break(ladder), "; a larger quantity earns a price break."),
        (ladder.minimum - ladder.pack, "; the item minimum adds to it."),
        (ladder.pack - ladder.need, "; rounded up to whole packs."),
    )
    units, rule = max(rules, key=lambda each: each[0])
    return _need(ladder) + (rule if units > 0 else ".")


def _earned_break(ladder: Ladder) -> int:
    """Units bought for a price break; none where the order was cut to less than reaches it."""
    return ladder.tier - ladder.minimum if ladder.ordered >= ladder.tier else 0


def _fewer(cause: str) -> str:
    if cause == SUPPLIER_MINIMUM:
        return "; fewer than needed reach the supplier's minimum."
    return f"; {whose(cause)} allows fewer than needed."


def _need(ladder: Ladder) -> str:
    if ladder.need == 0:
        return "Covered until the next order"
    if ladder.waiting > max(ladder.on_hand - ladder.reserved, 0):
        return "Customers are waiting for it"
    if ladder.stockout_days <= 0:
        return "There is none left to sell"
    if ladder.stockout_days <= SOON_DAYS:
        return "About to run out"
    if ladder.stockout_days <= ladder.protection_days:
        return "Runs out before the order after this one can arrive"
    return "Might run out before the order after this one can arrive"


def whose(cause: str) -> str:
    """The budget (or the room) that a cause names, in words without codes."""
    kind = cause.partition(":")[0]
    if kind == "room":
        return "the room at its location"
    return f"its {kind}'s budget" if kind in {"category", "supplier"} else "the budget"
