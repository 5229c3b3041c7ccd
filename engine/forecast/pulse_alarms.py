"""Which series are in a pulse that a planner should know of, since when, and how sure that is."""

from dataclasses import dataclass

import numpy as np

from engine.demand.arrays import Bools, Floats, Ints, any_bucket, ratio
from engine.forecast.pulse_filter import RIPE_BUCKETS, Followed, Level, Watched, follow
from engine.forecast.pulse_lines import Lines, learn_lines, volume_classes
from engine.forecast.pulse_rates import PulseRates
from engine.forecast.pulse_scan import FALL, RISE, Scanner, scanner, windows

OPEN_DAYS = 28  # an alarm stays open as long as the pulse is likely on, and no longer than this
LIKELY = 0.5
SAMPLE = 1500  # series on whose past the lines are drawn


@dataclass(frozen=True, kw_only=True)
class Watch:
    """Everything that was seen of the last half year, and what the filter made of it."""

    watched: Watched
    start: Level
    followed: Followed
    rates: PulseRates
    bucket_days: int

    @property
    def scanner(self) -> Scanner:
        return scanner(self.watched, self.followed, self.rates, self.bucket_days)


@dataclass(frozen=True, kw_only=True)
class Alarms:
    """[series]; without an alarm direction is 0, size 1, begun 0 and noise 1."""

    direction: Ints  # 1 up, -1 down
    raised: Bools  # by the last bucket itself
    size: Floats  # sold since it began over what was usual
    begun: Ints  # buckets ago; 1 is the last bucket
    noise: Floats  # chance that no pulse is on: a burst, or nothing


def lines_of(watch: Watch) -> Lines:
    """Alarm lines from an evenly spaced sample of the series."""
    rows = watch.watched.sample(SAMPLE)
    mine = watch.watched.of(rows)
    start = Level(units=watch.start.units[rows], exposure=watch.start.exposure[rows])
    followed = follow(mine, start, watch.rates, watch.bucket_days)
    return learn_lines(
        scanner(mine, followed, watch.rates, watch.bucket_days), watch.bucket_days
    )  # fmt: skip


def alarms_of(watch: Watch, lines: Lines) -> Alarms:
    """Alarms open after the last bucket; a rise goes before a fall."""
    rise, fall = _open(watch, lines, RISE), _open(watch, lines, FALL)
    up = rise.direction != 0
    return Alarms(
        direction=np.where(up, rise.direction, fall.direction),
        raised=rise.raised | fall.raised,
        size=np.where(up, rise.size, fall.size),
        begun=np.where(up, rise.begun, fall.begun),
        noise=np.where(up, rise.noise, fall.noise),
    )


def _open(watch: Watch, lines: Lines, size: float) -> Alarms:
    hits, first = alarm_days(watch, lines, size)
    days = hits.shape[1]
    believed = watch.followed.above if size > 1.0 else watch.followed.below
    sure = believed[:, -1] if days else np.zeros(len(hits))
    raised = hits[:, -1] if days else np.zeros(len(hits), dtype=np.bool_)
    is_open = any_bucket(hits) & (raised | (sure >= LIKELY))
    earliest = np.argmax(hits, axis=1)[:, None]
    begun = days - np.take_along_axis(first, earliest, axis=1)[:, 0]
    direction = 1 if size > 1.0 else -1
    return Alarms(
        direction=np.where(is_open, direction, 0),
        raised=raised,
        size=np.where(is_open, _size(watch, begun), 1.0),
        begun=np.where(is_open, begun, 0),
        noise=np.where(is_open, 1.0 - sure, 1.0),
    )


def alarm_days(watch: Watch, lines: Lines, size: float) -> tuple[Bools, Ints]:
    """[series, bucket] of the last four weeks: is it an alarm, and where did its window begin."""
    tail = max(round(OPEN_DAYS / watch.bucket_days), 1)
    scans = watch.scanner.tail(tail + max(windows(size, watch.bucket_days))).scan(size)
    statistic, length = scans.statistic[:, -tail:], scans.buckets[:, -tail:]
    usual = watch.scanner.usual[:, -tail:]
    line = (lines.rise if size > 1.0 else lines.fall)[volume_classes(usual, watch.bucket_days)]
    ripe = watch.followed.ripe[:, -tail:] >= RIPE_BUCKETS
    offered = watch.watched.offered[:, -tail:] > 0
    position: Ints = np.arange(statistic.shape[1], dtype=np.int64)[None, :]
    first = np.maximum(position - length + 1, 0).astype(np.int64)
    return np.asarray((statistic >= line) & ripe & offered, dtype=np.bool_), first


def _size(watch: Watch, begun: Ints) -> Floats:
    """Units sold since the pulse began over what was usual for these buckets."""
    buckets = watch.watched.sold.shape[1]
    age: Ints = np.arange(buckets, dtype=np.int64)[None, :]
    since: Bools = age >= (buckets - begun)[:, None]
    since = since & (watch.watched.offered > 0)
    sold = np.where(since, watch.watched.sold, 0.0).sum(axis=1)
    return ratio(sold, np.where(since, watch.followed.mean, 0.0).sum(axis=1), 1.0)
