"""What people want their answers narrowed to; a person's own, and nothing anybody decides by."""

import sqlalchemy as sa

from engine.store.tables.base import UtcDateTime, metadata

preferences = sa.Table(
    "preferences",
    metadata,
    sa.Column("person_id", sa.Text, sa.ForeignKey("people.id"), primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),  # a location's code, a category path, a currency
    sa.Column("at", UtcDateTime, nullable=False),
    sa.CheckConstraint("name IN ('location', 'category', 'currency')", name="name"),
)
