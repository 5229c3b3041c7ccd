"""Giving exceptions to people: of what, to whom, by when; asked back where it is missing."""

import re
from dataclasses import replace
from typing import Any

from agent.llm.offline import asides, looking, slots
from agent.llm.offline.pointing import pointed
from agent.llm.offline.reading import Reading
from agent.llm.port import Call, Question, Reply
from agent.memory import PastCall, Pending

TOOL = "assign_exception"
_DUTY = (
    r"(?:look(?:s|ing)? after|take(?:s)?(?: over| on| care of)?|handle|own|deal with|sort(?: out)?"
    r"|pick up)"
)
_NAME = r"([^\W\d_][\w'’-]*(?: [A-Z][\w'’-]*)?)"
# Where a colleague is named, in the order in which it is looked for.
_WHO = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\bto\s+(?!(?:the|a|an|look|take|handle|own|deal|sort|pick)\b){_NAME}",
        rf"\b(?:let|have|get|ask|tell)\s+{_NAME}\s+(?:to\s+)?{_DUTY}\b",
        rf"\b(?:make|put)\s+{_NAME}\s+(?:responsible|in charge|(?:the )?owner|on)\b",
        rf"^\W*(?:please\s+)?{_NAME}\s+(?:should|can|could|must|will|shall|is|has|needs)\b",
        rf"^\W*(?:please\s+)?(?:give|hand|pass|leave|assign)\s+(?!it|that|this|them|the){_NAME}",
    )
)
_ME = re.compile(
    r"\b(?:to me|myself|mine|on me|my job|let me)\b|\bi(?:'|’)?(?:ll| will| shall| am| would)?\s+"
    rf"(?:like to |going to )?{_DUTY}\b",
    re.IGNORECASE,
)
_RELEASE = re.compile(
    r"\b(?:un-?assign\w*|releas\w+|hand(?:ed)? back|give back|nobody|no one)\b"
    r"|\btake\b.*\b(?:away|off|back)\b"
)


def assign(reading: Reading, question: Question) -> Reply:
    given: dict[str, Any] = {}
    if _RELEASE.search(reading.plain):
        given["release"] = True
        who = None
    else:
        who = _who(reading)
    target = _target(_without_name(reading, who), question)
    if not given.get("release") and not _ME.search(reading.text):
        if who is None:
            wanted = PastCall(tool=TOOL, arguments=target)
            return Reply(draft=asides.ASSIGN_WHOM, pending=Pending(call=wanted, slot="person"))
        given["person"] = who
    if reading.span is not None:
        given["due"] = reading.span.last.isoformat()
    if reading.reason:
        given["reason"] = reading.reason
    return _next({**target, **given})


def answered(reading: Reading, pending: Pending) -> Reply | None:
    """Who it is for, or what it is about, said after we asked."""
    given = dict(pending.call.arguments)
    if pending.slot == "person":
        who = reading.text.strip().strip(".!?")
        return _next(given if _is_me(who) else {**given, "person": who})
    if reading.items:
        return _next({**given, "sku": reading.items[0]})
    return None


def _next(given: dict[str, Any]) -> Reply:
    if not any(name in given for name in ("sku", "supplier", "po")):
        wanted = PastCall(tool=TOOL, arguments=given)
        return Reply(draft=asides.ASSIGN_WHAT, pending=Pending(call=wanted, slot="sku"))
    return Reply(calls=(Call(tool=TOOL, arguments=given),))


def _who(reading: Reading) -> str | None:
    """The colleague as the person wrote the name; None where nobody is named, or "me"."""
    found = next((match for pattern in _WHO if (match := pattern.search(reading.text))), None)
    if found is None or _is_me(found[1]):
        return None
    first, _, second = found[1].partition(" ")
    name = found[1] if second[:1].isupper() else first
    return None if name.upper() in _codes(reading) else name


def _codes(reading: Reading) -> frozenset[str]:
    """What is named, which is nobody: "assign LAMP-OAK-01" does not say to whom."""
    named = (*reading.items, *reading.orders, *reading.suppliers, *reading.places)
    return frozenset(code.upper() for code in named)


def _is_me(word: str) -> bool:
    return word.casefold() in ("me", "i", "myself", "us")


def _without_name(reading: Reading, who: str | None) -> Reading:
    """The colleague's name is no item that nobody knows."""
    own: set[str] = set() if who is None else set(who.casefold().split())
    if not reading.leftover or not set(reading.leftover) <= own:
        return reading
    return replace(reading, leftover=(), choices=(), unknown="")


def _target(reading: Reading, question: Question) -> dict[str, Any]:
    kind = looking.kind_of(reading)
    narrow: dict[str, Any] = {} if kind is None else {"kind": kind}
    narrow |= {} if reading.place is None else {"location": reading.place}
    if reading.orders:
        return {**narrow, "po": reading.orders[0]}
    if reading.supplier is not None and not reading.items:
        return {**narrow, "supplier": reading.supplier}
    points = reading.items or slots.says_it(reading) or pointed(reading) is not None
    sku = slots.item_of(reading, question.memory) if points else None
    return narrow if sku is None else {**narrow, "sku": sku}
