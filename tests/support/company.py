"""The demo company in the sizes tests need; made once per process."""

from datetime import date
from functools import cache

from engine.simulate.company import DemoCompany, generate

LAST_DAY = date(2026, 11, 15)  # a Sunday


@cache
def small_company() -> DemoCompany:
    """Eighty items and one year: quick, with everything in it that the full one has."""
    return generate(3, LAST_DAY, skus=80, history_days=364)


@cache
def full_company() -> DemoCompany:
    """The company of `qm demo`."""
    return generate(7, LAST_DAY)
