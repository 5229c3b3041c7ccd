"""What was learnt from plans and outcomes, and what is proposed about automation.

A correction is in force until it is rolled back or replaced; a proposal waits for a person.
"""

import sqlalchemy as sa

from engine.store.tables.base import Json, UtcDateTime, metadata

corrections_learnt = sa.Table(
    "corrections_learnt",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("scope", sa.Text, nullable=False),  # a category's first part, or a supplier
    sa.Column("value", sa.Float, nullable=False),  # factor on the mean or the band; days
    sa.Column("evidence", Json, nullable=False),  # on which weeks, and what it was worth there
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("as_of", sa.Date, nullable=False),  # of the data it was learnt from
    sa.Column("ended_at", UtcDateTime),
    sa.Column("ended_why", sa.Text),
    sa.CheckConstraint("kind IN ('bias', 'band', 'lead_time')", name="kind"),
    sa.CheckConstraint("state IN ('refused', 'in_force', 'replaced', 'rolled_back')", name="state"),
    sa.Index("ix_corrections_learnt_state", "state"),
)
tier_proposals = sa.Table(
    "tier_proposals",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("direction", sa.Text, nullable=False),  # wider or narrower
    sa.Column("before", Json, nullable=False),  # engine.model.automation.Automation
    sa.Column("after", Json, nullable=False),
    sa.Column("evidence", Json, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),  # of everything above: what was shown
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("decided_by", sa.Text),
    sa.Column("decided_at", UtcDateTime),
    sa.Column("reason", sa.Text),
    sa.CheckConstraint("direction IN ('wider', 'narrower')", name="direction"),
    sa.CheckConstraint("state IN ('pending', 'approved', 'rejected', 'superseded')", name="state"),
)
