"""What a supplier confirmed at another price than was ordered."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "po_confirmed_prices",
        sa.Column(
            "confirmation_id", sa.Integer, sa.ForeignKey("po_confirmations.id"), primary_key=True
        ),
        sa.Column("line", sa.Integer, primary_key=True),
        sa.Column("unit_price_micros", sa.BigInteger, nullable=False),
        sa.CheckConstraint(
            "unit_price_micros > 0", name=op.f("ck_po_confirmed_prices_unit_price_micros")
        ),
    )


def downgrade() -> None:
    op.drop_table("po_confirmed_prices")
