"""Ours and the benchmark in the same weeks from the same stock."""

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from evals.histories.history import History
from evals.vn2.benchmark import benchmark_order
from evals.vn2.files import Official, Stock
from evals.vn2.game import SCORED, Played, play
from evals.vn2.rolling import window_at

Floats = NDArray[np.float64]


class Buyer(Protocol):
    def order(self, history: History, stock: Stock) -> Floats: ...


class Benchmark:
    def order(self, history: History, stock: Stock) -> Floats:
        return benchmark_order(history, stock)


def play_window(history: History, origin: int, ours: Buyer) -> dict[str, Any]:
    """Figures of one rolling window; each order knows the weeks before its own and no more."""
    window = window_at(history, origin)

    def played(buyer: Buyer) -> Played:
        return play(
            window.start,
            window.demand,
            lambda week, stock: buyer.order(history.between(0, origin + week), stock),
        )

    own, other = played(ours), played(Benchmark())
    day = history.between(origin, origin + 1).first_day
    return {
        "from": day.isoformat(),
        "series": int(window.counted.sum()),
        **_compared(own, other, window.counted),
    }


def play_official(official: Official, ours: Buyer) -> dict[str, Any]:
    """The competition: from its stock, through its eight weeks, all series."""

    def played(buyer: Buyer) -> Played:
        return play(
            official.start,
            official.demand,
            lambda week, stock: buyer.order(official.known_before(week + 1), stock),
        )

    everyone = np.ones(len(official.demand), dtype=np.bool_)
    return _compared(played(ours), played(Benchmark()), everyone)


def _compared(own: Played, other: Played, counted: NDArray[np.bool_]) -> dict[str, Any]:
    cost, base = own.scored(counted), other.scored(counted)
    scale = len(counted) / int(counted.sum())
    return {
        "ours": round(cost, 2),
        "benchmark": round(base, 2),
        "ratio": round(cost / base, 4),
        "left_per_week": round(_weekly(own.left, counted) * scale, 2),
        "lost_per_week": round(_weekly(own.lost, counted) * scale, 2),
    }


def _weekly(units: Floats, counted: NDArray[np.bool_]) -> float:
    return float(units[counted][:, SCORED].sum(axis=0).mean())


def spread_of(windows: list[dict[str, Any]]) -> dict[str, float]:
    """The whole distribution over windows, not the best of them."""
    ours = np.asarray([each["ours"] for each in windows])
    base = np.asarray([each["benchmark"] for each in windows])
    ratios = ours / base
    figures = {
        "mean": ours.mean(),
        "sd": ours.std(ddof=1) if len(ours) > 1 else 0.0,
        "min": ours.min(),
        "max": ours.max(),
        "benchmark_mean": base.mean(),
        "ratio": ours.mean() / base.mean(),
        "ratio_sd": ratios.std(ddof=1) if len(ours) > 1 else 0.0,
        "ratio_min": ratios.min(),
        "ratio_max": ratios.max(),
        "left_per_week": np.mean([each["left_per_week"] for each in windows]),
        "lost_per_week": np.mean([each["lost_per_week"] for each in windows]),
    }
    return {name: round(float(value), 4) for name, value in figures.items()}
