"""Messages that go on with the last question: an answer to ours, or the same for another thing."""

from typing import Any

from agent.llm.offline import assigning, demand_plans, slots, snoozing
from agent.llm.offline.asking import asked_to_be_clear, unfit_amount
from agent.llm.offline.reading import Reading
from agent.llm.port import Call, Question, Reply
from agent.memory import Memory, PastCall, Pending

# What may be exchanged in a call that is asked again. Writes are never repeated this way.
_EXCHANGEABLE: dict[str, frozenset[str]] = {
    "rank_buys": frozenset({"location", "supplier", "category", "budget_minor"}),
    "what_if": frozenset({"budget_minor"}),
    "what_if_demand": frozenset({"sku", "off_basis_points", "price_minor", "first", "last"}),
    "forecast_accuracy": frozenset({"sku", "location"}),
    "forecast_demand": frozenset({"sku", "category", "location", "weeks"}),
    "explain_drivers": frozenset({"sku", "location", "weeks"}),
    "explain_order": frozenset({"sku", "location", "instead_units"}),
    "draw_forecast": frozenset({"sku", "location"}),
    "find_items": frozenset({"text"}),
    "eta_promise": frozenset({"sku", "po"}),
    "po_status": frozenset({"number", "supplier"}),
    "list_exceptions": frozenset({"sku"}),
    "propose_transfers": frozenset({"sku"}),
    "supplier_scorecard": frozenset({"supplier"}),
    "kpi_report": frozenset({"first", "last"}),
}

_AMOUNTS = frozenset({"cap_minor", "budget_minor", "extra_minor"})


def answer_to_ours(reading: Reading, question: Question) -> Reply | None:
    """The call that waited for this answer; None where the message answers nothing of ours."""
    pending = question.memory.pending
    if pending is None:
        return None
    if pending.call.tool == "snooze_exception":
        return snoozing.answered(reading, pending)
    if pending.call.tool == assigning.TOOL:
        return assigning.answered(reading, pending)
    if pending.slot in _AMOUNTS:
        return _named_amount(reading, question, pending)
    return _named_thing(reading, pending)


def _named_thing(reading: Reading, pending: Pending) -> Reply | None:
    """An item, a supplier, or the days."""
    if pending.slot == "sku":
        return _chosen_item(reading, pending)
    if pending.slot == "supplier" and reading.supplier is not None:
        given = {**pending.call.arguments, "supplier": reading.supplier}
        return Reply(calls=(Call(tool=pending.call.tool, arguments=given),))
    if pending.slot == "last" and reading.span is not None:
        return demand_plans.with_days(pending.call, reading.span)
    if pending.slot == "move_to" and reading.period is not None:
        moved = {**pending.call.arguments, "move_to": reading.period.first.isoformat()}
        return Reply(calls=(Call(tool=pending.call.tool, arguments=moved),))
    return None


def _chosen_item(reading: Reading, pending: Pending) -> Reply | None:
    fitting = [sku for sku in reading.choices if sku in pending.choices]
    sku = (
        (reading.items[0] if reading.items else None)
        or slots.pointed_at(reading, pending.choices)
        or (fitting[0] if len(fitting) == 1 else None)
    )
    if sku is None:
        return None
    if pending.call.tool == "find_items":
        return Reply(calls=(Call(tool="find_items", arguments={"text": sku}),))
    slot: dict[str, Any] = {"skus": [sku]} if pending.call.tool == "draft_po" else {"sku": sku}
    return Reply(
        calls=(Call(tool=pending.call.tool, arguments={**pending.call.arguments, **slot}),)
    )


def _named_amount(reading: Reading, question: Question, pending: Pending) -> Reply | None:
    unclear = asked_to_be_clear(reading, pending.call, pending.slot)
    if unclear is not None:
        return unclear
    figure = slots.amount(reading)
    if figure is None:
        return None
    minor = slots.minor(figure, question.currency)
    arguments = {**pending.call.arguments, pending.slot: minor}
    return unfit_amount(figure, question.currency) or Reply(
        calls=(Call(tool=pending.call.tool, arguments=arguments),)
    )


def same_again(reading: Reading, question: Question) -> Reply | None:
    """The last calls with what this message names put in; None where nothing fits in."""
    figure = slots.amount(reading)
    takes_amount = any(
        "budget_minor" in _EXCHANGEABLE.get(c.tool, ()) for c in question.memory.calls
    )
    if takes_amount and reading.is_unclear:
        last = next(
            c for c in question.memory.calls if "budget_minor" in _EXCHANGEABLE.get(c.tool, ())
        )
        return asked_to_be_clear(reading, last, "budget_minor")
    refusal = unfit_amount(figure, question.currency) if figure and takes_amount else None
    if refusal is not None:
        return refusal
    repeated = [_exchanged(call, reading, question) for call in question.memory.calls]
    calls = tuple(call for call in repeated if call is not None)
    return Reply(calls=calls[:1]) if calls else None


def _exchanged(past: PastCall, reading: Reading, question: Question) -> Call | None:
    allowed = _EXCHANGEABLE.get(past.tool, frozenset[str]())
    named = {
        name: value
        for name, value in _named(reading, question, question.memory).items()
        if name in allowed and value is not None
    }
    if not named:
        return None
    kept = {name: value for name, value in past.arguments.items() if name in allowed}
    if "text" in named or "sku" in named or "number" in named:
        kept = {n: v for n, v in kept.items() if n in ("weeks", "location")}
    return Call(tool=past.tool, arguments={**kept, **named})


def _named(reading: Reading, question: Question, memory: Memory) -> dict[str, Any]:
    """Everything the message names, under every name a tool may know it by."""
    sku = reading.items[0] if reading.items else slots.pointed_at(reading, memory.listed)
    figure = slots.amount(reading)
    period = reading.period
    return {
        "sku": sku,
        "text": sku,
        "location": reading.place,
        "supplier": reading.supplier,
        "category": reading.category,
        "number": reading.orders[0] if reading.orders else None,
        "po": reading.orders[0] if reading.orders else None,
        "weeks": slots.weeks_ahead(reading),
        "off_basis_points": next(
            (slots.basis_points(f) for f in reading.figures if f.kind == "percent"), None
        ),
        "budget_minor": None if figure is None else slots.minor(figure, question.currency),
        "instead_units": slots.instead_units(reading),
        "first": None if period is None else period.first.isoformat(),
        "last": None if period is None else period.last.isoformat(),
    }
