"""When a crontab line is due, with the weekdays and the "or" that crontab means.

APScheduler counts 0 as Monday where crontab counts 0 and 7 as Sunday, and it wants day of month
and day of week to hold together where crontab takes either once both are restricted (crontab(5)).
"""

from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from apscheduler.triggers.cron import CronTrigger

FIELDS = 5
DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")


def next_time(crontab: str, zone: tzinfo, now: datetime) -> datetime | None:
    """The first time at or after `now`; None where there is none, as for 31 February.

    Raises ValueError with the field that cannot be read.
    """
    due = [
        cast("datetime | None", trigger.get_next_fire_time(None, now))
        for trigger in _triggers(crontab, zone)
    ]
    return min((time for time in due if time), default=None)


def check(crontab: str) -> str:
    """The same text; raises ValueError with the field that cannot be read."""
    tuple(_triggers(crontab, UTC))
    return crontab


def _triggers(crontab: str, zone: tzinfo) -> Iterator["CronTrigger"]:
    """One trigger, or two of which either is due."""
    from apscheduler.triggers.cron import CronTrigger

    fields = crontab.split()
    if len(fields) != FIELDS:
        raise ValueError(f"a crontab line has {FIELDS} fields, not {len(fields)}: 30 6 * * 1-5")
    minute, hour, day, month, weekday = fields
    named = weekday if weekday == "*" else weekdays(weekday)
    # Only what begins with a star leaves a day unrestricted; crontab(5) says so of */2, too.
    both = not day.startswith("*") and not weekday.startswith("*")
    for one_day, one_weekday in ((day, "*"), ("*", named)) if both else ((day, named),):
        yield CronTrigger(
            minute=minute,
            hour=hour,
            day=one_day,
            month=month,
            day_of_week=one_weekday,
            timezone=zone,
        )


def weekdays(field: str) -> str:
    """A crontab's weekdays by name: '1-5' is 'mon,tue,wed,thu,fri', '0' and '7' are 'sun'."""
    found = {day % 7 for part in field.lower().split(",") for day in _days(part)}
    return ",".join(DAYS[day] for day in sorted(found))


def _days(part: str) -> range:
    span, _, step = part.partition("/")
    first, to, last = span.partition("-")
    begin, end = (0, 6) if span == "*" else (_day(first), _day(last if to else first))
    if step and not to:
        end = 6  # '1/2' begins on Monday and goes on
    if to and end == 0:
        end = 7  # 'fri-sun' and '5-0' end with the week
    if end < begin or (step and not (step.isdecimal() and int(step))):
        raise ValueError(f"day of week {part!r} is no weekday: write 1-5, 0,6 or mon,wed")
    return range(begin, end + 1, int(step or 1))


def _day(text: str) -> int:
    if text in DAYS:
        return DAYS.index(text)
    if text.isdecimal() and int(text) <= 7:  # noqa: PLR2004  crontab's second Sunday
        return int(text)
    raise ValueError(f"day of week {text!r} is no weekday: 0 to 7 (Sunday is 0 and 7) or mon")
