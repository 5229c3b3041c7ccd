"""What the company says of itself: its currency, its time zone, whether it is a demo."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from engine.model.snapshot import CompanyProfile
from engine.store.tables.company import companies


def company_profile(look: sa.Connection) -> CompanyProfile | None:
    """The company of this installation; None before the first import has introduced it."""
    row = look.execute(sa.select(companies)).one_or_none()
    if row is None:
        return None
    return CompanyProfile(
        name=row.name,
        base_currency=row.base_currency,
        time_zone=row.time_zone,
        is_demo=row.is_demo,
    )


def is_demo(look: sa.Connection) -> bool:
    """Whether this is a demo company; False unless the data says so."""
    company = company_profile(look)
    return company is not None and company.is_demo


def local_day(look: sa.Connection, now: datetime) -> date:
    """The calendar day at the company; UTC until a company is known."""
    company = company_profile(look)
    return now.astimezone(ZoneInfo(company.time_zone if company else "UTC")).date()
