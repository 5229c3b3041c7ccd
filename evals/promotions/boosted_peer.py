"""LightGBM (Poisson) with the same inputs as ours: lags, means, price and promotion flags."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evals.promotions.frat import Frat, forward_filled

Floats = NDArray[np.float64]
SPANS = (4, 8, 13, 26, 52)  # weeks of the lags and of the means
SEED = 7


def boosted(frat: Frat, origin: int, steps: int, threads: int = 1) -> Floats:
    """[pair, step] trained on the weeks before `origin`; 400 rounds, 63 leaves, rate .06.

    A week sees sales of `steps` weeks before it and earlier, which are known for every step.
    """
    import lightgbm

    end = origin + steps
    table = _table(frat, origin, end, steps)
    week = np.broadcast_to(np.arange(end), (len(frat.units), end))
    train = (frat.present[:, :end] & (week < origin) & (week >= steps)).ravel()
    model = lightgbm.train(
        {
            "objective": "poisson", "num_leaves": 63, "learning_rate": 0.06, "seed": SEED,
            "num_threads": threads, "deterministic": True, "verbosity": -1,
        },
        lightgbm.Dataset(table[train], label=frat.units[:, :end].ravel()[train]),
        num_boost_round=400,
    )  # fmt: skip
    wanted = (week >= origin).ravel()
    return np.asarray(model.predict(table[wanted])).reshape(len(frat.units), end - origin)


def _table(frat: Frat, origin: int, end: int, steps: int) -> Floats:
    """[pair x week, feature]; sales from `origin` on are not in it."""
    past = np.where(np.arange(end) < origin, frat.units[:, :end], np.nan)
    filled = pd.DataFrame(forward_filled(past))
    lags = [filled.shift(span, axis=1) for span in SPANS]
    means = [_mean(filled.shift(steps, axis=1), span) for span in SPANS]
    plans = [
        frat.price[:, :end], frat.depth[:, :end], frat.feature[:, :end], frat.display[:, :end],
        frat.tpr[:, :end],
    ]  # fmt: skip
    columns = [np.asarray(column, dtype=np.float64).ravel() for column in (*lags, *means, *plans)]
    return np.column_stack(columns)


def _mean(frame: pd.DataFrame, span: int) -> pd.DataFrame:
    return frame.T.rolling(span, min_periods=1).mean().T
