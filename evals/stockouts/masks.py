"""Weeks masked as out of stock, and how far the level found again is from the true one."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from engine.demand import clean_demand
from engine.model.config import PlanConfig
from evals.stockouts.grids import Flags, Floats, Grid, as_snapshot

MASKED_SHARE = 0.2  # of the series
FEWEST, MOST = 2, 8  # weeks masked of each
LEAST_WEEKS = 30  # in stock, for a series to be masked
SMOOTH_INTERVAL = 1.32  # weeks per week with a sale (Syntetos, Boylan and Croston, 2005)


@dataclass(frozen=True, kw_only=True)
class Recovery:
    """Units in the masked weeks of one kind of series, and in all their in-stock weeks.

    `elsewhere` is what the other in-stock weeks sold, known to everybody.
    """

    kind: str
    series: int
    elsewhere: float
    masked: dict[str, float]  # method -> units it puts into the masked weeks; "truth" among them

    def level_bias(self, method: str) -> float:
        """Of the mean over all in-stock weeks."""
        truth = self.elsewhere + self.masked["truth"]
        return (self.elsewhere + self.masked[method]) / truth - 1.0

    def masked_bias(self, method: str) -> float:
        """Of the masked weeks alone: what the correction itself is off by."""
        return self.masked[method] / self.masked["truth"] - 1.0


def recoveries(grid: Grid, seed: int) -> list[Recovery]:
    """Mask by this seed, clean, and compare with what was really sold in the masked weeks.

    The methods: `ours`, what `clean_demand` makes of it; `zeros`, a stockout read as no demand;
    `drop`, the mean of the weeks left.
    """
    masks = draw_masks(grid, seed)
    seen = grid.in_stock & ~masks
    clean = _cleaned(grid, np.where(masks, 0.0, grid.sold), seen)
    left = np.where(seen, grid.sold, 0.0)
    mean = left.sum(axis=1) / np.maximum(seen.sum(axis=1), 1)
    smooth = is_smooth(grid)
    return [
        Recovery(
            kind=kind,
            series=int((masks.any(axis=1) & rows).sum()),
            elsewhere=float(left[masks.any(axis=1) & rows].sum()),
            masked={
                "truth": float(grid.sold[masks & rows[:, None]].sum()),
                "ours": float(clean[masks & rows[:, None]].sum()),
                "zeros": 0.0,
                "drop": float((mean * masks.sum(axis=1))[rows].sum()),
            },
        )
        for kind, rows in (("smooth", smooth), ("intermittent", ~smooth))
    ]


def is_smooth(grid: Grid) -> Flags:
    """[series] sells in most of the weeks in which it can."""
    weekly = _by_week(grid, grid.sold * grid.in_stock)
    there = _by_week(grid, grid.in_stock.astype(np.float64)) >= grid.week
    often = ((weekly > 0) & there).sum(axis=1)
    return np.asarray(often * SMOOTH_INTERVAL > there.sum(axis=1), dtype=np.bool_)


def draw_masks(grid: Grid, seed: int) -> Flags:
    """[series, bucket] 2 to 8 whole in-stock weeks of a fifth of the series, after a first sale."""
    random = np.random.default_rng(seed)
    begun = _by_week(grid, (np.cumsum(grid.sold, axis=1) > 0).astype(np.float64)) >= grid.week
    there = (_by_week(grid, grid.in_stock.astype(np.float64)) >= grid.week) & begun
    weeks = np.zeros_like(there)
    for row in np.flatnonzero(random.random(len(there)) < MASKED_SHARE):
        possible = np.flatnonzero(there[row])
        if len(possible) >= LEAST_WEEKS:
            chosen = random.choice(possible, random.integers(FEWEST, MOST + 1), replace=False)
            weeks[row, chosen] = True
    return _to_buckets(grid, weeks)


def _by_week(grid: Grid, values: Floats) -> Floats:
    """[series, week] sums; the buckets before the first whole week are left out."""
    whole = values.shape[1] // grid.week * grid.week
    return values[:, values.shape[1] - whole :].reshape(len(values), -1, grid.week).sum(axis=2)


def _to_buckets(grid: Grid, weeks: Flags) -> Flags:
    masks = np.zeros(grid.sold.shape, dtype=np.bool_)
    masks[:, masks.shape[1] - weeks.shape[1] * grid.week :] = np.repeat(weeks, grid.week, axis=1)
    return masks


def _cleaned(grid: Grid, sold: Floats, seen: Flags) -> Floats:
    """Clean demand [series, bucket] in the order of the grid."""
    panel = clean_demand(as_snapshot(grid, sold, seen), PlanConfig(bucket=grid.bucket))
    names = zip(panel.series["sku"], panel.series["location"], strict=True)
    row = {pair: position for position, pair in enumerate(names)}
    pairs = zip(grid.keys["sku"], grid.keys["location"], strict=True)
    return np.nan_to_num(panel.clean)[[row[pair] for pair in pairs]]


def together(draws: Sequence[Recovery]) -> Recovery:
    """The draws of one kind as one."""
    return Recovery(
        kind=draws[0].kind,
        series=sum(draw.series for draw in draws),
        elsewhere=sum(draw.elsewhere for draw in draws),
        masked={m: sum(draw.masked[m] for draw in draws) for m in draws[0].masked},
    )


def over_seeds(grid: Grid, seeds: int, done: Callable[[int], None]) -> Iterator[list[Recovery]]:
    for seed in range(seeds):
        yield recoveries(grid, seed)
        done(seed + 1)
