"""Times of day that speak of another time zone."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.connect.take import Clock
from engine.model.finding import Finding

Hours = NDArray[np.float64]
_LEAST_ROWS = 500
_QUIET_HOURS = 6
_NIGHT = (22.0, 8.0)  # the middle of the quietest six hours lies between, where people sell
_JUMP = 2.0  # hours by which the usual time of day moves for good; summer time moves it by one
_HOURS = 24


def time_zone_shifts(clocks: Sequence[Clock], zone: str) -> list[Finding]:
    """Sales written in another zone than the company's: dates near midnight are then a day off."""
    if not clocks:
        return []
    times = np.concatenate([clock.times for clock in clocks])
    rows = np.concatenate([clock.rows for clock in clocks])
    seconds = (times - times.astype("datetime64[D]")).astype("timedelta64[s]").astype(np.int64)
    known = ~np.isnat(times) & (rows > 0)
    times, rows, seconds = times[known], rows[known], seconds[known]
    if rows[seconds != 0].sum() < _LEAST_ROWS:
        return []
    found = _midnight_elsewhere(seconds, rows) or _busy_nights(seconds, rows)
    reason = found or _jump(times, seconds, rows)
    if reason is None:
        return []
    return [
        Finding(
            code="time_zone_shift",
            severity="warning",
            table="sales",
            rows=int(rows.sum()),
            message=reason,
            done=f"Read as {zone} time; state `time_zone` of the file if it is another.",
        )
    ]


def _midnight_elsewhere(seconds: NDArray[np.int64], rows: NDArray[np.int64]) -> str | None:
    """Dates that were exported as midnight of another zone: always 22:00 or 23:00, say."""
    hours = np.unique(seconds[rows > 0])
    whole = hours % 3600 == 0
    if len(hours) > 2 or not whole.all() or 0 in hours:  # noqa: PLR2004  winter and summer time
        return None
    shown = " or ".join(f"{hour // 3600:02d}:00" for hour in hours)
    return f"Every sale is at {shown}: dates written as midnight of another time zone."


def _by_hour(seconds: NDArray[np.int64], rows: NDArray[np.int64]) -> Hours:
    return np.bincount(seconds // 3600, weights=rows, minlength=_HOURS).astype(np.float64)


def _busy_nights(seconds: NDArray[np.int64], rows: NDArray[np.int64]) -> str | None:
    hours = _by_hour(seconds, rows)
    windows = [float(np.roll(hours, -start)[:_QUIET_HOURS].sum()) for start in range(_HOURS)]
    if min(windows) > 0.1 * hours.sum():
        return None
    quiet = [start for start in range(_HOURS) if windows[start] == min(windows)]
    middle = (quiet[len(quiet) // 2] + _QUIET_HOURS / 2) % _HOURS
    if middle >= _NIGHT[0] or middle <= _NIGHT[1]:
        return None
    return f"Hardly anything sells around {middle:02.0f}:00, but at night: the clock looks shifted."


def _jump(
    times: NDArray[np.datetime64], seconds: NDArray[np.int64], rows: NDArray[np.int64]
) -> str | None:
    """The usual time of day, by month, moves by hours and stays there."""
    month = times.astype("datetime64[M]").astype(np.int64)
    known = np.unique(month)
    angle = 2 * np.pi * seconds / 86_400
    usual = np.asarray(
        [
            np.angle((rows[month == m] * np.exp(1j * angle[month == m])).sum()) / 2 / np.pi * _HOURS
            for m in known
        ]
    )
    for at in range(1, len(known)):
        moved = (usual[at:] - usual[:at, None] + _HOURS / 2) % _HOURS - _HOURS / 2
        if (moved >= _JUMP).all() or (moved <= -_JUMP).all():
            day = known[at].astype("datetime64[M]")
            return (
                f"From {day} on sales are {abs(float(np.median(moved))):.0f} hours off the time "
                "of day before."
            )
    return None
