"""From an intent to the calls that answer it, or to a question back."""

import re
from collections.abc import Callable
from typing import Any

from agent.language.figures import Figure
from agent.llm.offline import (
    asides,
    demand_plans,
    order_talk,
    replays,
    slots,
    snoozing,
    suppositions,
)
from agent.llm.offline.intents import Intent
from agent.llm.offline.reading import Reading
from agent.llm.port import Call, Question, Reply
from agent.memory import Memory, PastCall, Pending

MOST_COMPARED = 3
PAGED = {"rank_buys": 10, "list_exceptions": 10, "propose_transfers": 10}  # rows unless told
# Words for everything that is sold, where no item is named.
_ALL = re.compile(
    r"\b(?:company|business|everything|overall|(?:in )?total|altogether|all (?:items|products|of it"
    r"|skus|locations|stores)|as a whole|across the board)\b|\bwhole\b"
)
_PUT_OFF = re.compile(r"\b(?:snoozed|put off|asleep|silenced|muted)\b")
MOST_MONEY = 10**12  # whole units of the currency


def calls_for(intent: Intent, reading: Reading, question: Question) -> Reply:
    """What to call; a reply with a draft instead asks back or says what cannot be done."""
    return _PLANS[intent](reading, question)


def about_item(tool: str, reading: Reading, memory: Memory, **more: Any) -> Reply:  # noqa: ANN401  JSON values of tool arguments
    """A call about one item; asks which when the words fit several, says so when they fit none."""
    arguments = {name: value for name, value in more.items() if value is not None}
    sku = slots.item_of(reading, memory)
    named = reading.place or slots.unknown_place(reading)
    place = named or slots.same_place(sku, reading, memory)
    if place is not None:
        arguments["location"] = place
    if sku is not None:
        return Reply(calls=(Call(tool=tool, arguments={"sku": sku, **arguments}),))
    return ask_which(reading, PastCall(tool=tool, arguments=arguments))


def ask_which(reading: Reading, wanted: PastCall) -> Reply:
    """Show what the words might mean; the answer goes on with the call that was wanted."""
    if reading.choices:
        said = " ".join(reading.leftover) or reading.text.strip()
        show = {"text": said[:200], "skus": list(reading.choices)}
        return Reply(
            calls=(Call(tool="find_items", arguments=show),),
            pending=Pending(call=wanted, slot="sku", choices=reading.choices),
        )
    if reading.unknown:
        return Reply(
            calls=(Call(tool="find_items", arguments={"text": reading.unknown[:200]}),),
            pending=Pending(call=wanted, slot="sku"),
        )
    return Reply(
        draft=asides.WHICH_ITEM,
        pending=Pending(call=wanted, slot="sku"),
    )


def asked_to_be_clear(reading: Reading, call: PastCall, slot: str) -> Reply | None:
    """A question back where an amount cannot be told; guessing would plan with another one."""
    if reading.is_unclear:
        return Reply(draft=asides.UNCLEAR_AMOUNT, pending=Pending(call=call, slot=slot))
    return None


def _buy_list(reading: Reading, question: Question) -> Reply:
    arguments = _scope(reading)
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


def _cuts(reading: Reading, question: Question) -> Reply:
    """The buy list's question, answered with what was left out."""
    reply = _buy_list(reading, question)
    shown = [Call(tool=c.tool, arguments={**c.arguments, "show": "cuts"}) for c in reply.calls]
    return Reply(draft=reply.draft, calls=tuple(shown), pending=reply.pending)


def _more(_reading: Reading, question: Question) -> Reply:
    """The next part of the list shown last."""
    for call in question.memory.calls:
        if call.tool in PAGED:
            given = dict(call.arguments)
            seen = int(given.get("skip", 0)) + int(given.get("top", PAGED[call.tool]))
            return Reply(calls=(Call(tool=call.tool, arguments={**given, "skip": seen}),))
    return Reply(draft=asides.MORE_OF_WHAT)


def _scope(reading: Reading) -> dict[str, Any]:
    """Only this place, supplier, category or item, where the message names one."""
    found = {
        "location": reading.place,
        "supplier": reading.supplier,
        "category": reading.category,
        "sku": reading.items[0] if len(reading.items) == 1 else None,
    }
    return {name: value for name, value in found.items() if value is not None}


