"""The transactional tables, one file per business area, all on one metadata."""

from engine.store.tables import (
    audit,
    budgets,
    company,
    conversation,
    delegations,
    demand,
    exceptions,
    figures,
    fulfilment,
    imports,
    learning,
    people,
    plans,
    preferences,
    promises,
    purchasing,
    replays,
    reviews,
    storefront,
    surfaces,
    work,
)
from engine.store.tables.base import metadata

__all__ = [
    "audit", "budgets", "company", "conversation", "delegations", "demand", "exceptions",
    "figures", "fulfilment", "imports", "learning", "metadata", "people", "plans", "preferences",
    "promises", "purchasing", "replays", "reviews", "storefront", "surfaces", "work",
]  # fmt: skip
