"""The transactional tables, one file per business area, all on one metadata."""

from engine.store.tables import company, plans
from engine.store.tables.base import metadata

__all__ = ["company", "metadata", "plans"]
