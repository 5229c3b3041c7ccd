"""When an occasion by the clock on the wall is due, and when it may be told.

A missed one is made up for once: only the latest counts, and it counts until the next is due.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from agent.crontab import next_time

LOOKS_BACK = (timedelta(days=1), timedelta(days=8), timedelta(days=32), timedelta(days=366))
_LONGEST_HOLIDAY_DAYS = 14


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """`due` is what it is known by; `tell_at` when quiet hours and holidays let it be told."""

    due: datetime
    tell_at: datetime


def latest(
    crontab: str,
    zone: ZoneInfo,
    now: datetime,
    *,
    quiet: tuple[time, time] | None = None,
    holidays: str = "",
) -> Occasion | None:
    """The latest occasion at or before `now`; None where there was none within a year."""
    for back in LOOKS_BACK:
        due = _last_within(crontab, zone, now, back)
        if due is not None:
            return Occasion(due=due, tell_at=_spoken_at(due, zone, quiet, holidays))
    return None


def _last_within(crontab: str, zone: ZoneInfo, now: datetime, back: timedelta) -> datetime | None:
    found, look = None, now - back
    while (due := next_time(crontab, zone, look)) is not None and due <= now:
        found, look = due, due + timedelta(seconds=1)
    return found


def _spoken_at(
    due: datetime, zone: ZoneInfo, quiet: tuple[time, time] | None, holidays: str
) -> datetime:
    local = due.astimezone(zone)
    for _ in range(_LONGEST_HOLIDAY_DAYS):
        if not _is_holiday(local, holidays):
            break
        local += timedelta(days=1)
    return _after_quiet(local, quiet).astimezone(UTC)


def _is_holiday(local: datetime, country: str) -> bool:
    if not country:
        return False
    import holidays

    return local.date() in holidays.country_holidays(country, years=local.year)


def _after_quiet(local: datetime, quiet: tuple[time, time] | None) -> datetime:
    """The end of the quiet hours, if it falls into them; they may span midnight."""
    if quiet is None:
        return local
    begin, end = quiet
    at = local.timetz().replace(tzinfo=None)
    overnight = begin > end
    is_quiet = (at >= begin or at < end) if overnight else begin <= at < end
    if not is_quiet:
        return local
    ends = local.replace(hour=end.hour, minute=end.minute, second=0, microsecond=0)
    return ends + timedelta(days=1) if overnight and at >= begin else ends
