"""The window of each customer who waits, by the place in the queue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from engine.promise.allocate import Allocation, Grant, Place
from engine.promise.cover import Coming, Cover, all_by
from engine.promise.offers import (
    Basis,
    Offer,
    Span,
    Why,
    may_never_come,
    not_before,
    units_needed,
)
from engine.promise.policy import PromisePolicy
from engine.promise.queue import Waiting
from engine.promise.spans import spans

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class LinePromise:
    """What one waiting line has and may expect.

    `rank` is its place in the queue of everybody, 0 where it is not served. `ahead` are units that
    customers before it still miss at the place. `slips` is the chance that the window the customer
    was given is missed; None where none was given.
    """

    line: Waiting
    rank: int
    held: int
    ready: bool
    ahead: int
    basis: Basis
    span: Span | None
    why: Why
    slips: float | None
    at_risk: bool


@dataclass(frozen=True, kw_only=True)
class Ahead:
    """What is on its way to each place, and what it comes to when nothing was ordered yet."""

    as_of: date
    today: date
    coming: Coming = field(repr=False)
    cover: Cover = field(repr=False)
    index: Mapping[Place, int] = field(repr=False)
    leads: Mapping[Place, Floats] = field(repr=False)

    @property
    def width(self) -> int:
        """Days that every chance below spans."""
        leads = max((len(by) for by in self.leads.values()), default=1)
        return max(self.cover.by.shape[1], leads)

    def by(self, place: Place, units: int) -> tuple[Floats, tuple[str, ...], bool] | None:
        """Chance [day] that so many units have come, the orders counted on, and if one is late."""
        at = self.index.get(place)
        if at is None:
            return None
        for rung in self.cover.rungs_of(at):
            if self.cover.upto[rung] >= units:
                first = int(self.coming.start[at])
                lines = slice(first, first + int(self.cover.lines[rung]))
                pos = tuple(dict.fromkeys(self.coming.po[lines]))
                return self.cover.by[rung], pos, bool(self.coming.overdue[lines].any())
        return None


def line_promises(
    allocation: Allocation,
    unserved: Sequence[Waiting],
    policy: PromisePolicy,
    ahead: Ahead,
) -> tuple[LinePromise, ...]:
    """A window for each line of the queue, in its order; those that are not served come last."""
    missing: dict[Place, int] = {}
    by_channel: dict[tuple[Place, str], int] = {}
    width = ahead.width  # once, not for each line
    cases = [_case(grant, policy, ahead, width, missing, by_channel) for grant in allocation.grants]
    windows = spans(
        np.stack([case.by for case in cases]) if cases else np.zeros((0, 1)),
        ahead.as_of, confidence=policy.confidence, handling_days=policy.handling_days,
        pos=[case.pos for case in cases], overdue=[case.overdue for case in cases],
    )  # fmt: skip
    served = [
        _promise(case, span, policy, ahead) for case, span in zip(cases, windows, strict=True)
    ]
    return (*served, *(_not_served(line) for line in unserved))


@dataclass(frozen=True, kw_only=True)
class _Case:
    grant: Grant
    ahead: int
    basis: Basis
    by: Floats = field(repr=False)
    pos: tuple[str, ...] = ()
    overdue: bool = False


def _case(
    grant: Grant,
    policy: PromisePolicy,
    ahead: Ahead,
    width: int,
    missing: dict[Place, int],
    by_channel: dict[tuple[Place, str], int],
) -> _Case:
    """How the line is served; adds what it misses to the queue of each of its places."""
    line = grant.line
    before = 0
    found: list[tuple[Floats, tuple[str, ...], bool] | None] = []
    for sku, each in grant.recipe.items():
        place, units = (sku, line.location), grant.missing * each
        key = (place, line.channel)
        before = max(before, missing.get(place, 0) // each)
        queue = Offer(
            sku=sku, location=line.location, free=0, waiting=missing.get(place, 0),
            waiting_by_channel={line.channel: by_channel.get(key, 0)},
        )  # fmt: skip
        if units:
            needed = units_needed(queue, units, policy, line.channel)
            found.append(ahead.by(place, needed) or _by_lead(ahead, place))
            missing[place] = missing.get(place, 0) + units
            by_channel[key] = by_channel.get(key, 0) + units
    if not found:
        return _Case(grant=grant, ahead=0, basis="stock", by=np.ones(width))
    sure = [each for each in found if each is not None]
    if len(sure) < len(found):
        return _Case(grant=grant, ahead=before, basis="none", by=np.zeros(width))
    return _Case(
        grant=grant, ahead=before, by=all_by(_same_width([by for by, _, _ in sure], width)),
        basis="inbound" if all(pos for _, pos, _ in sure) else "lead_time",
        pos=tuple(dict.fromkeys(po for _, pos, _ in sure for po in pos)),
        overdue=any(late for _, _, late in sure),
    )  # fmt: skip


def _by_lead(ahead: Ahead, place: Place) -> tuple[Floats, tuple[str, ...], bool] | None:
    by = ahead.leads.get(place)
    return None if by is None else (by, (), False)


def _same_width(rows: Sequence[Floats], width: int) -> list[Floats]:
    """Later days keep the last chance."""
    return [np.pad(row, (0, width - len(row)), mode="edge") for row in rows]


def _promise(case: _Case, span: Span, policy: PromisePolicy, ahead: Ahead) -> LinePromise:
    line = case.grant.line
    why = _why_not(case, span, policy, ahead.today)
    slips = _slips(case, line.told_last, policy, ahead)
    unsure = case.overdue or span.late > policy.risk_chance
    soonest = ahead.today + timedelta(days=policy.handling_days)
    return LinePromise(
        line=line, rank=case.grant.rank, held=case.grant.units, ready=case.grant.ready,
        ahead=case.ahead, basis="none" if why else case.basis,
        span=None if why else not_before(span, soonest), why=why, slips=slips,
        at_risk=case.basis != "stock"
        and (unsure if slips is None else slips > policy.risk_chance),
    )  # fmt: skip


def _why_not(case: _Case, span: Span, policy: PromisePolicy, today: date) -> Why:
    if case.basis == "none":
        return "nothing on its way"
    too_far = case.basis != "stock" and (span.last - today).days > policy.maximum_wait_days
    if too_far:
        return "too far off"
    return "may never come" if may_never_come(span, policy) else ""


def _slips(case: _Case, told: date | None, policy: PromisePolicy, ahead: Ahead) -> float | None:
    if told is None:
        return None
    if case.basis == "stock":
        return 0.0
    day = (told - timedelta(days=policy.handling_days) - ahead.as_of).days
    come = float(case.by[min(day, len(case.by) - 1)]) if day >= 0 else 0.0
    return round(1.0 - come, 4)


def _not_served(line: Waiting) -> LinePromise:
    return LinePromise(
        line=line, rank=0, held=0, ready=False, ahead=0, basis="none", span=None, why="not paid",
        slips=None, at_risk=False,
    )  # fmt: skip
