"""Whose data an import brings: the company is entered once, and stays the same one.

Orders, budgets and rights hang on it: mixing two companies would plan one's stock with the other's
money, and a demo company lets anyone act as anyone. What was only assumed of it, because no
mapping said so, may still be said.
"""

from datetime import datetime
from typing import cast

import sqlalchemy as sa

from engine.connect.mapping import CompanyBlock
from engine.errors import BadSource
from engine.model.snapshot import CompanyProfile
from engine.store.tables.budgets import budgets
from engine.store.tables.company import companies
from engine.store.tables.imports import import_runs
from engine.store.tables.people import policy_versions
from engine.store.tables.plans import plan_runs
from engine.store.tables.purchasing import purchase_orders

ASSUMED = "company_assumed"  # the key in the report of an import run
# What is written in the company's currency.
AMOUNTS = {
    "plans": plan_runs,
    "orders": purchase_orders,
    "budgets": budgets,
    "people's limits": policy_versions,
}


def unstated(block: CompanyBlock) -> frozenset[str]:
    """Which of name and base_currency a mapping leaves open."""
    stated = {"name": block.name, "base_currency": block.base_currency}
    return frozenset(key for key, value in stated.items() if value is None)


def introduce(
    work: sa.Connection, company: CompanyProfile, left_open: frozenset[str], now: datetime
) -> frozenset[str]:
    """Enter the company, or make sure that it is still the same one.

    `left_open` is what the mapping does not say. Returns what is only assumed from here on.
    Raises BadSource for the data of another company.
    """
    known = work.execute(sa.select(companies)).one_or_none()
    if known is None:
        row = {
            "id": 1,
            "name": company.name,
            "base_currency": company.base_currency,
            "is_demo": company.is_demo,
            "time_zone": company.time_zone,
            "created_at": now,
        }
        work.execute(sa.insert(companies).values(row))
        return left_open
    assumed = _assumed(work)
    before = CompanyProfile(
        name=known.name, base_currency=known.base_currency, is_demo=known.is_demo
    )
    if before.is_demo != company.is_demo or (before.name != company.name and "name" not in assumed):
        raise _another(before, company)
    if before.base_currency != company.base_currency:
        _require_no_amounts(work, before, company)
    work.execute(
        sa.update(companies).values(
            name=company.name,
            base_currency=company.base_currency,
            time_zone=company.time_zone,
        )
    )
    return assumed & left_open


def _assumed(work: sa.Connection) -> frozenset[str]:
    """What no import has said so far, as the latest one noted."""
    latest = sa.select(import_runs.c.report).order_by(import_runs.c.id.desc()).limit(1)
    report = cast("dict[str, list[str]] | None", work.execute(latest).scalar_one_or_none())
    return frozenset((report or {}).get(ASSUMED, ()))


def _require_no_amounts(work: sa.Connection, before: CompanyProfile, after: CompanyProfile) -> None:
    """A new currency would give every stored amount another worth."""
    held = [
        name
        for name, table in AMOUNTS.items()
        if work.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first()
    ]
    if held:
        raise BadSource(
            f"The company counts in {before.base_currency}, the folder in {after.base_currency}, "
            f"and {', '.join(held)} are stored in {before.base_currency} already. Correct "
            "base_currency in the mapping, or set QM_HOME to another folder and begin anew."
        )


def _another(before: CompanyProfile, after: CompanyProfile) -> BadSource:
    return BadSource(
        f"This database belongs to {_shown(before)}, the folder to {_shown(after)}. One database "
        "holds one company: set QM_HOME to another folder, or correct the company block of the "
        "mapping."
    )


def _shown(company: CompanyProfile) -> str:
    return f"{company.name!r} ({company.base_currency}{', a demo' if company.is_demo else ''})"
