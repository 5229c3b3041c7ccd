"""What people want their answers narrowed to."""

import sqlalchemy as sa
from alembic import op

from engine.store.tables.base import UtcDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "preferences",
        sa.Column("person_id", sa.Text, sa.ForeignKey("people.id"), primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.CheckConstraint(
            "name IN ('location', 'category', 'currency')", name=op.f("ck_preferences_name")
        ),
    )


def downgrade() -> None:
    op.drop_table("preferences")
