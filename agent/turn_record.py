"""A turn as it was, told from its record alone: asked, called, found, refused, answered."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from agent.redaction import Redaction
from agent.views.answer import Answer
from engine.service import conversation
from engine.service.conversation import StoredCall, StoredFact, StoredTurn
from engine.service.stores import Stores

MOST_FACTS = 12  # of a call, as text; JSON has them all


def record_of(stores: Stores, turn_id: str, redaction: Redaction) -> dict[str, Any]:
    """Everything kept of a turn, as plain JSON without secrets. Raises UnknownName."""
    turn = conversation.turn(stores, turn_id)
    calls, facts = conversation.parts_of(stores, turn_id)
    whole = {
        **asdict(turn),
        "calls": [{**asdict(call), "milliseconds": _milliseconds(call)} for call in calls],
        "facts": [asdict(fact) for fact in facts],
    }
    return json.loads(redaction.clean(json.dumps(whole, ensure_ascii=False, default=str)))


def lines_of(stores: Stores, turn_id: str, redaction: Redaction) -> Iterator[str]:
    """The same for people. Raises UnknownName."""
    turn = conversation.turn(stores, turn_id)
    calls, facts = conversation.parts_of(stores, turn_id)
    for line in (*_head(turn), *_work(calls, facts), *_end(turn)):
        yield redaction.clean(line)


def _head(turn: StoredTurn) -> Iterator[str]:
    yield f"Turn {turn.id} of {turn.person_id}, {_time(turn.asked_at)}"
    yield f"  model {turn.model}, prompts {turn.prompt_version}, plan {turn.run_id or 'none'}"
    yield f"> {turn.text}"


def _work(calls: Sequence[StoredCall], facts: Sequence[StoredFact]) -> Iterator[str]:
    yield from _found(facts, conversation.USERS_OWN)
    for call in calls:
        arguments = json.dumps(dict(call.arguments), ensure_ascii=False, sort_keys=True)
        spent = _milliseconds(call)
        took = "" if spent is None else f", {spent} ms"
        yield f"{call.ordinal}. {call.tool} {arguments}: {call.state}{took}"
        if call.result is not None:
            yield f"   outcome: {call.result['outcome']}"
        if call.error:
            yield f"   error: {call.error}"
        yield from _found(facts, call.ordinal)


def _found(facts: Sequence[StoredFact], ordinal: int) -> Iterator[str]:
    own = [fact for fact in facts if fact.call_ordinal == ordinal]
    for fact in own[:MOST_FACTS]:
        how = f" = {fact.formula}" if fact.formula else ""
        origin = f" (run {fact.run_id}, data {fact.snapshot_id})" if fact.run_id else ""
        yield f"   {fact.id}: {fact.value!r} {fact.kind}, {fact.label}{how}{origin}"
    if len(own) > MOST_FACTS:
        yield f"   and {len(own) - MOST_FACTS} facts more; --json shows all"


def _end(turn: StoredTurn) -> Iterator[str]:
    for complaint in turn.complaints:
        yield f"refused: {complaint['rule']}: {complaint['excerpt']}"
    if turn.outcome is None:
        yield "not answered: it was cut off, or is under way"
        return
    took = "" if turn.answered_at is None else f" after {_span(turn.asked_at, turn.answered_at)} ms"
    yield f"{turn.outcome}{took}; tokens read {turn.tokens[0]}, written {turn.tokens[1]}"
    if turn.answer is not None:
        answer = Answer.from_json(turn.answer)
        yield answer.text
        yield from (f"[{table.title}: {len(table.rows)} rows{_rest(table.rest)}]"
                    for table in answer.tables)  # fmt: skip


def _rest(rest: str) -> str:
    return f", {rest} more" if rest else ""


def _milliseconds(call: StoredCall) -> int | None:
    if call.started_at is None or call.ended_at is None:
        return None
    return _span(call.started_at, call.ended_at)


def _span(first: datetime, last: datetime) -> int:
    return round(1_000 * (last - first).total_seconds())


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"