def unfit_amount(figure: Figure, currency: str) -> Reply | None:
    """A sentence where an amount cannot be a budget: another currency, nothing, absurd."""
    if figure.currency is not None and figure.currency != currency:
        return Reply(draft=asides.other_currency(currency))
    if figure.value <= 0:
        return Reply(draft=asides.NOT_MORE_THAN_NOTHING)
    if figure.value > MOST_MONEY:
        return Reply(draft=asides.TOO_MUCH)
    return None


def _what_if(reading: Reading, question: Question) -> Reply:
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


def _set_budget(reading: Reading, question: Question) -> Reply:
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
    scope: dict[str, Any] = {"span": "month" if "month" in reading.plain else "week"}
    for name in ("supplier", "category"):
        if getattr(reading, name) is not None:
            scope[name] = getattr(reading, name)
    if reading.period is not None:
        scope["on"] = reading.period.first.isoformat()
    return scope


def _is_relative(reading: Reading) -> bool:
    by = any(mark in reading.plain for mark in ("by <n>", "by <money>"))
    return by or slots.is_more(reading) or any(f.kind == "percent" for f in reading.figures)


def _draft(reading: Reading, question: Question) -> Reply:
    counts = [f for f in reading.figures if f.kind in ("bare", "units", "packs")]
    sku = slots.item_of(reading, question.memory)
    pointed = slots.pointed_at(reading, question.memory.listed)
    if counts and sku is not None and pointed is None:
        arguments = {"sku": sku, "instead_units": int(counts[0].value)}
        return Reply(calls=(Call(tool="explain_order", arguments=arguments),))
    if reading.choices or reading.unknown:
        return ask_which(reading, PastCall(tool="draft_po"))
    arguments = _draft_scope(reading, question.memory, pointed)
    nothing_shown = not question.memory.calls and slots.says_it(reading)
    if nothing_shown and not arguments:
        return Reply(draft=asides.DRAFT_WHAT)
    return Reply(calls=(Call(tool="draft_po", arguments=arguments),))


def _draft_scope(reading: Reading, memory: Memory, pointed: str | None) -> dict[str, Any]:
    """What is to be drafted: as named, else as the last list or item was narrowed."""
    skus = list(reading.items) or ([pointed] if pointed else [])
    named: dict[str, Any] = {"skus": skus} if skus else {}
    if reading.supplier is not None:
        named["suppliers"] = [reading.supplier]
    if reading.place is not None:
        named["location"] = reading.place
    if reading.category is not None:
        named["category"] = reading.category
    meant = memory.buy_list or (memory.calls[-1] if memory.calls else None)
    if skus or meant is None or not slots.says_it(reading):
        return named
    return {**_narrowed_as(meant), **named}


def _narrowed_as(last: PastCall) -> dict[str, Any]:
    given = last.arguments
    scope: dict[str, Any] = {n: given[n] for n in ("location", "category") if n in given}
    if "supplier" in given:
        scope["suppliers"] = [given["supplier"]]
    if "sku" in given:
        scope["skus"] = [given["sku"]]
    return scope


def _explain(reading: Reading, question: Question) -> Reply:
    return about_item(
        "explain_order", reading, question.memory, instead_units=slots.instead_units(reading)
    )


def _demand(tool: str) -> Callable[[Reading, Question], Reply]:
    def plan(reading: Reading, question: Question) -> Reply:
        return about_item(tool, reading, question.memory, weeks=slots.weeks_ahead(reading))

    return plan


def _forecast(reading: Reading, question: Question) -> Reply:
    """Of an item; or of everything, a category or a place, where one is named and no item is."""
    if reading.period is not None and reading.period.last < question.today:
        return Reply(draft=asides.LOOKS_BACK)
    total = _total(reading, question.memory)
    if total is None:
        return _demand("forecast_demand")(reading, question)
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


def _chart(reading: Reading, question: Question) -> Reply:
    return about_item("draw_forecast", reading, question.memory)


def _compare(reading: Reading, question: Question) -> Reply:
    skus = list(reading.items[:MOST_COMPARED])
    if len(skus) == 1 and question.memory.item not in (None, skus[0]):
        skus.insert(0, str(question.memory.item))
    if len(skus) < 2:  # noqa: PLR2004  a comparison has two sides
        return about_item("forecast_demand", reading, question.memory)
    where = {} if reading.place is None else {"location": reading.place}
    return Reply(
        calls=tuple(Call(tool="forecast_demand", arguments={"sku": s, **where}) for s in skus)
    )


