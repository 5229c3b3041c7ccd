"""Drafting orders from what was shown. Nothing is drafted that was not clearly asked for."""

import re
from typing import Any

from agent.llm.offline import asides, buying, slots
from agent.llm.offline.asking import ask_which
from agent.llm.offline.pointing import Pointed, pointed
from agent.llm.offline.reading import Reading
from agent.llm.port import Call, Question, Reply
from agent.memory import Memory, PastCall, Pending

# After these "it" and "yes" mean the orders; after a chart or a key figure they do not.
_OFFERS = frozenset({"rank_buys", "what_if", "explain_order", "draft_po"})
# Words that narrow nothing. Any other word might, so it is asked about and not passed over.
_NEUTRAL_WORDS = """
    draft drafts raise create prepare write make generate cut set put together build issue order
    orders ordering buy purchase purchases purchasing get reorder po pos po's up me us for a an the
    that this these those it them all everything both each lot whole list of please ok okay yes yep
    sure now then and so just can could would will you let i we want to like go ahead on from at in
    into ready have as shown plan plans lines line items item ones one stuff things supplier
    suppliers vendor vendors store warehouse shop too well thanks thank do it's suggested suggest
    suggestion suggestions recommended recommendations recommendation rest remaining entire full
    complete buys above below approval only proceed sounds good great fine need needs needed should
    must my our us is are be with replenishment same them again category range location site if may
    out done start next quick quickly asap immediately today right away place placed send ship
    units packs pieces cases needs for's go's here there nothing else no more goods products product
    leave
"""
_NEUTRAL = frozenset(_NEUTRAL_WORDS.split())
_WORD = re.compile(r"<\w+>|[^\W\d_]+(?:['’][a-z]+)?|\d+")
_UNDER = re.compile(
    r"<money>|\b(?:with|for|under|within|up to|budget of|spending|worth) <n>|<n> (?:worth|budget)\b"
)
_MARKS = frozenset({"<item>", "<supplier>", "<place>", "<when>", "<why>"})


def draft(reading: Reading, question: Question) -> Reply:
    memory = question.memory
    at = pointed(reading)
    if at is None and _says_money(reading):
        return buying.buy_list(reading, question)  # first seen under that budget, then drafted
    counts = [f for f in reading.figures if f.kind in ("bare", "units", "packs")]
    sku = slots.item_of(reading, memory)
    if at is None and counts and sku is not None and (reading.items or slots.says_it(reading)):
        arguments = {"sku": sku, "instead_units": int(counts[0].value)}
        return Reply(calls=(Call(tool="explain_order", arguments=arguments),))
    if at is not None and not reading.items:
        return _of_list(at, reading, memory)
    if reading.choices or reading.unknown:
        return ask_which(reading, PastCall(tool="draft_po"))
    return _of_scope(reading, question)


def _says_money(reading: Reading) -> bool:
    """A budget is named, so that another list than the one shown is meant."""
    return slots.amount(reading) is not None and _UNDER.search(reading.plain) is not None


def _of_list(at: Pointed, reading: Reading, memory: Memory) -> Reply:
    """Some lines of the list that was shown, each where it stands."""
    places = at.within(len(memory.listed))
    if places is None:
        return Reply(draft=asides.NOT_IN_LIST if memory.listed else asides.NO_LIST)
    if _narrowing(at.rest, reading):
        return Reply(draft=asides.DRAFT_WHICH)
    skus = list(dict.fromkeys(memory.listed[place] for place in places))
    narrowed: dict[str, Any] = {"skus": skus, **_named_scope(reading)}
    where = _only_at(places, memory)
    if where and "location" not in narrowed:
        if len(where) > 1:
            return Reply(draft=asides.ONE_PLACE_AT_A_TIME)
        narrowed["location"] = where.pop()
    return Reply(calls=(Call(tool="draft_po", arguments=narrowed),))


def _only_at(places: tuple[int, ...], memory: Memory) -> set[str]:
    """Where the lines pointed at stand, if their items stand elsewhere in the list as well."""
    rows = list(zip(memory.listed, memory.listed_places, strict=False))
    meant = {rows[place] for place in places if place < len(rows)}
    skus = {sku for sku, _ in meant}
    others = {(sku, at) for sku, at in rows if sku in skus} - meant
    return {at for _, at in meant if at} if others else set()


def _of_scope(reading: Reading, question: Question) -> Reply:
    named = _named_scope(reading)
    if reading.items:
        named["skus"] = list(reading.items)
    if _narrowing(reading.plain, reading) or _is_later(reading, question):
        return Reply(draft=asides.DRAFT_WHICH)
    memory = question.memory
    if memory.is_list_stale and not named:
        return Reply(draft=asides.STALE_LIST)
    if not named and not _may_mean_all(reading, memory):
        asked = Pending(call=PastCall(tool="draft_po"), slot="sku")
        return Reply(draft=asides.DRAFT_WHAT, pending=asked)
    meant = memory.buy_list or (memory.calls[-1] if memory.calls else None)
    if not reading.items and meant is not None and slots.says_it(reading):
        named = {**_narrowed_as(meant), **named}
    return Reply(calls=(Call(tool="draft_po", arguments=named),))


def _may_mean_all(reading: Reading, memory: Memory) -> bool:
    """Everything of the plan: where it was shown, or is named as a whole."""
    offered = memory.buy_list is not None or any(c.tool in _OFFERS for c in memory.calls)
    says_orders = re.search(r"\b(?:pos?|orders?|plan|list|everything|all)\b", reading.plain)
    if slots.says_it(reading) or not says_orders:
        return offered
    return True


def _named_scope(reading: Reading) -> dict[str, Any]:
    named: dict[str, Any] = {}
    if reading.supplier is not None:
        named["suppliers"] = [reading.supplier]
    if reading.place is not None:
        named["location"] = reading.place
    if reading.category is not None:
        named["category"] = reading.category
    return named


def _narrowing(said: str, reading: Reading) -> tuple[str, ...]:
    """Words that might narrow what is to be drafted, and that nothing here understands."""
    category = set(re.findall(r"[^\W\d_]+", (reading.category or "").casefold()))
    words = (w.replace("’", "'") for w in _WORD.findall(said))
    return tuple(
        word
        for word in words
        if word not in _MARKS
        and word not in _NEUTRAL
        and not {word, word.removesuffix("s"), f"{word}s"} & category
    )


def _is_later(reading: Reading, question: Question) -> bool:
    """A time other than now is named: the plan's orders are those of now."""
    period = reading.period
    return period is not None and not period.first <= question.today <= period.last


def _narrowed_as(last: PastCall) -> dict[str, Any]:
    given = last.arguments
    scope: dict[str, Any] = {n: given[n] for n in ("location", "category") if n in given}
    if "supplier" in given:
        scope["suppliers"] = [given["supplier"]]
    if "sku" in given:
        scope["skus"] = [given["sku"]]
    return scope
