"""Exceptions that somebody looks after, and installations that were begun."""

import sqlalchemy as sa
from alembic import op

from engine.store.tables.base import UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "exception_assignments",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("assignee", sa.Text, nullable=False),
        sa.Column("due", sa.Date),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("ended_by", sa.Text),
        sa.Column("ended_at", UtcDateTime),
    )
    op.create_index("ix_exception_assignments_key", "exception_assignments", ["key"])
    op.create_table(
        "install_states",
        sa.Column("state", sa.Text, primary_key=True),
        sa.Column("expires_at", UtcDateTime, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("install_states")
    op.drop_table("exception_assignments")
