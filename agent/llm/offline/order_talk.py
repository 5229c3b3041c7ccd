"""Changing, comparing and dropping orders: what the words mean for which order and line."""

import re
from typing import Any

from agent.llm.offline import asides, demand_plans, slots
from agent.llm.offline.reading import Reading
from agent.llm.port import Call, Question, Reply
from agent.memory import PastCall, Pending

_REVISION = re.compile(r"\b(?:v|ver|version|rev|revision)\.?\s*(\d{1,3})\b", re.IGNORECASE)
_LINE = re.compile(r"\b(?:line|no\.?|number|position)\s*(\d{1,4})\b", re.IGNORECASE)
# How people say the state that the orders they ask for are in.
_STATES = (
    (re.compile(r"\bdraft(?:s|ed)?\b"), "draft"),
    (re.compile(r"\b(?:proposed|put forward|(?:wait|pend)\w* (?:for )?(?:approval|a decision))\b"),
     "proposed"),
    (re.compile(r"\b(?:rejected|refused|turned down|declined)\b"), "rejected"),
    (re.compile(r"\b(?:cancelled|canceled|withdrawn|scrapped)\b"), "cancelled"),
    (re.compile(r"\b(?:confirmed|acknowledged)\b"), "confirmed"),
    (re.compile(r"\b(?:part(?:ly|ially)?[- ]received|half here)\b"), "part_received"),
    (re.compile(r"\b(?:received|arrived|came in|delivered)\b"), "received"),
    (re.compile(r"\b(?:gone out|went out|been sent|were sent|sent)\b"), "sent"),
    (re.compile(r"\bapproved\b"), "approved"),
    (re.compile(r"\bpostponed\b"), "postponed"),
)  # fmt: skip
_ORDER_TOOLS = frozenset({"draft_po", "propose_po", "revise_po", "po_status"})


def orders(reading: Reading, question: Question) -> Reply:
    if reading.orders:
        return Reply(calls=(Call(tool="po_status", arguments={"number": reading.orders[0]}),))
    last = question.memory.orders
    if slots.says_it(reading) and last:
        return Reply(calls=(Call(tool="po_status", arguments={"number": last[0]}),))
    where = {} if reading.supplier is None else {"supplier": reading.supplier}
    state = next((state for words, state in _STATES if words.search(reading.plain)), None)
    narrowed = where if state is None else {**where, "state": state}
    return Reply(calls=(Call(tool="po_status", arguments=narrowed),))


def waiting(_reading: Reading, _question: Question) -> Reply:
    return Reply(calls=(Call(tool="po_status", arguments={"state": "proposed"}),))


def propose(reading: Reading, question: Question) -> Reply:
    orders = [*(reading.orders or question.memory.orders)]
    if not orders:
        return Reply(draft=asides.WHICH_ORDER)
    if len(orders) > 1:  # what was drafted together was put forward together
        return waiting(reading, question)
    return Reply(calls=(Call(tool="propose_po", arguments={"number": orders[0]}),))


def revise(reading: Reading, question: Question) -> Reply:
    """Another quantity for a line; without packs and an order in sight a forecast is meant."""
    counts = [f for f in reading.figures if f.kind in ("packs", "units", "bare")]
    in_packs = any(f.kind == "packs" for f in counts)
    is_order = in_packs or bool(reading.orders) or "quantity" in reading.plain
    if not is_order and not _in_sight(question):
        return demand_plans.override(reading, question)
    line = _line(reading)
    figures = [f for f in counts if line is None or int(f.value) != line.get("line")]
    if len(figures) != 1 or not slots.is_whole(figures[0].value):
        return Reply(draft=asides.WHICH_CHANGE_OF_ORDER)
    unit = "packs" if figures[0].kind == "packs" else "units"
    return _on_order(reading, question, **(line or {}), **{unit: int(figures[0].value)})


def remove(reading: Reading, question: Question) -> Reply:
    line = _line(reading)
    if line is None:
        return Reply(draft=asides.WHICH_CHANGE_OF_ORDER)
    return _on_order(reading, question, **line, remove=True)


def move(reading: Reading, question: Question) -> Reply:
    if reading.period is None:
        return _asked_for_day(reading, question)
    first = reading.period.first.isoformat()
    return _on_order(reading, question, **(_line(reading) or {}), move_to=first)


def _asked_for_day(reading: Reading, question: Question) -> Reply:
    """The new day: `by a week` counts from one that only the order knows."""
    number = _number(reading, question)
    if number is None:
        return Reply(draft=asides.WHICH_ORDER)
    wanted = PastCall(tool="revise_po", arguments={"number": number, **(_line(reading) or {})})
    return Reply(draft=asides.MOVE_TO_WHEN, pending=Pending(call=wanted, slot="move_to"))


def cancel(reading: Reading, question: Question) -> Reply:
    if not reading.orders and not _in_sight(question):
        return Reply(draft=asides.WHICH_ORDER)
    return _on_order(reading, question, cancel=True)


def changed(reading: Reading, question: Question) -> Reply:
    said = _REVISION.search(reading.text)
    since = {"since": int(said[1])} if said else {}
    return _look(reading, question, show="changes", **since)


def decided(reading: Reading, question: Question) -> Reply:
    return _look(reading, question, show="decisions")


def _look(reading: Reading, question: Question, **more: Any) -> Reply:  # noqa: ANN401  JSON values
    number = _number(reading, question)
    if number is None:
        return Reply(draft=asides.WHICH_ORDER)
    return Reply(calls=(Call(tool="po_status", arguments={"number": number, **more}),))


def _on_order(reading: Reading, question: Question, **more: Any) -> Reply:  # noqa: ANN401  as above
    number = _number(reading, question)
    if number is None:
        return Reply(draft=asides.WHICH_ORDER)
    why = {"reason": reading.reason} if reading.reason else {}
    return Reply(calls=(Call(tool="revise_po", arguments={"number": number, **more, **why}),))


def _number(reading: Reading, question: Question) -> str | None:
    """The order named, or the one spoken of last."""
    if reading.orders:
        return reading.orders[0]
    return question.memory.orders[0] if question.memory.orders else None


def _in_sight(question: Question) -> bool:
    """Whether the conversation was about an order just now."""
    calls = question.memory.calls
    return bool(calls) and calls[0].tool in _ORDER_TOOLS and bool(question.memory.orders)


def _line(reading: Reading) -> dict[str, Any] | None:
    if reading.items:
        return {"sku": reading.items[0]}
    named = _LINE.search(reading.text)
    if named:
        return {"line": int(named[1])}
    if re.search(r"\bthe last\b", reading.plain):
        return {"line": -1}
    found = slots.position_in(reading, tuple(str(n) for n in range(1, 100)))
    return None if found is None else {"line": found + 1}
