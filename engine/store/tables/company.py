"""The one company of this installation."""

import sqlalchemy as sa

from engine.store.tables.base import UtcDateTime, metadata

# One installation and one database = one company; the check keeps a second row out.
companies = sa.Table(
    "companies",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("base_currency", sa.String(3), nullable=False),
    sa.Column("time_zone", sa.Text, nullable=False),
    sa.Column("is_demo", sa.Boolean(create_constraint=True, name="is_demo"), nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.CheckConstraint("id = 1", name="only_one"),
)
