"""Monthly reviews as they were made, and the actions people took away from them.

A review is never changed; made again, the month has a second row and the newest counts.
"""

import sqlalchemy as sa

from engine.store.tables.base import Json, UtcDateTime, metadata

reviews = sa.Table(
    "reviews",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("month", sa.Text, nullable=False),  # 2026-10
    sa.Column("run_id", sa.Text, nullable=False),
    sa.Column("snapshot_id", sa.Text, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),  # of the content
    sa.Column("content", Json, nullable=False),  # engine.model.review.Review
    sa.Column("playbook", sa.Text, nullable=False),  # as it was then, to tell what has changed
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Index("ix_reviews_month", "month"),
)
review_actions = sa.Table(
    "review_actions",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("month", sa.Text, nullable=False),  # of the review in which it was taken
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("owner", sa.Text, nullable=False),  # id of a person
    sa.Column("due", sa.Date, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("ended_by", sa.Text),
    sa.Column("ended_at", UtcDateTime),
    sa.Column("outcome", sa.Text),  # what came of it, in the words of whoever ended it
    sa.CheckConstraint("state IN ('open', 'done', 'dropped')", name="state"),
    sa.Index("ix_review_actions_state", "state"),
)
