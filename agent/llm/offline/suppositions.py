"""What a person supposes of suppliers, service, terms and prices, as arguments of `what_if`."""

import re
from decimal import Decimal
from typing import Any

from agent.language.figures import Figure
from agent.llm.offline import asides, slots
from agent.llm.offline.reading import Reading
from agent.llm.port import Call, Question, Reply
from agent.memory import PastCall, Pending

_MINIMUM = re.compile(r"\b(?:minimums?|moq|min(?:imum)? order(?: quantity)?)\b")
_SERVICE = re.compile(r"\b(?:service|fill ?rate|availability|in[- ]stock)\b")
_FILL = re.compile(r"\bfill ?rate\b")
_BREAK = re.compile(r"\b(?:price )?(?:breaks?|tiers?)\b")
_COST = re.compile(r"\b(?:(?:cost|purchase|buying|supplier'?s?) price|unit cost|cost)\b")
_SUPPLIERS_PRICE = re.compile(
    r"<supplier>.*\b(?:prices?|charges?|charged|costs?|dearer|cheaper|expensive)\b"
)
_FASTER = re.compile(r"\b(?:shorter|earlier|faster|sooner|less|fewer|quicker|early)\b")
_DAYS = {"days": 1, "weeks": 7, "months": 30}


def supposed(reading: Reading, question: Question) -> Reply | None:
    """A call, or a question back; None where only money is supposed."""
    plain = reading.plain
    if _BREAK.search(plain):
        return _of_terms("no_break_units", _count(reading), reading, question)
    if _MINIMUM.search(plain):
        return _of_terms("minimum_units", _count(reading), reading, question)
    if _SERVICE.search(plain):
        return _service(reading)
    span = next((f for f in reading.figures if f.kind in _DAYS), None)
    if span is not None:
        return _lead_time(span, reading, question)
    if _COST.search(plain) or _SUPPLIERS_PRICE.search(plain):
        return _price(reading, question)
    return None


def _price(reading: Reading, question: Question) -> Reply:
    """A new price of a unit; a share of many prices is more than the tool can suppose."""
    if any(figure.kind == "percent" for figure in reading.figures):
        return Reply(draft=asides.PRICE_AS_AMOUNT)
    figure = slots.amount(reading)
    minor = None if figure is None else slots.minor(figure, question.currency)
    return _of_terms("price_minor", minor, reading, question)


def _called(**arguments: Any) -> Reply:  # noqa: ANN401  JSON values of tool arguments
    return Reply(calls=(Call(tool="what_if", arguments=arguments),))


def _count(reading: Reading) -> int | None:
    counts = [f for f in reading.figures if f.kind in ("bare", "units")]
    return int(counts[0].value) if len(counts) == 1 and slots.is_whole(counts[0].value) else None


def _service(reading: Reading) -> Reply | None:
    shares = [f for f in reading.figures if f.kind in ("percent", "bare")]
    if len(shares) != 1:
        return Reply(draft=asides.WHICH_SERVICE)
    points = slots.basis_points(shares[0])
    if points is None or not 0 < points < 100 * 100:
        return Reply(draft=asides.WHICH_SERVICE)
    if _FILL.search(reading.plain):
        return _called(service_basis_points=points, service="fill_rate")
    return _called(service_basis_points=points)


def _lead_time(span: Figure, reading: Reading, question: Question) -> Reply | None:
    days = span.value * _DAYS[span.kind]
    if days != days.to_integral_value() or days < Decimal(0):
        return Reply(draft=asides.WHICH_TIME_LONGER)
    name = "faster_days" if _FASTER.search(reading.plain) else "slower_days"
    supplier = reading.supplier or _spoken_of(reading, question)
    if supplier is None:
        wanted = PastCall(tool="what_if", arguments={name: int(days)})
        return Reply(draft=asides.WHICH_SUPPLIER, pending=Pending(call=wanted, slot="supplier"))
    return _called(supplier=supplier, **{name: int(days)})


def _spoken_of(reading: Reading, question: Question) -> str | None:
    """The supplier named last, where the message only says "they"."""
    suppliers = question.memory.suppliers
    return suppliers[0] if suppliers and slots.says_it(reading) else None


def _of_terms(name: str, value: int | None, reading: Reading, question: Question) -> Reply:
    """Another minimum, price or break, of an item or of all that a supplier sells."""
    if value is None or value < 1:
        return Reply(draft=asides.WHICH_FIGURE)
    sku = slots.item_of(reading, question.memory)
    if sku is not None and (reading.items or reading.supplier is None):
        return _called(sku=sku, **{name: value})
    if reading.supplier is not None:
        return _called(supplier=reading.supplier, **{name: value})
    wanted = PastCall(tool="what_if", arguments={name: value})
    return Reply(draft=asides.WHICH_ITEM, pending=Pending(call=wanted, slot="sku"))
