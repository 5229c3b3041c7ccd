"""When recurring work is due by the calendar of the company."""

from datetime import datetime
from zoneinfo import ZoneInfo

from agent.bootstrap import Company
from agent.crontab import next_time
from engine.service.company import company_profile


def planning_time(company: Company, now: datetime) -> datetime | None:
    """The next time worker.plan_at names, in the company's time zone; None where it is not set."""
    return _next(company, company.settings.worker.plan_at, now)


def importing_time(company: Company, now: datetime) -> datetime | None:
    """As planning_time, of worker.import_at."""
    return _next(company, company.settings.worker.import_at, now)


def pulling_time(company: Company, now: datetime) -> datetime | None:
    """As planning_time, of worker.pull_at."""
    return _next(company, company.settings.worker.pull_at, now)


def _next(company: Company, crontab: str | None, now: datetime) -> datetime | None:
    if crontab is None:
        return None
    with company.stores.database.read() as look:
        profile = company_profile(look)
    return next_time(crontab, ZoneInfo(profile.time_zone if profile else "UTC"), now)
