"""The messages that matter as one page, drawn from a company as it stands: look before you send."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from agent.html.blocks import message_html, page_html, view_html
from agent.slack.actions import FindingRef, RequestRef
from agent.slack.blockkit.check import message_problems, view_problems
from agent.slack.blockkit.look import Problem
from agent.slack.digests import WHOLE
from agent.slack.render.answer import Outgoing, answer_messages
from agent.slack.render.build import Block
from agent.slack.render.card import card_message
from agent.slack.render.digest import digest_message, parts_of
from agent.slack.render.home import home_view
from agent.slack.render.modals import FormOrigin, edit_form, reject_form, snooze_form
from agent.surfaces import SLACK
from agent.turns import Assistant
from agent.views.approval import card_view
from agent.views.digest import stored_digest
from agent.views.home import home
from engine.model.people import Person
from engine.service import approve, conversation
from engine.service.approval_card import ApprovalCard
from engine.service.reading import latest_run

QUESTION = "What should I buy this week with 50k?"


@dataclass(frozen=True, kw_only=True)
class Piece:
    """One surface under its name; `problems` is why Slack would refuse it."""

    name: str
    html: str
    problems: tuple[Problem, ...]


def preview(assistant: Assistant, person: Person) -> Iterator[Piece]:
    """Digest, an answer, the oldest approval card with its forms, App Home."""
    company, locale = assistant.company, assistant.locale
    stores, now = company.stores, company.clock.now()
    digest = stored_digest(stores, latest_run(stores), locale, now)
    said = parts_of(digest)
    yield _messages("digest", (digest_message(digest, "parent"),))
    thread = tuple(digest_message(digest, part) for part in WHOLE[1:] if part in said)
    yield _messages("digest thread", thread)
    yield _messages("answer", _answer(assistant, person, now))
    cards = approve.pending(stores, now=now)
    if cards:
        yield _messages("approval", (card_message(cards[0], locale),))
        yield from _forms(cards[0], person, locale, now)
    yield _view("home", home_view(home(stores, person, now=now, locale=locale)))


def page(pieces: list[Piece]) -> str:
    titled = [f'<h2 id="{piece.name}">{piece.name}</h2>{piece.html}' for piece in pieces]
    return page_html("Quartermaster in Slack", titled)


def _answer(assistant: Assistant, person: Person, now: datetime) -> tuple[Outgoing, ...]:
    thread = f"preview-{person.id}-{now:%Y%m%dT%H%M%S}"
    conversation.open_thread(
        assistant.company.stores, thread, surface=SLACK, person=person, now=now
    )
    return answer_messages(assistant.ask(thread, person, QUESTION))


def _forms(card: ApprovalCard, person: Person, locale: str, now: datetime) -> Iterator[Piece]:
    ref = RequestRef(request=card.request_id, revision=card.revision, digest=card.digest)
    origin = FormOrigin(ref=ref, channel="C0", ts="0")
    yield _view("reject", reject_form(card_view(card, person.id, locale), origin))
    yield _view("edit", edit_form(card.content, origin))
    finding = FormOrigin(ref=FindingRef(run=card.run_id, key="key"), channel="C0", ts="0")
    until = now.date() + timedelta(days=7)
    yield _view("snooze", snooze_form("An exception", until, finding))


def _messages(name: str, messages: tuple[Outgoing, ...]) -> Piece:
    raw = [{"text": each.text, "blocks": list(each.blocks)} for each in messages]
    problems = [problem for each in raw for problem in message_problems(each)]
    return Piece(name=name, html="".join(map(message_html, raw)), problems=tuple(problems))


def _view(name: str, view: Block) -> Piece:
    return Piece(name=name, html=view_html(view), problems=tuple(view_problems(view)))
