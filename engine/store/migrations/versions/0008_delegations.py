"""Who stands in for whom, and by whose authority a decision was made."""

import sqlalchemy as sa
from alembic import op

from engine.store.tables.base import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "delegations",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("giver", sa.Text, nullable=False),
        sa.Column("taker", sa.Text, nullable=False),
        sa.Column("first_day", sa.Date, nullable=False),
        sa.Column("last_day", sa.Date, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("ended_by", sa.Text),
        sa.Column("ended_at", UtcDateTime),
        sa.CheckConstraint("giver <> taker", name=op.f("ck_delegations_parties")),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_delegations_days")),
    )
    op.create_index("ix_delegations_last_day", "delegations", ["last_day"])
    op.add_column("approval_decisions", sa.Column("on_behalf_of", sa.Text))


def downgrade() -> None:
    op.drop_column("approval_decisions", "on_behalf_of")
    op.drop_table("delegations")
