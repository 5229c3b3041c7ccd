"""A small company that buys: people with limits, suppliers, a plan to draft from."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
import sqlalchemy as sa

from engine.kernels.discounts import PriceTiers
from engine.model.money import to_micros
from engine.model.people import Person
from engine.model.plan import LINES
from engine.purchase.states import OrderState
from engine.purchase.terms import ItemName, Offer, SupplierTerms, Terms
from engine.service import approve, audit, people, purchase
from engine.service.approval_click import Decision
from engine.service.approve import ApprovalCard, Outcome
from engine.service.budget_caps import adopt_imported
from engine.service.order_view import OrderView
from engine.service.policy_file import PolicyFile, parse_policy
from engine.service.stores import AuditSeal, Stores
from engine.store.blobs import BlobStore
from engine.store.database import Database
from engine.store.tables.company import companies
from support.plans import line

DAY = timedelta(days=1)
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
  - {id: bea, name: Bea Marsh, roles: [buyer], os_user: bmarsh, email: bea@example.com,
     slack: [{team_id: T1, user_id: U1}]}
  - {id: ben, name: Ben Adeyemi, roles: [buyer]}
  - {id: max, name: Max Okafor, roles: [manager], os_user: mokafor,
     slack: [{team_id: T1, user_id: U2}]}
  - {id: mia, name: Mia Lund, roles: [manager]}
  - {id: dana, name: Dana Whitfield, roles: [director], slack: [{team_id: T1, user_id: U4}]}
approval:
  steps: [{name: approval}, {name: second approval, above: 2500}]
"""


@lru_cache
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


def cap(stores: Stores, amount: int, scope: str = "total", period: str = "2026-W45") -> None:
    """A budget of so many pounds that came with the data; this week's by default."""
    row = {"scope": scope, "period": period, "cap_micros": amount * 10**6, "currency": None}
    with stores.database.write() as work:
        adopt_imported(
            work, stores.seal, pd.DataFrame([row]), TERMS.rates, "GBP", snapshot_id="s-1", now=NOW
        )


def pounds(amount: str | int) -> int:
    """Minor units of an amount in pounds."""
    return int(Decimal(amount) * 100)


@dataclass(frozen=True, kw_only=True)
class Run:
    """What drafting asks of a plan run."""

    id: str = "run-1"
    snapshot_id: str = "snapshot-1"
    as_of: date = date(2026, 11, 2)
    created_at: datetime = NOW - timedelta(hours=1)


def supplier_terms(name: str, **other: Any) -> SupplierTerms:
    values = {"lead_time_days": 14.0, "payment_days": 30, "incoterm": "DAP", **other}
    return SupplierTerms(name=name, **values)


def offer(*prices: tuple[int, str], case_pack: int = 12, minimum_units: int = 12) -> Offer:
    return Offer(
        supplier_sku=None,
        tiers=PriceTiers(
            breaks=tuple(units for units, _ in prices),
            prices_micros=tuple(to_micros(price) for _, price in prices),
        ),
        case_pack=case_pack,
        minimum_units=minimum_units,
        lead_time_days=None,
    )


TERMS = Terms(
    base_currency="GBP",
    rates={"GBP": Decimal(1), "EUR": Decimal("0.86")},
    suppliers={
        "NORDLICHT": supplier_terms("Nordlicht GmbH"),
        "OAKHURST": supplier_terms("Oakhurst Joinery", lead_time_days=21.0),
    },
    offers={
        ("NORDLICHT", "LAMP-OAK-01"): offer((0, "20"), (120, "18")),
        ("NORDLICHT", "LAMP-ASH-02"): offer((0, "10")),
        ("OAKHURST", "CHAIR-1"): offer((0, "100"), case_pack=1, minimum_units=1),
    },
    items={
        "LAMP-OAK-01": ItemName(name="Oak lamp", category="Lighting/Table"),
        "LAMP-ASH-02": ItemName(name="Ash lamp", category="Lighting/Table"),
        "CHAIR-1": ItemName(name="Oak chair", category="Furniture/Chairs"),
    },
)


def buy(sku: str, units: int, **other: Any) -> dict[str, Any]:
    """A ranked buy of the plan; chairs come from Oakhurst, in pounds, lamps from Nordlicht."""
    supplier = "OAKHURST" if sku.startswith("CHAIR") else "NORDLICHT"
    return line(1, sku=sku, **{"units": units, "supplier": supplier, "currency": "GBP", **other})


def frame(*buys: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame(buys, columns=list(LINES))


def person(stores: Stores, who: str) -> Person:
    return people.person_of(stores, who, "demo")


def draft(
    stores: Stores,
    *buys: dict[str, Any],
    who: str = "bea",
    run: Run | None = None,
    now: datetime = NOW,
    **other: Any,
) -> tuple[OrderView, ...]:
    return purchase.draft_from_lines(
        stores,
        run=run or Run(),
        lines=frame(*buys),
        terms=TERMS,
        person=person(stores, who),
        now=now,
        **other,
    )


def proposed(
    stores: Stores, *buys: dict[str, Any], who: str = "bea", run_id: str = "run-1", **other: Any
) -> ApprovalCard:
    """An order drafted and proposed by one person, as its approvers see it."""
    (view,) = draft(stores, *buys, who=who, run=Run(id=run_id, created_at=NOW + DAY))
    view = purchase.propose(
        stores, view.number, person=person(stores, who), **{"now": NOW, **other}
    )
    assert view.request_id is not None
    return approve.card(stores, view.request_id, now=NOW)


def click(
    stores: Stores, card: ApprovalCard, who: str, decision: Decision = "approve", **other: Any
) -> Outcome:
    """What the button of a card does."""
    return approve.decide(
        stores,
        request_id=card.request_id,
        person=other.pop("person", None) or person(stores, who),
        **{
            "revision": card.revision,
            "digest": card.digest,
            "decision": decision,
            "now": NOW,
            **other,
        },
    )


def count(stores: Stores, table: sa.Table, **where: object) -> int:
    query = sa.select(sa.func.count()).select_from(table)
    for column, value in where.items():
        query = query.where(table.c[column] == value)
    with stores.database.read() as look:
        return look.execute(query).scalar_one()


def kinds(stores: Stores, number: str = "PO-1001") -> list[str]:
    """What the audit says has happened to an order, in order."""
    return [event.kind for event in audit.events(stores, subject=number)]


def state(stores: Stores, number: str = "PO-1001") -> OrderState:
    return purchase.order_view(stores, number).state
