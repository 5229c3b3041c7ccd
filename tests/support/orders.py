"""Orders week after week at made-up places, as candidates are weighed: for tests of service."""

import numpy as np
from numpy.typing import NDArray

from engine.model.config import PlanConfig
from engine.replenish.demand_paths import DemandPaths
from engine.replenish.following import following
from engine.replenish.quantities import best_single_units
from engine.replenish.shortfall import Coming, Window, shortfall
from engine.replenish.worth import Economics, Worth

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
PLACES = 40


def orders(config: PlanConfig, paths: Floats, stock: Floats, coming: Floats, lead: int) -> Ints:
    """Units ordered at each place now; `coming` [place, week] arrives as a week begins.

    `paths` is [path, week] of all places, or [place, path, week].
    """
    places = len(stock)
    demand = DemandPaths.of(np.array(np.broadcast_to(paths, (places, *paths.shape[-2:]))), 7)
    days: Floats = 7.0 * np.arange(coming.shape[1], dtype=np.float64)
    lines = Coming(
        day=np.broadcast_to(days[None, :, None], (*coming.shape, paths.shape[-2])), units=coming
    )
    start = np.full((places, paths.shape[-2]), 7.0 * lead)
    window = Window(start=start, end=start + 7.0)
    ones = np.ones(places)
    money = Economics(
        cost=10 * ones, margin=2 * ones, holding=ones / 70, waiting=ones,
        shelf_life_days=np.inf * ones, batch=ones,
    )  # fmt: skip
    missing = shortfall(demand, stock, lines, window, config.shortage)
    after = None
    if config.objective == "economic":
        after = following(demand, stock, lines, window)
    rate = float(paths.mean()) / 7 * ones
    worth = Worth(missing, window.days, rate, money, config, after)
    most = np.full(places, 400)
    return best_single_units(worth.of, np.arange(places), most, np.zeros(places))


def lumps(random: np.random.Generator, shape: int | tuple[int, ...]) -> Floats:
    """Units of weeks: ten on one day in ten."""
    return np.multiply(10.0, random.binomial(7, 0.1, size=shape), dtype=np.float64)


def served_share(config: PlanConfig, paths: Floats, lead: int) -> float:
    """Of the demand of 30 weeks after 10, at 40 places that order every week.

    Demand comes in lumps; `paths` is what the orders are told of it.
    """
    random = np.random.default_rng(12)
    stock, pipeline = np.full(PLACES, 30.0), np.zeros((PLACES, lead))
    wanted, lost = 0.0, 0.0
    for week in range(40):
        now = np.concatenate([pipeline, np.zeros((PLACES, 1))], axis=1)
        now[:, lead] += orders(config, paths, stock, pipeline, lead)
        demand = lumps(random, PLACES)
        held = stock + now[:, 0]
        stock, pipeline = np.maximum(held - demand, 0.0), now[:, 1:]
        if week >= 10:
            wanted += demand.sum()
            lost += np.maximum(demand - held, 0.0).sum()
    return 1 - lost / wanted
