"""The transactional tables, one file per business area, all on one metadata."""

from engine.store.tables import (
    audit,
    budgets,
    company,
    conversation,
    delegations,
    demand,
    exceptions,
    fulfilment,
    imports,
    people,
    plans,
    promises,
    purchasing,
    replays,
    storefront,
    surfaces,
    work,
)
from engine.store.tables.base import metadata

__all__ = [
    "audit", "budgets", "company", "conversation", "delegations", "demand", "exceptions",
    "fulfilment", "imports", "metadata", "people", "plans", "promises", "purchasing", "replays",
    "storefront", "surfaces", "work",
]  # fmt: skip
