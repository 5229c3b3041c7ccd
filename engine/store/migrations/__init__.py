"""Alembic revisions in one line; run only through `qm db`."""
