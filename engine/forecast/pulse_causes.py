"""What the data know of a pulse's beginning; nothing is guessed."""

import numpy as np

from engine.demand.arrays import Bools, Floats, Ints, Texts, any_bucket
from engine.forecast.training import Training
from engine.model.forecast import NO_CAUSE

ARRIVAL_DAYS = 14  # out of stock within these days before a rise: buyers had waited
PRICE_DAYS = 28  # before the pulse, with whose price the price since is compared
PRICE_MOVE = 0.02  # of the logarithm
HOLIDAY_DAYS = 2  # a pulse may begin so many days before or after a holiday
RARE = 0.1  # share of buckets above which a name in the calendar explains no single one


def causes_of(training: Training, rows: Ints, direction: Ints, begun: Ints) -> Texts:
    """The reason of each pulse: of `rows`, that began `begun` buckets ago.

    In this order: a promotion in force, a holiday or event, stock that came back, a changed
    price, an empty shelf; otherwise that none is known.
    """
    days = training.bucket_days
    age = np.arange(training.shape[1], 0, -1)[None, :]
    since = age <= begun[:, None]
    up = direction > 0
    cause = np.full(len(rows), NO_CAUSE, dtype=object)
    found = (
        (_empty_shelf(training, rows, since) & ~up, "nothing sells: it may not be on the shelf"),
        (_price(training, rows, since, age, begun, direction), "its price changed"),
        (_arrival(training, rows, age, begun) & up, "it came back into stock"),
    )
    for flags, words in found:
        cause[flags] = words
    near = np.abs(age - begun[:, None]) <= max(HOLIDAY_DAYS // days, 0)
    _name_events(cause, training, rows, near)
    cause[any_bucket(since & (training.levers.promoted[rows] > 0)) & up] = "a promotion"
    return cause


def _empty_shelf(training: Training, rows: Ints, since: Bools) -> Bools:
    """Not one sale since it began."""
    return ~any_bucket(since & (training.uncorrected[rows] > 0))


def _arrival(training: Training, rows: Ints, age: Ints, begun: Ints) -> Bools:
    before = (age > begun[:, None]) & (age <= begun[:, None] + ARRIVAL_DAYS / training.bucket_days)
    out = (training.begun[rows] > 0) & (training.weight[rows] < 1.0)
    return any_bucket(before & out)


def _price(
    training: Training, rows: Ints, since: Bools, age: Ints, begun: Ints, direction: Ints
) -> Bools:
    """The price went down before a rise, or up before a fall."""
    if training.levers.log_price is None:
        return np.zeros(len(rows), dtype=np.bool_)
    price = training.levers.log_price[rows]
    before = ~since & (age <= begun[:, None] + PRICE_DAYS / training.bucket_days)
    move = _mean(price, since) - _mean(price, before)
    return np.asarray(-move * direction > PRICE_MOVE, dtype=np.bool_)


def _mean(values: Floats, where: Bools) -> Floats:
    """[row] NaN where nothing is known."""
    known = where & np.isfinite(values)
    count = known.sum(axis=1)
    total = np.where(known, values, 0.0).sum(axis=1)
    return np.divide(total, count, out=np.full(len(values), np.nan), where=count > 0)


def _name_events(cause: Texts, training: Training, rows: Ints, near: Bools) -> None:
    """Write the event's name where one that is rare falls on the beginning."""
    grid = training.holidays
    present = (grid.share > 0)[grid.zone[rows]]
    for position, name in enumerate(grid.names):
        if (grid.share[:, :, position] > 0).mean() <= RARE:
            cause[any_bucket(near & present[:, :, position])] = name.split(", day ")[0]
