"""From an intent to the calls that answer it, or to a question back."""

from collections.abc import Callable

from agent.llm.offline import (
    arithmetic,
    asides,
    assigning,
    buying,
    demand_plans,
    drafting,
    looking,
    order_talk,
    paging,
    preferring,
    replays,
    snoozing,
)
from agent.llm.offline.intents import Intent
from agent.llm.offline.reading import Reading
from agent.llm.port import Call, Question, Reply


def calls_for(intent: Intent, reading: Reading, question: Question) -> Reply:
    """What to call; a reply with a draft instead asks back or says what cannot be done."""
    return _PLANS[intent](reading, question)


def _plain(tool: str, **arguments: str) -> Callable[[Reading, Question], Reply]:
    def plan(_reading: Reading, _question: Question) -> Reply:
        return Reply(calls=(Call(tool=tool, arguments=dict(arguments)),))

    return plan


def _thanks(_reading: Reading, _question: Question) -> Reply:
    return Reply(draft=asides.WELCOME)


_PLANS: dict[Intent, Callable[[Reading, Question], Reply]] = {
    "what-if-demand": demand_plans.what_if,
    "prefer": preferring.prefer,
    "unprefer": preferring.forget,
    "preferences": _plain("show_preferences"),
    "arithmetic": arithmetic.ask,
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
    "set-budget": buying.set_budget,
    "what-if": buying.what_if,
    "budget": _plain("show_budget"),
    "curve": _plain("budget_curve"),
    "draft": drafting.draft,
    "revise-po": order_talk.revise,
    "remove-line": order_talk.remove,
    "move-po": order_talk.move,
    "cancel-po": order_talk.cancel,
    "changed-po": order_talk.changed,
    "decided-po": order_talk.decided,
    "show-source": _plain("show_source"),
    "drivers": looking.demand("explain_drivers"),
    "cuts": buying.cuts,
    "more": paging.more,
    "snooze": snoozing.snooze,
    "assign": assigning.assign,
    "explain-order": looking.explain,
    "transfers": looking.transfers,
    "compare": looking.compare,
    "chart": looking.chart,
    "replay": replays.replay,
    "suppliers": looking.suppliers,
    "kpis": replays.kpis,
    "backorders": looking.backorders,
    "eta": looking.eta,
    "exceptions": looking.exceptions,
    "data-health": looking.data_health,
    "keep": demand_plans.keep,
    "po-status": order_talk.orders,
    "confidence": looking.demand("forecast_demand"),
    "forecast": looking.forecast,
    "buy-list": buying.buy_list,
    "stock": looking.stock,
    "greeting": _plain("show_help", topic="greeting"),
    "thanks": _thanks,
    "help": _plain("show_help", topic="help"),
    "cannot": _plain("show_help", topic="cannot"),
}