def _stock(reading: Reading, question: Question) -> Reply:
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


def _eta(reading: Reading, question: Question) -> Reply:
    if reading.orders:
        return Reply(calls=(Call(tool="eta_promise", arguments={"po": reading.orders[0]}),))
    if reading.choices or reading.unknown:
        return ask_which(reading, PastCall(tool="eta_promise"))
    sku = slots.item_of(reading, question.memory)
    if sku is not None and (reading.items or slots.says_it(reading)):
        return Reply(calls=(Call(tool="eta_promise", arguments={"sku": sku}),))
    return Reply(calls=(Call(tool="eta_promise"),))


def _suppliers(reading: Reading, _question: Question) -> Reply:
    only = {} if reading.supplier is None else {"supplier": reading.supplier}
    return Reply(calls=(Call(tool="supplier_scorecard", arguments=only),))


def _exceptions(reading: Reading, _question: Question) -> Reply:
    only: dict[str, Any] = {"sku": reading.items[0]} if reading.items else {}
    for name in ("location", "supplier"):
        named = reading.place if name == "location" else reading.supplier
        only |= {} if named is None else {name: named}
    if _PUT_OFF.search(reading.plain):
        only["show"] = "snoozed"
    return Reply(calls=(Call(tool="list_exceptions", arguments=only),))


def _data_health(reading: Reading, question: Question) -> Reply:
    if reading.choices or (reading.unknown and slots.says_it(reading)):
        return ask_which(reading, PastCall(tool="data_health"))
    sku = reading.items[0] if reading.items else None
    if sku is None and slots.says_it(reading):
        sku = question.memory.item
    only = {"sku": sku, "location": reading.place if sku else None}
    given = {name: value for name, value in only.items() if value is not None}
    return Reply(calls=(Call(tool="data_health", arguments=given),))


def _transfers(reading: Reading, _question: Question) -> Reply:
    only = {"sku": reading.items[0]} if reading.items else {}
    return Reply(calls=(Call(tool="propose_transfers", arguments=only),))


def _plain(tool: str, **arguments: str) -> Callable[[Reading, Question], Reply]:
    def plan(_reading: Reading, _question: Question) -> Reply:
        return Reply(calls=(Call(tool=tool, arguments=dict(arguments)),))

    return plan


def _thanks(_reading: Reading, _question: Question) -> Reply:
    return Reply(draft=asides.WELCOME)


_PLANS: dict[Intent, Callable[[Reading, Question], Reply]] = {
    "what-if-demand": demand_plans.what_if,
    "withdraw": demand_plans.withdraw,
    "decisions": demand_plans.decisions,
    "promotion": demand_plans.promotion,
    "launch": demand_plans.launch,
    "price": demand_plans.price,
    "override": demand_plans.override,
    "accuracy": demand_plans.accuracy,
    "approvals": order_talk.waiting,
    "approve": order_talk.waiting,
    "send": order_talk.waiting,
    "propose": order_talk.propose,
    "set-budget": _set_budget,
    "what-if": _what_if,
    "budget": _plain("show_budget"),
    "curve": _plain("budget_curve"),
    "draft": _draft,
    "revise-po": order_talk.revise,
    "remove-line": order_talk.remove,
    "move-po": order_talk.move,
    "cancel-po": order_talk.cancel,
    "changed-po": order_talk.changed,
    "decided-po": order_talk.decided,
    "show-source": _plain("show_source"),
    "drivers": _demand("explain_drivers"),
    "cuts": _cuts,
    "more": _more,
    "snooze": snoozing.snooze,
    "explain-order": _explain,
    "transfers": _transfers,
    "compare": _compare,
    "chart": _chart,
    "replay": replays.replay,
    "suppliers": _suppliers,
    "kpis": replays.kpis,
    "eta": _eta,
    "exceptions": _exceptions,
    "data-health": _data_health,
    "keep": demand_plans.keep,
    "po-status": order_talk.orders,
    "confidence": _demand("forecast_demand"),
    "forecast": _forecast,
    "buy-list": _buy_list,
    "stock": _stock,
    "greeting": _plain("show_help", topic="greeting"),
    "thanks": _thanks,
    "help": _plain("show_help", topic="help"),
    "cannot": _plain("show_help", topic="cannot"),
}
