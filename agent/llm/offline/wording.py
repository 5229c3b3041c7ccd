"""How the offline model words its answer: the statements, with a lead where one is needed."""

from agent.language.periods import DAYS_OF_WEEK, Period
from agent.llm.offline import asides
from agent.llm.offline.intents import Intent
from agent.llm.port import Question, Step
from agent.statements import demand
from agent.statements.catalogue import statement
from agent.statements.words import Words

_LEADS: dict[Intent, str] = {
    "approve": asides.CANNOT_APPROVE,
    "send": asides.CANNOT_SEND,
}


def worded(intent: Intent | None, question: Question, period: Period | None = None) -> str:
    """The draft for all calls of the turn; `period` is what the message named."""
    steps = question.steps
    if steps[-1].call.tool == "compute" and steps[-1].result is not None:
        steps = steps[-1:]  # what it was computed from stands in its table
    told = [_told(intent, step) for step in steps]
    lead = _LEADS.get(intent) if intent is not None else None
    if intent == "draft" and question.steps[0].call.tool == "explain_order":
        lead = asides.PLANS_OWN
    if question.steps[0].call.tool == "forecast_demand" and _is_later(period, question):
        lead = asides.FROM_NOW
    return "\n".join([*([lead] if lead else []), *told])


def _is_later(period: Period | None, question: Question) -> bool:
    """It begins after the coming week, where a forecast of so many weeks is of other ones."""
    return period is not None and (period.first - question.today).days > DAYS_OF_WEEK


def _told(intent: Intent | None, step: Step) -> str:
    if intent == "confidence" and step.call.tool == "forecast_demand" and step.result is not None:
        return demand.confidence(Words(step))
    return statement(step)
