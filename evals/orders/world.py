"""A company with many approvers and orders to decide on; nothing in it depends on chance."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import sqlalchemy as sa

from engine.kernels.discounts import PriceTiers
from engine.model.people import Person
from engine.model.plan import LINES
from engine.purchase.terms import ItemName, Offer, SupplierTerms, Terms
from engine.service import approve, people, purchase
from engine.service.approval_card import ApprovalCard
from engine.service.policy_file import parse_policy
from engine.service.stores import AuditSeal, Stores
from engine.store import migrate
from engine.store.blobs import BlobStore
from engine.store.database import open_database
from engine.store.tables.company import companies

NOW = datetime(2026, 11, 2, 8, 30, tzinfo=UTC)
PRICE_MICROS = 4_900_000
PACK = 12
_POLICY = """
currency: GBP
roles:
  buyer: {{rights: [read, draft]}}
  manager: {{rights: [read, draft, approve, set_budget], limits: [{{up_to: 900000}}]}}
  director: {{rights: [read, approve, over_budget, set_budget, administer],
             limits: [{{up_to: 9000000}}]}}
people:
  - {{id: bea, name: Bea, roles: [buyer]}}
  - {{id: dana, name: Dana, roles: [director]}}
{managers}
approval:
  steps: [{{name: approval}}, {{name: second approval, above: 500000}}]
"""


class Run:
    """What drafting asks of a plan run; each order is its own, so that none is met by another."""

    snapshot_id = "made-up"
    as_of: date = NOW.date()

    def __init__(self, number: int) -> None:
        self.id = f"run-{number}"
        # Computed after every order there is: it has counted them all.
        self.created_at = NOW + timedelta(days=3650)


def open_stores(url: str, home: Path) -> Stores:
    """The stores at an address, as every process of the company opens them."""
    return Stores(
        database=open_database(url),
        blobs=BlobStore(url=f"{home}/snapshots"),
        seal=AuditSeal(key=b"a key for measuring only", anchor=f"{home}/anchor.jsonl"),
    )


def found_company(url: str, home: Path, *, managers: int = 2, team: str = "") -> Stores:
    """An empty database becomes a company with so many managers (m0, m1, ...).

    With `team`, each has a Slack id in that workspace: U and their name in capitals.
    """
    stores = open_stores(url, home)
    migrate.upgrade(stores.database)
    with stores.database.write() as work:
        work.execute(
            sa.insert(companies).values(
                id=1, name="Made Up Ltd", base_currency="GBP", time_zone="Europe/London",
                is_demo=False, created_at=NOW,
            )
        )  # fmt: skip
    text = policy_text(managers=managers, team=team)
    people.sync(stores, parse_policy(text, "made up"), now=NOW)
    return stores


def policy_text(*, managers: int, team: str = "") -> str:
    """A people file; with `team`, Slack ids beside everybody."""
    rows = (f"  - {{id: m{n}, name: Manager {n}, roles: [manager]}}" for n in range(managers))
    policy = _POLICY.format(managers="\n".join(rows))
    if not team:
        return policy
    return re.sub(
        r"- {id: (\w+),",
        lambda found: f"{found[0]} slack: [{{team_id: {team}, user_id: U{found[1].upper()}}}],",
        policy,
    )


def person(stores: Stores, who: str) -> Person:
    return people.person_of(stores, who, "slack")


def terms(pairs: Iterable[tuple[str, str]]) -> Terms:
    """What each supplier of (supplier, sku) pairs sells, all at one price."""
    offered = sorted(set(pairs))
    tiers = PriceTiers(breaks=(0,), prices_micros=(PRICE_MICROS,))
    offer = Offer(
        supplier_sku=None, tiers=tiers, case_pack=PACK, minimum_units=PACK, lead_time_days=None
    )
    return Terms(
        base_currency="GBP",
        rates={"GBP": Decimal(1)},
        suppliers={
            name: SupplierTerms(name=name, lead_time_days=14.0, payment_days=30, incoterm="DAP")
            for name in {supplier for supplier, _ in offered}
        },
        offers=dict.fromkeys(offered, offer),
        items={sku: ItemName(name=f"Item {sku}", category="Goods") for _, sku in offered},
    )


def buy(sku: str, supplier: str, packs: int, location: str = "LEEDS") -> dict[str, Any]:
    """A ranked buy with the columns that drafting reads; the others are not looked at."""
    units = packs * PACK
    known: dict[str, Any] = {
        "rank": 1, "sku": sku, "location": location, "supplier": supplier, "units": units,
        "packs": packs, "case_pack": PACK, "unit_cost_micros": PRICE_MICROS, "currency": "GBP",
        "tier": "wait", "reason": "it runs out",
    }  # fmt: skip
    return {column: known.get(column) for column in LINES}


def draft(stores: Stores, number: int, buys: list[dict[str, Any]], who: str = "bea") -> list[str]:
    """Draft buys as the `number`-th run; returns the order numbers."""
    frame = pd.DataFrame(buys, columns=list(LINES))
    sold = terms((str(each["supplier"]), str(each["sku"])) for each in buys)
    views = purchase.draft_from_lines(
        stores, run=Run(number), lines=frame, terms=sold,
        person=person(stores, who), now=NOW,
    )  # fmt: skip
    return [view.number for view in views]


def ask(stores: Stores, number: int, *, packs: int = 2, now: datetime = NOW) -> ApprovalCard:
    """One order of one line from a supplier of its own, drafted and proposed by bea."""
    (po,) = draft(stores, number, [buy(f"SKU-{number}", f"SUP-{number % 40}", packs)])
    view = purchase.propose(stores, po, person=person(stores, "bea"), now=now)
    return approve.card(stores, view.request_id or 0, now=now)
