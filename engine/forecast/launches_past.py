"""What past launches took from their siblings, by difference in differences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.demand.arrays import Bools, Floats, Ints, ratio, sum_groups
from engine.demand.groups import Groups
from engine.forecast.backtest import Standpoint
from engine.forecast.family import CIRCLES, Family

WINDOW_DAYS = 91  # before and after a launch
LEAST_AFTER_DAYS = 28
# Shares of a launch's own demand that siblings lose, where none was ever seen: an assumption, on
# the low side, because too high a share would empty the shelf of the siblings.
USUAL: Mapping[str, float] = {"substitutes": 0.3, "variants": 0.3, "category": 0.1}
USUAL_SPREAD, CATEGORY_SPREAD = 0.15, 0.1  # standard deviations around the usual, and the company's
DRIFT = 0.01  # variance of a circle's quarter-to-quarter change beyond counting, at the least
MOST_TAKEN = 0.9


@dataclass(frozen=True, kw_only=True)
class TakenShares:
    """[circle, series] share of a launch's demand that its circle loses; launches seen for it."""

    share: Floats
    seen: Ints


@dataclass(frozen=True, kw_only=True)
class _Compared:
    """Per past launch: what it sold, what its circle lost, and the variance of that loss."""

    row: Ints
    sold: Floats
    lost: Floats
    variance: Floats


def taken_shares(here: Standpoint, family: Family, start: Ints, old: Bools) -> TakenShares:
    """Learned from series that started inside the data; `start` [series] is their first bucket.

    `old` marks series that were there from the beginning: only they can be watched before and
    after. The substitutes circle takes what variants show, being as close.
    """
    training = here.training
    count = len(start)
    share = np.repeat(np.array([[USUAL[name]] for name in CIRCLES]), count, axis=1)
    seen = np.zeros((len(CIRCLES), count), dtype=np.int64)
    for circle, name in enumerate(CIRCLES):
        if not family.has(name) or name == "substitutes":
            continue
        compared = _compare(here, family, name, start, old)
        if len(compared.row):
            share[circle], seen[circle] = _pooled(compared, training.groups, USUAL[name], count)
    close = CIRCLES.index("variants")
    share[CIRCLES.index("substitutes")] = share[close]
    seen[CIRCLES.index("substitutes")] = seen[close]
    return TakenShares(share=share, seen=seen)


def _compare(here: Standpoint, family: Family, name: str, start: Ints, old: Bools) -> _Compared:
    """Circles of old series in the quarter before and after each launch, beside the rest."""
    training = here.training
    buckets, wide = training.shape[1], max(round(training.buckets(WINDOW_DAYS)), 1)
    offered = training.weight * here.shape
    level = ratio(training.sold.sum(axis=1), offered.sum(axis=1))
    keep = old[:, None]
    sold, due = np.where(keep, training.sold, 0.0), np.where(keep, offered * level[:, None], 0.0)
    codes = family.variants if name == "variants" else family.category
    size = int(codes.max(initial=-1)) + 1
    least = max(round(training.buckets(LEAST_AFTER_DAYS)), 1)
    launch = np.flatnonzero(~old & (start >= wide) & (start + least <= buckets))
    group, first = codes[launch], start[launch]
    before, after = (first - wide, first), (first, np.minimum(first + wide, buckets))
    runs = [_running(sum_groups(values, codes, size)) for values in (sold, due)]
    mine = [_between(run, group, *span) for span in (before, after) for run in runs]
    expected = ratio(mine[0], mine[1]) * mine[3] * _control(runs, group, first, wide)
    own = _between(_running(training.sold), launch, *after)
    usable = (mine[0] > 0) & (expected > 0) & (own > 0)
    noise = ratio(np.ones(len(launch)), mine[0]) + ratio(np.ones(len(launch)), expected) + DRIFT
    return _Compared(
        row=launch[usable], sold=own[usable], lost=(expected - mine[2])[usable],
        variance=(expected**2 * noise)[usable],
    )  # fmt: skip


def _control(runs: Sequence[Floats], group: Ints, first: Ints, wide: int) -> Floats:
    """[launch] how circles without a launch at the time moved from before to after it.

    Circles with a launch of their own in the two quarters would hide what it took. Where no other
    circle is left, nothing is known of the company's course, and it is taken as flat.
    """
    size, buckets = runs[0].shape[0], runs[0].shape[1] - 1
    moved = np.ones(len(first))
    launched: Ints = np.unique(first)
    for at in launched:  # as many as there are buckets at most
        near = (first >= at - wide) & (first < at + wide)
        calm = np.ones(size, dtype=np.bool_)
        calm[group[near]] = False
        end = min(int(at) + wide, buckets)
        totals = [
            float(np.maximum(run[calm, last] - run[calm, begin], 0.0).sum())
            for begin, last in ((at - wide, at), (at, end)) for run in runs
        ]  # fmt: skip
        if min(totals) > 0:
            moved[first == at] = totals[2] / totals[3] / (totals[0] / totals[1])
    return moved


def _running(amounts: Floats) -> Floats:
    return np.concatenate([np.zeros((len(amounts), 1)), np.cumsum(amounts, axis=1)], axis=1)


def _between(running: Floats, row: Ints, first: Ints, last: Ints) -> Floats:
    return np.maximum(running[row, last] - running[row, first], 0.0)


def _pooled(compared: _Compared, groups: Groups, usual: float, count: int) -> tuple[Floats, Ints]:
    """[series] share and launches seen, by top category within the company."""
    whole, seen, dispersion = _drawn(compared, slice(None), usual, USUAL_SPREAD, 1.0)
    share, launches = np.full(count, whole), np.full(count, seen, dtype=np.int64)
    top = groups.levels[min(1, len(groups.levels) - 1)]
    for code in np.unique(top[compared.row]):
        mine = np.flatnonzero(top[compared.row] == code)
        share[top == code] = _drawn(compared, mine, whole, CATEGORY_SPREAD, dispersion)[0]
    return share, launches


def _drawn(
    compared: _Compared, rows: "slice | Ints", prior: float, spread: float, dispersion: float
) -> tuple[float, int, float]:
    """Share by weighted least squares, drawn to its prior; launches; dispersion of residuals."""
    sold, lost = compared.sold[rows], compared.lost[rows]
    weight = 1.0 / compared.variance[rows]
    information = float((weight * sold**2).sum())
    estimate = float((weight * sold * lost).sum()) / max(information, 1e-12)
    if len(sold) > 1:
        rest = float((weight * (lost - estimate * sold) ** 2).sum()) / (len(sold) - 1)
        dispersion = max(rest, dispersion)
    precision = information / dispersion
    share = (precision * estimate + prior / spread**2) / (precision + 1.0 / spread**2)
    return min(max(share, 0.0), MOST_TAKEN), len(sold), dispersion
