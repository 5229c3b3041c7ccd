"""The transactional tables, one file per business area, all on one metadata."""

from engine.store.tables import audit, budgets, company, people, plans, purchasing
from engine.store.tables.base import metadata

__all__ = ["audit", "budgets", "company", "metadata", "people", "plans", "purchasing"]
