"""What came in from a chat surface, and what stands there: events once each, posts with their key.

Neither holds an amount: an event is what the surface sent, a post says what it shows, and its text
is drawn from the database each time.
"""

import sqlalchemy as sa

from engine.store.tables.base import Json, UtcDateTime, metadata

inbox = sa.Table(
    "inbox",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("key", sa.Text, nullable=False, unique=True),  # a redelivery finds it taken
    sa.Column("surface", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("conversation", sa.Text, nullable=False),  # its events are worked one after another
    sa.Column("payload", Json, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("next_at", UtcDateTime, nullable=False),
    sa.Column("claims", sa.Integer, nullable=False),
    sa.Column("failures", sa.Integer, nullable=False),  # in a row
    sa.Column("claimed_by", sa.Text),
    sa.Column("claimed_until", UtcDateTime),
    sa.Column("turn_id", sa.Text),  # the turn it began, so that a crash resumes it
    sa.Column("last_error", sa.Text),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("ended_at", UtcDateTime),
    sa.CheckConstraint("state IN ('new', 'working', 'done', 'dead')", name="state"),
    sa.Index("ix_inbox_state_next_at", "state", "next_at"),
    sa.Index("ix_inbox_conversation_state", "conversation", "state"),
)
posts = sa.Table(
    "posts",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("key", sa.Text, nullable=False, unique=True),  # one message per key, for ever
    sa.Column("surface", sa.Text, nullable=False),
    sa.Column("team", sa.Text, nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("thread", sa.Text),  # the message it answers
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("ref", Json, nullable=False),  # ids of what it shows
    sa.Column("wanted", sa.Integer, nullable=False),  # grows with every wish to draw it anew
    sa.Column("shown", sa.Integer, nullable=False),  # the wish that stands there
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("message", sa.Text),  # what the surface calls it, once it stands there
    # How its subject stood when it was drawn, so that a change made elsewhere is noticed.
    sa.Column("seen", sa.Text),
    # An earlier attempt may have posted it: it is looked for before it is posted again.
    sa.Column("is_in_doubt", sa.Boolean, nullable=False),
    sa.Column("digest", sa.Text),  # of what stands there, so that nothing is sent twice in vain
    sa.Column("next_at", UtcDateTime, nullable=False),
    sa.Column("claims", sa.Integer, nullable=False),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("claimed_by", sa.Text),
    sa.Column("claimed_until", UtcDateTime),
    sa.Column("last_error", sa.Text),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.CheckConstraint("state IN ('waiting', 'sending', 'dead')", name="state"),
    sa.Index("ix_posts_state_next_at", "state", "next_at"),
    sa.Index("ix_posts_channel_state", "channel", "state"),
)
installations = sa.Table(
    "installations",
    metadata,
    sa.Column("team", sa.Text, primary_key=True),
    sa.Column("surface", sa.Text, nullable=False),
    sa.Column("enterprise", sa.Text),
    sa.Column("bot_id", sa.Text),
    sa.Column("bot_user_id", sa.Text),
    sa.Column("scopes", Json, nullable=False),
    sa.Column("sealed", sa.LargeBinary, nullable=False),  # tokens, encrypted with a key outside
    sa.Column("expires_at", UtcDateTime),
    sa.Column("installed_by", sa.Text),
    sa.Column("installed_at", UtcDateTime, nullable=False),
    sa.Column("updated_at", UtcDateTime, nullable=False),
)
install_states = sa.Table(
    "install_states",
    metadata,
    sa.Column("state", sa.Text, primary_key=True),  # the nonce that its way back must carry
    sa.Column("expires_at", UtcDateTime, nullable=False),
)
feedback = sa.Table(
    "feedback",
    metadata,
    sa.Column("turn_id", sa.Text, sa.ForeignKey("turns.id"), primary_key=True),
    sa.Column("person_id", sa.Text, primary_key=True),
    sa.Column("verdict", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.CheckConstraint("verdict IN ('good', 'bad')", name="verdict"),
)
