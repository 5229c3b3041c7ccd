"""Who gets the units that are there: paid customers first, nobody twice, a share for each channel.

Every change of supply or demand shares everything out anew. What a paid customer holds already
stays theirs while there is supply for it, so that a promise kept is not taken back for somebody
better placed; where supply shrinks, the last in the queue lose first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from engine.promise.policy import Partial, PromisePolicy
from engine.promise.queue import Waiting, in_order
from engine.promise.recipes import Recipe

Place = tuple[str, str]  # sku, location


@dataclass(frozen=True, kw_only=True)
class Grant:
    """What one waiting line holds now. `rank` is its place in the queue of everybody, from 1.

    `ready`: it can be sent. A line that waits for its rest holds units, but is not.
    """

    line: Waiting
    rank: int
    units: int  # of what was ordered: sets, where it is a set
    recipe: Recipe  # component -> units in one; the item itself where it is no set
    ready: bool

    @property
    def parts(self) -> dict[str, int]:
        """Units held of each component."""
        return {sku: self.units * each for sku, each in self.recipe.items() if self.units}

    @property
    def missing(self) -> int:
        return self.line.units - self.units


@dataclass(frozen=True, kw_only=True)
class Allocation:
    """`grants` in the order of the queue; what is left is for general sale."""

    grants: tuple[Grant, ...]
    left: Mapping[Place, int] = field(repr=False)  # free for anybody
    kept: Mapping[tuple[str, str, str], int] = field(repr=False)  # by sku, location and channel


def allocate(
    supply: Mapping[Place, int],
    lines: Sequence[Waiting],
    policy: PromisePolicy,
    *,
    recipes: Mapping[str, Recipe] | None = None,
    held: Mapping[str, int] | None = None,
) -> Allocation:
    """Share `supply` (units on the shelf, those held included) among the waiting lines.

    `held` are units by order line from the last time. Lines are gone through one by one, because
    each depends on what those before it took; a place has few of them.
    """
    pools = {place: _Pool.of(units, policy) for place, units in sorted(supply.items())}
    queue = in_order(lines, policy)
    parts = {line.order_line: _parts(line, recipes or {}) for line in queue}
    got = dict.fromkeys(parts, 0)
    for line in queue:
        if line.paid_at is not None:
            before = min((held or {}).get(line.order_line, 0), line.units)
            got[line.order_line] = _take(pools, line, parts[line.order_line], before)
    for line in queue:
        wanted = line.units - got[line.order_line]
        got[line.order_line] += _serve(
            pools, line, parts[line.order_line], wanted, policy.partial_fills
        )
    return Allocation(
        grants=tuple(
            _grant(line, rank, got[line.order_line], parts[line.order_line], policy.partial_fills)
            for rank, line in enumerate(queue, start=1)
        ),
        left={place: pool.common for place, pool in pools.items()},
        kept={
            (*place, channel): units
            for place, pool in pools.items()
            for channel, units in pool.kept.items()
        },
    )


@dataclass(kw_only=True)
class _Pool:
    """Units of one place: `common` for anybody, `kept` for one channel each."""

    common: int
    kept: dict[str, int]

    @classmethod
    def of(cls, units: int, policy: PromisePolicy) -> "_Pool":
        there = max(units, 0)
        kept = {name: int(there * share) for name, share in sorted(policy.channel_reserve.items())}
        return cls(common=there - sum(kept.values()), kept=kept)

    def free_for(self, channel: str) -> int:
        return self.common + self.kept.get(channel, 0)

    def take(self, channel: str, units: int) -> None:
        """The channel's own first: what is kept for it is for nobody else."""
        own = min(self.kept.get(channel, 0), units)
        if own:
            self.kept[channel] -= own
        self.common -= units - own


def _parts(line: Waiting, recipes: Mapping[str, Recipe]) -> Recipe:
    return recipes.get(line.sku) or {line.sku: 1}


def _serve(
    pools: dict[Place, _Pool], line: Waiting, parts: Recipe, wanted: int, partial: Partial
) -> int:
    if partial == "pass" and _free(pools, line, parts) < wanted:
        return 0
    return _take(pools, line, parts, wanted)


def _free(pools: Mapping[Place, _Pool], line: Waiting, parts: Recipe) -> int:
    """How many of the line's item (sets of all their parts) are free for it."""
    found = [
        pool.free_for(line.channel) // each if (pool := pools.get((sku, line.location))) else 0
        for sku, each in parts.items()
    ]
    return min(found, default=0)


def _take(pools: dict[Place, _Pool], line: Waiting, parts: Recipe, wanted: int) -> int:
    units = min(wanted, _free(pools, line, parts))
    if units <= 0:
        return 0
    for sku, each in parts.items():
        pools[sku, line.location].take(line.channel, units * each)
    return units


def _grant(line: Waiting, rank: int, units: int, parts: Recipe, partial: Partial) -> Grant:
    return Grant(
        line=line,
        rank=rank,
        units=units,
        recipe=parts,
        ready=units == line.units or (units > 0 and partial == "ship"),
    )
