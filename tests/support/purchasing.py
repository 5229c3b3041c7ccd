"""A small company that buys: people with limits, suppliers, a plan to draft from."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import sqlalchemy as sa

from engine.service import people
from engine.service.policy_file import PolicyFile, parse_policy
from engine.service.stores import AuditSeal, Stores
from engine.store.blobs import BlobStore
from engine.store.database import Database
from engine.store.tables.company import companies

NOW = datetime(2026, 11, 2, 8, 30, tzinfo=UTC)  # a Monday, ISO week 45
POLICY = """
currency: GBP
roles:
  buyer: {rights: [read, draft, override]}
  manager:
    rights: [read, draft, approve, set_budget]
    limits: [{up_to: 2000}, {up_to: 4000, categories: [Furniture]}]
  director:
    rights: [read, approve, set_budget, over_budget]
    limits: [{up_to: 50000}]
people:
  - {id: bea, name: Bea Marsh, roles: [buyer], os_user: bmarsh, email: bea@example.com}
  - {id: ben, name: Ben Adeyemi, roles: [buyer]}
  - {id: max, name: Max Okafor, roles: [manager], os_user: mokafor,
     slack: [{team_id: T1, user_id: U2}]}
  - {id: mia, name: Mia Lund, roles: [manager]}
  - {id: dana, name: Dana Whitfield, roles: [director]}
approval:
  steps: [{name: approval}, {name: second approval, above: 2500}]
"""


def policy_file(text: str = POLICY) -> PolicyFile:
    return parse_policy(text, "people.yaml")


def purchasing_stores(database: Database, folder: Path, *, is_demo: bool = True) -> Stores:
    """Stores of a company with the policy above in force."""
    stores = Stores(
        database=database,
        blobs=BlobStore(url=f"{folder}/snapshots"),
        seal=AuditSeal(key=b"a key for tests only", anchor=f"{folder}/anchor.jsonl"),
    )
    with database.write() as work:
        work.execute(
            sa.insert(companies).values(
                id=1,
                name="Fern & Oak",
                base_currency="GBP",
                time_zone="Europe/London",
                is_demo=is_demo,
                created_at=NOW,
            )
        )
    people.sync(stores, policy_file(), now=NOW)
    return stores


def pounds(amount: str | int) -> int:
    """Minor units of an amount in pounds."""
    return int(Decimal(amount) * 100)
