"""LightGBM, the one place that imports it, and only when called.

It is an optional extra: `installed` tells whether it can be used here. With its deterministic
settings the same rows give the same bytes on any number of threads.
"""
# pyright: reportUnknownVariableType=false, reportUnknownMemberType=false
# pyright: reportUnknownArgumentType=false, reportMissingTypeStubs=false

from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.demand.arrays import Floats

Inputs = NDArray[np.float32]  # [row, input]; NaN where nothing is known
SEED = 20261123
# Two threads halve the time on idle cores and take ten times as long on busy ones, because each
# waits for the other, spinning, at every split.
THREADS = 1


@dataclass(frozen=True, kw_only=True)
class Growth:
    """How trees are grown; chosen on rolling origins of weekly and daily retail sales."""

    rounds: int = 60
    leaves: int = 31
    learning_rate: float = 0.1
    least_rows: int = 100  # in a leaf
    shrinkage: float = 1.0  # L2 on leaf values, in rows of average weight
    inputs_share: float = 0.8  # drawn for each tree
    bins: int = 63


@dataclass(frozen=True, kw_only=True)
class Trees:
    """A grown model of the logarithm of demand over its base."""

    model: Any = field(repr=False)

    def log_ratio(self, inputs: Inputs) -> Floats:
        """[row] logarithm of expected demand over the base of the row."""
        if len(inputs) == 0:
            return np.zeros(0)
        raw = self.model.predict(inputs, raw_score=True, num_threads=THREADS)
        return np.asarray(raw, dtype=np.float64)


def installed() -> bool:
    """Whether LightGBM can be imported; a wheel without its system library cannot."""
    try:
        import_module("lightgbm")
    except (ImportError, OSError):
        return False
    return True


def grow(inputs: Inputs, units: Floats, base: Floats, growth: Growth) -> Trees:
    """Poisson trees for `units` [row] around `base` [row], units expected by the structure.

    Rows are weighed by the mean base, so that multiplying all units by a constant changes no
    tree: gradients scale with units, and the penalties on leaves do not.
    """
    lightgbm = import_module("lightgbm")
    scale = 1.0 / max(float(base.mean()), 1e-12)
    rows = lightgbm.Dataset(
        inputs, label=units * scale, init_score=np.log(base * scale), free_raw_data=True,
        params={"max_bin": growth.bins, "verbose": -1, "num_threads": THREADS},
    )  # fmt: skip
    settings = {
        "objective": "poisson", "num_leaves": growth.leaves,
        "learning_rate": growth.learning_rate, "min_data_in_leaf": growth.least_rows,
        "lambda_l2": growth.shrinkage, "feature_fraction": growth.inputs_share,
        "max_bin": growth.bins, "boost_from_average": False, "seed": SEED,
        "deterministic": True, "force_row_wise": True, "num_threads": THREADS, "verbose": -1,
    }  # fmt: skip
    return Trees(model=lightgbm.train(settings, rows, num_boost_round=growth.rounds))
