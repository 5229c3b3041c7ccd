"""Putting exceptions off: what, until when, and why, asked for one by one where it is missing."""

import re
from typing import Any

from agent.llm.offline import asides, slots
from agent.llm.offline.reading import Reading
from agent.llm.port import Call, Question, Reply
from agent.memory import PastCall, Pending

_WAKE = re.compile(r"\b(?:wake|unsnooze|un-snooze)\b")
_TARGETS = ("sku", "supplier", "po")


def snooze(reading: Reading, question: Question) -> Reply:
    given = _target(reading, question)
    if _WAKE.search(reading.plain):
        given["wake"] = True
    else:
        given |= _end(reading)
        if reading.reason:
            given["reason"] = reading.reason
    return _next(given)


def answered(reading: Reading, pending: Pending) -> Reply | None:
    """The next message: what was asked for, or all that is missing at once."""
    given: dict[str, Any] = dict(pending.call.arguments)
    if pending.slot == "sku" and reading.items:
        given["sku"] = reading.items[0]
    given |= _end(reading) if pending.slot == "until" else {}
    if pending.slot == "reason":
        given["reason"] = reading.text.strip()
    elif reading.reason:
        given["reason"] = reading.reason
    return None if given == pending.call.arguments else _next(given)


def _next(given: dict[str, Any]) -> Reply:
    """The call, or a question for what it lacks."""
    wanted = PastCall(tool="snooze_exception", arguments=given)
    if not any(name in given for name in _TARGETS):
        return Reply(draft=asides.SNOOZE_WHAT, pending=Pending(call=wanted, slot="sku"))
    if "wake" in given:
        return Reply(calls=(Call(tool="snooze_exception", arguments=given),))
    if "until" not in given and "grows_basis_points" not in given:
        return Reply(draft=asides.SNOOZE_UNTIL, pending=Pending(call=wanted, slot="until"))
    if "reason" not in given:
        return Reply(draft=asides.SNOOZE_WHY, pending=Pending(call=wanted, slot="reason"))
    return Reply(calls=(Call(tool="snooze_exception", arguments=given),))


def _target(reading: Reading, question: Question) -> dict[str, Any]:
    if reading.orders:
        return {"po": reading.orders[0]}
    sku = slots.item_of(reading, question.memory)
    if reading.supplier is not None and not reading.items:
        return {"supplier": reading.supplier}
    where = {} if reading.place is None else {"location": reading.place}
    return {"sku": sku, **where} if sku is not None else where


def _end(reading: Reading) -> dict[str, Any]:
    """A day that is named, a growth in percent, or both."""
    end: dict[str, Any] = {}
    if reading.span is not None:
        end["until"] = reading.span.last.isoformat()
    share = next((f for f in reading.figures if f.kind == "percent"), None)
    points = None if share is None else slots.basis_points(share)
    if points is not None:
        end["grows_basis_points"] = points
    return end
