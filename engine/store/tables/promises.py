"""What is promised to customers: who holds which units, which window they were told, and by what.

`allocation_ledger` and `told_windows` only grow. `backorder_promises` and `place_promises` are the
picture of the newest run; everything in them follows from the run's inputs and the ledger.
"""

import sqlalchemy as sa

from engine.store.tables.base import Json, UtcDateTime, metadata

promise_runs = sa.Table(
    "promise_runs",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("day", sa.Date, nullable=False),  # on which it was told, by the company's calendar
    sa.Column("snapshot_id", sa.Text, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),  # of everything it was computed from
    sa.Column("policy", Json, nullable=False),
    sa.Column("cause", sa.Text, nullable=False),  # what had changed
)
allocation_ledger = sa.Table(
    "allocation_ledger",
    metadata,
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("run_id", sa.Integer, sa.ForeignKey("promise_runs.id"), nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("order_line", sa.Text, nullable=False),
    sa.Column("sku", sa.Text, nullable=False),  # of a set: the component
    sa.Column("location", sa.Text, nullable=False),
    sa.Column("units", sa.BigInteger, nullable=False),  # given; below zero: taken back
    sa.Column("held", sa.BigInteger, nullable=False),  # by the line, of this sku, afterwards
    sa.Column("rank", sa.Integer, nullable=False),  # in the queue of everybody; 0: no longer in it
    sa.Column("paid_at", UtcDateTime),
    sa.Column("why", sa.Text, nullable=False),
    sa.CheckConstraint("units <> 0", name="units"),
    sa.CheckConstraint("held >= 0", name="held"),
    sa.Index("ix_allocation_ledger_order_line", "order_line"),
    sa.Index("ix_allocation_ledger_sku", "sku"),
)
backorder_promises = sa.Table(
    "backorder_promises",
    metadata,
    sa.Column("order_line", sa.Text, primary_key=True),
    sa.Column("run_id", sa.Integer, sa.ForeignKey("promise_runs.id"), nullable=False),
    sa.Column("sku", sa.Text, nullable=False),
    sa.Column("location", sa.Text, nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("contact_ref", sa.Text),
    sa.Column("units", sa.BigInteger, nullable=False),
    sa.Column("held", sa.BigInteger, nullable=False),
    sa.Column("ready", sa.Boolean, nullable=False),
    sa.Column("ready_on", sa.Date),  # the day on which all of it was there
    sa.Column("rank", sa.Integer, nullable=False),
    sa.Column("ahead", sa.BigInteger, nullable=False),
    sa.Column("paid_at", UtcDateTime),
    sa.Column("basis", sa.Text, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("first_on", sa.Date),
    sa.Column("last_on", sa.Date),
    sa.Column("likeliest_on", sa.Date),
    sa.Column("pos", Json, nullable=False),
    sa.Column("slips", sa.Float),
    sa.Column("at_risk", sa.Boolean, nullable=False),
    sa.Column("told_first", sa.Date),
    sa.Column("told_last", sa.Date),
    sa.Column("times_told", sa.Integer, nullable=False),  # messages of delay
    sa.Column("state", sa.Text, nullable=False),
    sa.CheckConstraint("state IN ('waiting', 'served', 'cancelled', 'gone')", name="state"),
    sa.CheckConstraint("held >= 0 AND held <= units", name="held"),
)
told_windows = sa.Table(
    "told_windows",
    metadata,
    sa.Column("order_line", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),  # 1: with the order
    sa.Column("first_on", sa.Date, nullable=False),
    sa.Column("last_on", sa.Date, nullable=False),
    sa.Column("told_on", sa.Date, nullable=False),
    sa.Column("origin", sa.Text, nullable=False),
    sa.Column("outcome", sa.Text),  # once all of the line was there, or its last day had passed
    sa.CheckConstraint("origin IN ('order', 'engine', 'message')", name="origin"),
    sa.CheckConstraint("outcome IN ('held', 'early', 'late')", name="outcome"),
)
backorder_cancellations = sa.Table(
    "backorder_cancellations",
    metadata,
    sa.Column("order_line", sa.Text, primary_key=True),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
)
stock_transfers = sa.Table(
    "stock_transfers",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("key", sa.Text, nullable=False, unique=True),  # what a repeat is recognised by
    sa.Column("sku", sa.Text, nullable=False),
    sa.Column("from_location", sa.Text, nullable=False),
    sa.Column("to_location", sa.Text, nullable=False),
    sa.Column("units", sa.BigInteger, nullable=False),
    sa.Column("sent_on", sa.Date, nullable=False),
    sa.Column("arrives_on", sa.Date, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("received_on", sa.Date),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.CheckConstraint("units > 0", name="units"),
    sa.CheckConstraint("state IN ('sent', 'received', 'cancelled')", name="state"),
)
