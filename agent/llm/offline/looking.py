"""What is looked up: items, forecasts, exceptions, deliveries, suppliers, data, transfers."""

import re
from collections.abc import Callable
from typing import Any

from agent.llm.offline import asides, buying, slots
from agent.llm.offline.asking import about_item, ask_which
from agent.llm.offline.reading import Reading
from agent.llm.port import Call, Question, Reply
from agent.memory import Memory, PastCall

MOST_COMPARED = 3
# Words for everything that is sold, where no item is named.
_ALL = re.compile(
    r"\b(?:company|business|everything|overall|(?:in )?total|altogether|all (?:items|products|of it"
    r"|skus|locations|stores)|as a whole|across the board)\b|\bwhole\b"
)
# How people name a kind of exception; without such a word they mean every kind.
_KINDS = (
    (re.compile(r"\bover-?stock\w*|\b(?:too much|excess|dead) (?:of |stock)|\btoo much stock\b"),
     "overstock"),
    (re.compile(r"\b(?:drift\w*|run away from|ran away from)\b"), "demand_drift"),
    (re.compile(r"\b(?:puls\w+|spik\w+|surg\w+|sudden\w*|jump\w*|collaps\w+)\b"), "demand_pulse"),
    (re.compile(r"\b(?:late|overdue|delayed|behind schedule)\b"), "late_supply"),
    (re.compile(r"\bphantom\b|\brecords? (?:look )?(?:wrong|doubtful)\b"), "phantom_stock"),
    (re.compile(r"\b(?:no room|full|capacity|over ?full)\b"), "over_capacity"),
    (re.compile(r"\bstock-?outs?\b|\b(?:run(?:ning|s)?|ran) out\b|\bout of stock\b"),
     "stockout_risk"),
)  # fmt: skip
_PUT_OFF = re.compile(
    r"\b(?:snoozed|snoozing|put off|put to sleep|asleep|sleeping|silenced|muted|hidden"
    r"|parked|hushed)\b"
)


def explain(reading: Reading, question: Question) -> Reply:
    return about_item(
        "explain_order", reading, question.memory, instead_units=slots.instead_units(reading)
    )


def demand(tool: str) -> Callable[[Reading, Question], Reply]:
    def plan(reading: Reading, question: Question) -> Reply:
        return about_item(tool, reading, question.memory, weeks=slots.weeks_ahead(reading))

    return plan


def forecast(reading: Reading, question: Question) -> Reply:
    """Of an item; or of everything, a category or a place, where one is named and no item is."""
    is_over = reading.period is not None and reading.period.last < question.today
    if is_over and reading.span is None:  # "in December" may be the one to come
        return Reply(draft=asides.LOOKS_BACK)
    total = _total(reading, question.memory)
    if total is None:
        return demand("forecast_demand")(reading, question)
    weeks = slots.weeks_ahead(reading)
    given = total if weeks is None else {**total, "weeks": weeks}
    return Reply(calls=(Call(tool="forecast_demand", arguments=given),))


def _total(reading: Reading, memory: Memory) -> dict[str, Any] | None:
    """What a total is asked of; None where an item is meant."""
    if reading.items or slots.pointed_at(reading, memory.listed) is not None:
        return None
    if reading.category is not None:
        return {"category": reading.category}
    said_all = _ALL.search(reading.plain) is not None
    if reading.place is not None and (said_all or memory.item is None):
        return {"location": reading.place}
    return {} if said_all and reading.place is None else None


def chart(reading: Reading, question: Question) -> Reply:
    return about_item("draw_forecast", reading, question.memory)


def compare(reading: Reading, question: Question) -> Reply:
    skus = list(reading.items[:MOST_COMPARED])
    if len(skus) == 1 and question.memory.item not in (None, skus[0]):
        skus.insert(0, str(question.memory.item))
    if len(skus) < 2:  # noqa: PLR2004  a comparison has two sides
        return about_item("forecast_demand", reading, question.memory)
    where = {} if reading.place is None else {"location": reading.place}
    return Reply(
        calls=tuple(Call(tool="forecast_demand", arguments={"sku": s, **where}) for s in skus)
    )


def stock(reading: Reading, question: Question) -> Reply:
    sku = slots.item_of(reading, question.memory)
    if reading.items or (sku is not None and slots.says_it(reading)):
        return Reply(calls=(Call(tool="find_items", arguments={"text": str(sku)}),))
    if reading.choices or reading.unknown:
        return ask_which(reading, PastCall(tool="find_items"))
    return _ask_text(reading)


def _ask_text(reading: Reading) -> Reply:
    if reading.category is not None:
        return Reply(calls=(Call(tool="find_items", arguments={"text": reading.category}),))
    return ask_which(reading, PastCall(tool="find_items"))


def eta(reading: Reading, question: Question) -> Reply:
    if reading.orders:
        return Reply(calls=(Call(tool="eta_promise", arguments={"po": reading.orders[0]}),))
    if reading.choices or reading.unknown:
        return ask_which(reading, PastCall(tool="eta_promise"))
    sku = slots.item_of(reading, question.memory)
    if sku is not None and (reading.items or slots.says_it(reading)):
        return Reply(calls=(Call(tool="eta_promise", arguments={"sku": sku}),))
    return Reply(calls=(Call(tool="eta_promise"),))


def backorders(reading: Reading, _question: Question) -> Reply:
    only: dict[str, Any] = {"sku": reading.items[0]} if reading.items else {}
    if reading.place is not None:
        only["location"] = reading.place
    if "risk" in reading.plain or "slip" in reading.plain:
        only["at_risk"] = True
    return Reply(calls=(Call(tool="backorder_status", arguments=only),))


def suppliers(reading: Reading, _question: Question) -> Reply:
    only = {} if reading.supplier is None else {"supplier": reading.supplier}
    return Reply(calls=(Call(tool="supplier_scorecard", arguments=only),))


def exceptions(reading: Reading, question: Question) -> Reply:
    only: dict[str, Any] = {"sku": reading.items[0]} if reading.items else {}
    for name in ("location", "supplier"):
        named = reading.place if name == "location" else reading.supplier
        only |= {} if named is None else {name: named}
    only = buying.narrowed(only, reading, question, ("location",))
    kind = kind_of(reading)
    only |= {} if kind is None else {"kind": kind}
    if _PUT_OFF.search(reading.plain):
        only["show"] = "snoozed"
    return Reply(calls=(Call(tool="list_exceptions", arguments=only),))


def kind_of(reading: Reading) -> str | None:
    """The kind of exception that the message names."""
    return next((kind for words, kind in _KINDS if words.search(reading.plain)), None)


def data_health(reading: Reading, question: Question) -> Reply:
    if reading.choices or (reading.unknown and slots.says_it(reading)):
        return ask_which(reading, PastCall(tool="data_health"))
    sku = reading.items[0] if reading.items else None
    if sku is None and slots.says_it(reading):
        sku = question.memory.item
    only = {"sku": sku, "location": reading.place if sku else None}
    given = {name: value for name, value in only.items() if value is not None}
    return Reply(calls=(Call(tool="data_health", arguments=given),))


def transfers(reading: Reading, _question: Question) -> Reply:
    only = {"sku": reading.items[0]} if reading.items else {}
    return Reply(calls=(Call(tool="propose_transfers", arguments=only),))
