"""A post as it reads now: drawn from the database, so racing changes end in one picture."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from agent.bootstrap import Company
from agent.slack.digests import digest_of
from agent.slack.files import Attachment, chart_file, order_file, table_file
from agent.slack.render.answer import Outgoing, answer_messages
from agent.slack.render.budget import budget_message
from agent.slack.render.build import Part, escaped, prose
from agent.slack.render.card import card_message
from agent.slack.render.digest import digest_message, finding_message
from agent.slack.render.progress import progress_message
from agent.slack.reviews import review_message
from agent.views.answer import Answer
from agent.views.budget import budget_view
from agent.views.digest import finding_of
from agent.views.notices import outcome_sentence
from engine.errors import UnknownName
from engine.service import approve, assignments, budget, conversation, people
from engine.service.approval_card import ApprovalCard
from engine.service.reading import latest_run
from tools.exception_rows import in_words

FINAL = "final"  # seen: it changes no more


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A message and how its subject stood; FINAL when it cannot change any more."""

    message: Outgoing
    seen: str = FINAL
    file: Attachment | None = None


def drawn(company: Company, kind: str, ref: Mapping[str, Any]) -> Drawn:
    """Raises UnknownName for what is not there; a kind we do not know is a bug."""
    return _KINDS[kind](company, ref)


def _answer(company: Company, ref: Mapping[str, Any]) -> Drawn:
    return Drawn(message=answer_messages(_stored(company, ref))[int(ref["part"])])


def _stored(company: Company, ref: Mapping[str, Any]) -> Answer:
    turn = conversation.turn(company.stores, str(ref["turn"]))
    if turn.answer is None:
        raise UnknownName("answer of turn", turn.id)
    return Answer.from_json(turn.answer)


def _chart(company: Company, ref: Mapping[str, Any]) -> Drawn:
    """A picture of an answer, with what it shows in words."""
    file = chart_file(company, _stored(company, ref).charts[int(ref["chart"])])
    return Drawn(message=Outgoing(text=escaped(file.alt), blocks=()), file=file)


def _table(company: Company, ref: Mapping[str, Any]) -> Drawn:
    """A table of an answer that did not fit its message, whole."""
    messages = answer_messages(_stored(company, ref))
    table = messages[int(ref["part"])].files[int(ref["file"])]
    turn, kind = str(ref["turn"]), str(ref.get("format", "csv"))  # older posts name none
    name = f"{turn.rpartition('/')[2]}-{ref['part']}.{kind}"
    file = table_file(company, turn, table, name)
    return Drawn(message=Outgoing(text=escaped(table.title), blocks=()), file=file)


def _order(company: Company, ref: Mapping[str, Any]) -> Drawn:
    """All lines of an order, as its supplier would get it."""
    card = approve.card(company.stores, int(ref["request"]), now=company.clock.now())
    file = order_file(company, card.number, str(ref["format"]))
    return Drawn(message=Outgoing(text=escaped(file.name), blocks=()), file=file)


def _card(company: Company, ref: Mapping[str, Any]) -> Drawn:
    card = approve.card(company.stores, int(ref["request"]), now=company.clock.now())
    message = card_message(card, company.settings.terminal.locale)
    return Drawn(message=message, seen=card_state(card))


def card_state(card: ApprovalCard) -> str:
    """Changes whenever the card would read differently."""
    if card.state != "pending":
        return FINAL
    return f"{card.digest} {len(card.decisions)}"


def _budget(company: Company, ref: Mapping[str, Any]) -> Drawn:
    proposal = budget.proposal(company.stores, int(ref["proposal"]))
    viewer = people.person_of(company.stores, proposal.requested_by, "system")
    view = budget_view(company.stores, proposal, viewer, company.settings.terminal.locale)
    said = "" if proposal.state == "pending" else f"{view.title} is {proposal.state}."
    seen = "pending" if proposal.state == "pending" else FINAL
    return Drawn(message=budget_message(view, said), seen=seen)


def _digest(company: Company, ref: Mapping[str, Any]) -> Drawn:
    return Drawn(message=digest_message(digest_of(company, ref), ref["part"]))


def _assignment(company: Company, ref: Mapping[str, Any]) -> Drawn:
    """What somebody was asked to look after, while it is theirs and not settled."""
    stores, now = company.stores, company.clock.now()
    given = assignments.assignment(stores, int(ref["assignment"]))
    run = latest_run(stores)
    finding = finding_of(stores, run, given.key, company.settings.terminal.locale, now)
    if given.is_over or finding is None:
        return _said(f"{in_words(given.key)}: settled, put off or given to somebody else.")
    return Drawn(message=finding_message(run.id, finding, str(ref["lead"])))


def _reminder(company: Company, ref: Mapping[str, Any]) -> Drawn:
    """The card once more, with what it is there for; gone once it is decided."""
    card = approve.card(company.stores, int(ref["request"]), now=company.clock.now())
    if card.state != "pending":
        return _said(outcome_sentence(card))
    message = card_message(card, company.settings.terminal.locale)
    asks = prose([Part("This still waits for your decision.", bold=True)])
    blocks = (asks, *message.blocks)
    return Drawn(message=replace(message, blocks=blocks), seen=card_state(card))


def _outcome(company: Company, ref: Mapping[str, Any]) -> Drawn:
    """What became of a request, for whoever asked."""
    card = approve.card(company.stores, int(ref["request"]), now=company.clock.now())
    return _said(outcome_sentence(card))


def _review(company: Company, ref: Mapping[str, Any]) -> Drawn:
    message, file = review_message(company, ref)
    return Drawn(message=message, file=file)


def _note(_company: Company, ref: Mapping[str, Any]) -> Drawn:
    """A sentence of our own."""
    return _said(str(ref["text"]))


def _progress(_company: Company, ref: Mapping[str, Any]) -> Drawn:
    """What is being done about a question, until its answer takes the place of this."""
    is_stopping = bool(ref.get("is_stopping"))
    message = progress_message(str(ref["key"]), str(ref["stage"]), is_stopping=is_stopping)
    return Drawn(message=message, seen="working")


def _said(sentence: str) -> Drawn:
    return Drawn(message=Outgoing(text=escaped(sentence), blocks=(prose([Part(sentence)]),)))


_KINDS: Mapping[str, Callable[[Company, Mapping[str, Any]], Drawn]] = {
    "answer": _answer,
    "chart": _chart,
    "table": _table,
    "order": _order,
    "card": _card,
    "budget": _budget,
    "digest": _digest,
    "review": _review,
    "assignment": _assignment,
    "reminder": _reminder,
    "outcome": _outcome,
    "note": _note,
    "progress": _progress,
}
