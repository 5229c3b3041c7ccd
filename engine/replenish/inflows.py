"""Supply on its way to each place, along paths."""

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engine.kernels.columns import flags, ordinals, texts, whole
from engine.model.decisions import Decisions
from engine.replenish.draws import THIS_ORDER, Strata, keys_of, strata_days
from engine.replenish.places import Places
from engine.replenish.shortfall import NEVER, Coming
from engine.supply import Inbound

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Inflows:
    """Lines to each place: `day` [line, path] of arrival, `units` [line]; lost lines left out."""

    lines_of: dict[int, list[int]] = field(repr=False)  # by place
    day: Floats = field(repr=False)
    units: Floats = field(repr=False)

    def coming(self, places: Ints) -> Coming:
        lines = [self.lines_of.get(int(place), []) for place in places]
        most = max((len(each) for each in lines), default=0)
        day = np.full((len(places), most, self.day.shape[1]), NEVER)
        units = np.zeros((len(places), most))
        for row, each in enumerate(lines):
            day[row, : len(each)] = self.day[each]
            units[row, : len(each)] = self.units[each]
        return Coming(day=day, units=units)

    def total(self, places: int) -> Ints:
        """Units on their way, [place]."""
        sums = np.zeros(places, dtype=np.int64)
        for place, lines in self.lines_of.items():
            sums[place] = int(self.units[lines].sum())
        return sums


def inflows_to(
    places: Places, inbound: Inbound, decisions: Decisions, draws: Strata, today: int
) -> Inflows:
    """Purchase orders by their arrival distribution, transfers under way on their day."""
    index = places.index()
    ordered = inbound.lines.loc[~flags(inbound.lines, "lost")]
    moving = decisions.open_transfers
    chances = strata_days(inbound.arrival[ordered.index.to_numpy()], draws.paths)
    never = chances >= inbound.arrival.shape[1]
    # What delays a lane delays all that comes along it, a new order included. Drawn independently,
    # a second order would be worth its money as an insurance against the first one's lateness, and
    # planning twice would order the same need twice.
    bound_for = list(zip(texts(ordered, "sku"), texts(ordered, "location"), strict=True))
    strata = draws.of(THIS_ORDER, keys_of(bound_for))
    drawn = np.take_along_axis(np.where(never, NEVER, chances), strata, axis=1)
    fixed = np.maximum(ordinals(moving, "arrives_on") - today, 0).astype(np.float64)
    targets = [
        *zip(texts(ordered, "sku"), texts(ordered, "location"), strict=True),
        *zip(texts(moving, "sku"), texts(moving, "to_location"), strict=True),
    ]
    lines_of: defaultdict[int, list[int]] = defaultdict(list)
    for line, target in enumerate(targets):
        if target in index:
            lines_of[index[target]].append(line)
    return Inflows(
        lines_of=dict(lines_of),
        day=np.concatenate([drawn, np.repeat(fixed[:, None], draws.paths, axis=1)]),
        units=np.concatenate([whole(ordered, "units"), whole(moving, "units")]).astype(np.float64),
    )


def promised_away(places: Places, decisions: Decisions) -> Ints:
    """Units per place that transfers have taken from it since its last count, [place].

    Never more than that count: where more left than was counted, the count was wrong.
    """
    index, moving = places.index(), decisions.open_transfers
    moving = moving[flags(moving, "still_counted")]
    taken = np.zeros(len(places), dtype=np.int64)
    sources = zip(texts(moving, "sku"), texts(moving, "from_location"), strict=True)
    for source, units in zip(sources, whole(moving, "units"), strict=True):
        if source in index:
            taken[index[source]] += int(units)
    return np.minimum(taken, np.maximum(places.available, 0))
