"""Counts of what happened, for whoever watches the service."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from math import ceil

import sqlalchemy as sa

from engine.store.database import Database
from engine.store.tables.conversation import tool_calls, turns


def turns_by_outcome(database: Database) -> dict[str, int]:
    """Answered turns: clean, repaired once, on the template, or failed."""
    query = (
        sa.select(turns.c.outcome, sa.func.count().label("number"))
        .where(turns.c.outcome.is_not(None))
        .group_by(turns.c.outcome)
    )
    with database.read() as look:
        return {row.outcome: row.number for row in look.execute(query)}


@dataclass(frozen=True, kw_only=True)
class TurnLine:
    id: str
    person_id: str
    outcome: str | None  # None: not answered
    text: str


def newest_turns(
    database: Database, *, person: str | None, thread: str | None, top: int
) -> tuple[TurnLine, ...]:
    """Turns, the newest first, of a person or a thread where one is named."""
    query = sa.select(turns).order_by(turns.c.asked_at.desc(), turns.c.ordinal.desc()).limit(top)
    if person is not None:
        query = query.where(turns.c.person_id == person)
    if thread is not None:
        query = query.where(turns.c.thread_id == thread)
    with database.read() as look:
        return tuple(
            TurnLine(id=row.id, person_id=row.person_id, outcome=row.outcome, text=row.text)
            for row in look.execute(query)
        )


def tokens(database: Database) -> tuple[int, int]:
    """Tokens that models read and wrote, of all turns kept."""
    total = sa.func.coalesce
    query = sa.select(
        total(sa.func.sum(turns.c.input_tokens), 0), total(sa.func.sum(turns.c.output_tokens), 0)
    )
    with database.read() as look:
        read, written = look.execute(query).one()
    return int(read), int(written)


def refusals_by_rule(database: Database) -> dict[str, int]:
    """What grounding refused in the drafts of models, by rule, of all turns kept."""
    query = sa.select(turns.c.complaints).where(turns.c.outcome.in_(("repaired", "template")))
    with database.read() as look:
        lists = look.execute(query).scalars().all()
    return dict(Counter(each["rule"] for complaints in lists for each in complaints))


def calls_by_tool(database: Database) -> dict[tuple[str, str], int]:
    """Tool calls by tool and state, of all turns kept."""
    query = sa.select(tool_calls.c.tool, tool_calls.c.state, sa.func.count()).group_by(
        tool_calls.c.tool, tool_calls.c.state
    )
    with database.read() as look:
        return {(tool, state): number for tool, state, number in look.execute(query)}


def slowest_seconds(database: Database, since: datetime) -> dict[str, float]:
    """The 95th percentile of each tool's seconds since then."""
    query = sa.select(tool_calls.c.tool, tool_calls.c.started_at, tool_calls.c.ended_at).where(
        tool_calls.c.started_at >= since, tool_calls.c.ended_at.is_not(None)
    )
    spent: dict[str, list[float]] = {}
    with database.read() as look:
        for tool, began, ended in look.execute(query):
            spent.setdefault(tool, []).append((ended - began).total_seconds())
    return {tool: sorted(took)[ceil(0.95 * len(took)) - 1] for tool, took in spent.items()}
