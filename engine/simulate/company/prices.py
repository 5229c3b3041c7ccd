"""Regular prices through time: a rise once or twice in two years, and what it does to demand."""

from dataclasses import dataclass, field

import numpy as np

from engine.simulate.company.catalogue import Catalogue
from engine.simulate.company.days import Days, Floats, stream

ELASTICITY = -1.4


@dataclass(frozen=True, kw_only=True)
class Prices:
    """Axes: [item, day]."""

    regular: Floats = field(repr=False)  # GBP
    effect: Floats = field(repr=False)  # factor on demand, 1 at the final price


def build_prices(seed: int, catalogue: Catalogue, days: Days) -> Prices:
    """Three items in five changed price once, one in five twice; the last price is today's."""
    random = stream(seed, "prices")
    count = len(catalogue.skus)
    factor = np.ones((count, days.count))
    for chance in (0.6, 0.2):
        changed = np.flatnonzero(random.random(count) < chance)
        when = random.integers(days.history + 40, days.end - 15, len(changed))
        rise = np.where(random.random(len(changed)) < 0.8, 1, -1) * random.uniform(
            0.03, 0.09, len(changed)
        )
        before = np.arange(days.count)[None, :] < when[:, None]
        factor[changed] *= np.where(before, 1 / (1 + rise[:, None]), 1.0)
    shown = np.where(
        factor == 1.0,
        catalogue.price[:, None],
        np.maximum(np.round(catalogue.price[:, None] * factor * 2) / 2 - 0.01, 0.99),
    )
    return Prices(regular=shown.round(2), effect=(shown / catalogue.price[:, None]) ** ELASTICITY)
