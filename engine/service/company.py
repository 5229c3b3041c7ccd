"""What the company says of itself: its currency, its time zone, whether it is a demo, its day."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from engine.model.snapshot import CompanyProfile
from engine.store.snapshots import latest_as_of
from engine.store.tables.company import companies

# Nobody buys from data two months old; a company that is only late with its import still does.
LOOKS_BACK_AFTER = timedelta(days=60)


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
    """The calendar day at the company."""
    return now.astimezone(local_zone(look)).date()


def local_zone(look: sa.Connection) -> ZoneInfo:
    """The zone in whose calendar the company lives; UTC until a company is known."""
    company = company_profile(look)
    return ZoneInfo(company.time_zone if company else "UTC")


def order_day(look: sa.Connection, now: datetime) -> date:
    """The day by which plans, budgets and orders count for a week and a month: the only rule.

    It is today at the company, so that data ending on Friday and planned on Monday spends Monday's
    week; or the as-of date of the latest import where that is later. Where the newest data is
    older than LOOKS_BACK_AFTER the company looks at its past, and time stands still at that as-of
    date: a cap set for a plan of 2011 binds the orders drafted from it.

    A plan takes the day on which it is made, an order the day on which it is proposed: a draft of
    last week draws on this week's budget. What a proposal has taken stays where it was taken.
    """
    today, as_of = local_day(look, now), latest_as_of(look)
    if as_of is None:
        return today
    return as_of if today - as_of > LOOKS_BACK_AFTER else max(as_of, today)
