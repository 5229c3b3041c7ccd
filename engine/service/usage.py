"""What talking has used: turns and tokens, of one person or of everybody, since a moment."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from engine.service.stores import Stores
from engine.store.tables.conversation import turns


@dataclass(frozen=True, kw_only=True)
class Usage:
    """Turns begun, tokens that models read and wrote in them."""

    turns: int
    input_tokens: int
    output_tokens: int

    @property
    def tokens(self) -> int:
        return self.input_tokens + self.output_tokens

    def cost(self, input_price: float, output_price: float) -> float:
        """At these prices of a million tokens, in their currency."""
        return (self.input_tokens * input_price + self.output_tokens * output_price) / 1_000_000


def used_since(stores: Stores, since: datetime, person_id: str | None = None) -> Usage:
    """All of it, or that of one person; a turn under way counts with no tokens yet."""
    query = sa.select(
        sa.func.count(),
        sa.func.coalesce(sa.func.sum(turns.c.input_tokens), 0),
        sa.func.coalesce(sa.func.sum(turns.c.output_tokens), 0),
    ).where(turns.c.asked_at >= since)
    if person_id is not None:
        query = query.where(turns.c.person_id == person_id)
    with stores.database.read() as look:
        count, read, written = look.execute(query).one()
    return Usage(turns=int(count), input_tokens=int(read), output_tokens=int(written))
