"""Exceptions that people put off until a day, or until more is at stake."""

import sqlalchemy as sa
from alembic import op

from engine.store.tables.base import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "exception_snoozes",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("until", sa.Date),
        sa.Column("grows_basis_points", sa.Integer),
        sa.Column("stake_minor", sa.BigInteger, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("ended_by", sa.Text),
        sa.Column("ended_at", UtcDateTime),
        sa.CheckConstraint(
            "until IS NOT NULL OR grows_basis_points IS NOT NULL",
            name=op.f("ck_exception_snoozes_end"),
        ),
    )
    op.create_index("ix_exception_snoozes_key", "exception_snoozes", ["key"])


def downgrade() -> None:
    op.drop_table("exception_snoozes")
