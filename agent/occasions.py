"""Settings of what happens by itself: digests, and when people want to be left alone."""

from datetime import time
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from agent import crontab
from agent.section import Parts, Section

Crontab = Annotated[str, AfterValidator(crontab.check)]


def _hours(given: object) -> object:
    """`20:00-07:30` as two times of day."""
    if not isinstance(given, str):
        return given
    begin, dash, end = given.partition("-")
    if not dash:
        raise ValueError(f"quiet hours are written 20:00-07:30, not {given!r}")
    return time.fromisoformat(begin.strip()), time.fromisoformat(end.strip())


Hours = Annotated[tuple[time, time], BeforeValidator(_hours)]


class DigestSettings(Section):
    """One digest: where, when, about what. Written as [[digests]] in the settings file."""

    name: str = Field(pattern=r"^[\w-]{1,40}$", description="unique; part of what it is known by")
    channel: str = Field(min_length=1, description="channel id that receives it")
    at: Crontab = Field(default="30 8 * * mon", description="crontab in its time zone")
    time_zone: str = Field(default="", description="IANA name; default: the company's")
    quiet: Hours | None = Field(default=None, description="hours in which it waits: 20:00-07:30")
    holidays: str = Field(
        default="", description="ISO 3166 code; on a public holiday there it waits for the next day"
    )
    suppliers: Parts = Field(default=(), description="only these; default: all")
    categories: Parts = Field(default=(), description="only these paths and what lies below them")
    locations: Parts = Field(default=(), description="only these")


class ReviewSettings(Section):
    """The review of the month by itself."""

    channel: str = Field(default="", description="channel id that receives it; empty: none is made")
    at: Crontab = Field(default="0 9 1 * *", description="crontab in its time zone")
    time_zone: str = Field(default="", description="IANA name; default: the company's")
