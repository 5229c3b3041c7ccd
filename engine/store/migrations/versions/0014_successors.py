"""Which order came in the place of one that was superseded."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "po_successors",
        sa.Column("po_id", sa.Integer, sa.ForeignKey("purchase_orders.id"), primary_key=True),
        sa.Column(
            "successor_id", sa.Integer, sa.ForeignKey("purchase_orders.id"), primary_key=True
        ),
    )
    op.create_index("ix_po_successors_successor_id", "po_successors", ["successor_id"])


def downgrade() -> None:
    op.drop_table("po_successors")
