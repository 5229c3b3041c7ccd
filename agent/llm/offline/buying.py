"""What to buy, under which budget, and what a budget is worth."""

import re
from typing import Any

from agent.llm.offline import asides, slots, suppositions
from agent.llm.offline.asking import asked_to_be_clear, unfit_amount
from agent.llm.offline.paging import rows_of
from agent.llm.offline.reading import Reading
from agent.llm.port import Call, Question, Reply
from agent.memory import PastCall, Pending
from engine.purchase.periods import KINDS, PeriodKind

_OWN = ("location", "category")
_EVERYWHERE = re.compile(
    r"\b(?:everywhere|all (?:the )?(?:stores|locations|shops|sites|warehouses|categories)|overall"
    r"|whole company|company[- ]wide|every (?:store|location|shop))\b"
)


def buy_list(reading: Reading, question: Question) -> Reply:
    arguments = {**narrowed(scope(reading), reading, question), **rows_of(reading)}
    unclear = asked_to_be_clear(
        reading, PastCall(tool="rank_buys", arguments=arguments), "budget_minor"
    )
    if unclear is not None:
        return unclear
    figure = slots.amount(reading)
    if figure is not None:
        refusal = unfit_amount(figure, question.currency)
        if refusal is not None:
            return refusal
        arguments["budget_minor"] = slots.minor(figure, question.currency)
    return Reply(calls=(Call(tool="rank_buys", arguments=arguments),))


def cuts(reading: Reading, question: Question) -> Reply:
    """The buy list's question, answered with what was left out."""
    reply = buy_list(reading, question)
    shown = [Call(tool=c.tool, arguments={**c.arguments, "show": "cuts"}) for c in reply.calls]
    return Reply(draft=reply.draft, calls=tuple(shown), pending=reply.pending)


def scope(reading: Reading) -> dict[str, Any]:
    """Only this place, supplier, category or item, where the message names one."""
    found = {
        "location": reading.place,
        "supplier": reading.supplier,
        "category": reading.category,
        "sku": reading.items[0] if len(reading.items) == 1 else None,
    }
    return {name: value for name, value in found.items() if value is not None}


def narrowed(
    named: dict[str, Any], reading: Reading, question: Question, names: tuple[str, ...] = _OWN
) -> dict[str, Any]:
    """What is named; where nothing is, what the person wants their answers narrowed to."""
    if named or says_everywhere(reading):
        return named
    return {name: question.preferences[name] for name in names if name in question.preferences}


def says_everywhere(reading: Reading) -> bool:
    """The person lifts whatever their answers are narrowed to by themselves."""
    return _EVERYWHERE.search(reading.plain) is not None


def what_if(reading: Reading, question: Question) -> Reply:
    other = suppositions.supposed(reading, question)
    if other is not None:
        return other
    name = "extra_minor" if slots.is_more(reading) else "budget_minor"
    unclear = asked_to_be_clear(reading, PastCall(tool="what_if"), name)
    if unclear is not None:
        return unclear
    figure = slots.amount(reading)
    if figure is None:
        return Reply(calls=(Call(tool="rank_buys"),))
    refusal = unfit_amount(figure, question.currency)
    if refusal is not None:
        return refusal
    minor = slots.minor(figure, question.currency)
    return Reply(calls=(Call(tool="what_if", arguments={name: minor}),))


def set_budget(reading: Reading, question: Question) -> Reply:
    wanted = PastCall(tool="set_budget", arguments=_budget_scope(reading))
    unclear = asked_to_be_clear(reading, wanted, "cap_minor")
    if unclear is not None:
        return unclear
    figure = slots.amount(reading)
    if figure is None:
        return Reply(draft=asides.WHICH_AMOUNT, pending=Pending(call=wanted, slot="cap_minor"))
    if _is_relative(reading):
        return Reply(draft=asides.NEW_TOTAL, pending=Pending(call=wanted, slot="cap_minor"))
    refusal = unfit_amount(figure, question.currency)
    if refusal is not None:
        return refusal
    arguments = {**wanted.arguments, "cap_minor": slots.minor(figure, question.currency)}
    return Reply(calls=(Call(tool="set_budget", arguments=arguments),))


def _budget_scope(reading: Reading) -> dict[str, Any]:
    """What the cap is for: kept while the amount is asked for."""
    said = reading.period.phrase.lower() if reading.period is not None else ""
    found: dict[str, Any] = {"span": _span(f"{reading.plain} {said}")}
    for name in ("supplier", "category"):
        if getattr(reading, name) is not None:
            found[name] = getattr(reading, name)
    if reading.period is not None:
        found["on"] = reading.period.first.isoformat()
    return found


def _span(plain: str) -> PeriodKind:
    """The period a budget is for, as it is said; a week where nothing else is."""
    if "annual" in plain:
        return "year"
    said: list[PeriodKind] = [kind for kind in KINDS if plain.count(kind)]
    return said[0] if said else "week"


def _is_relative(reading: Reading) -> bool:
    by = any(mark in reading.plain for mark in ("by <n>", "by <money>"))
    return by or slots.is_more(reading) or any(f.kind == "percent" for f in reading.figures)
