"""What the metrics count of the conversations."""

import sqlalchemy as sa

from engine.service.tallies import turns_by_outcome
from engine.store.database import Database
from engine.store.tables.conversation import threads, turns
from support.work import NOW

TURN = {
    "thread_id": "t", "person_id": "bea", "identity_source": "demo", "text": "what to buy?",
    "asked_at": NOW, "model": "offline", "prompt_version": "1", "complaints": [],
    "input_tokens": 0, "output_tokens": 0,
}  # fmt: skip


def test_answered_turns_are_counted_by_how_they_were_grounded(database: Database) -> None:
    assert turns_by_outcome(database) == {}
    with database.write() as work:
        work.execute(
            sa.insert(threads).values(
                id="t",
                surface="terminal",
                person_id="bea",
                memory={},
                created_at=NOW,
                updated_at=NOW,
            )
        )
        for number, outcome in enumerate(["clean", "clean", "template", None]):
            work.execute(
                sa.insert(turns).values(**TURN, id=f"{number}", ordinal=number, outcome=outcome)
            )
    assert turns_by_outcome(database) == {"clean": 2, "template": 1}
