"""Every message, form and view, in each state that people meet."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from agent.html.blocks import message_html, view_html
from agent.slack.actions import FindingRef, RequestRef
from agent.slack.blockkit.check import message_problems, view_problems
from agent.slack.digests import WHOLE, digest_of, reference
from agent.slack.drawing import Drawn, drawn
from agent.slack.render.answer import Outgoing, answer_messages
from agent.slack.render.build import Block, Part, prose
from agent.slack.render.digest import digest_message, finding_message
from agent.slack.render.home import home_view
from agent.slack.render.modals import (
    Choice,
    FormOrigin,
    assign_form,
    edit_form,
    reject_form,
    snooze_form,
    told,
)
from agent.slack.verbs import help_sentences
from agent.views.approval import card_view
from agent.views.digest import Finding
from agent.views.home import home
from engine.service import assignments, people
from engine.service.reading import latest_run
from engine.service.scopes import EVERYTHING
from evals.screens.company import BUY, Cards, Office, decided

LOCALE = "en_GB"
DUE = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Screen:
    """One picture: its name, its page, and why Slack would refuse what it shows."""

    name: str
    html: str
    problems: tuple[str, ...]


def screens(office: Office) -> Iterator[Screen]:
    """Answers before orders, so that each shows the plan as it was made."""
    yield from _answers(office)
    yield from _digests(office)
    cards = decided(office)
    yield from _cards(office, cards)
    yield from _forms(office, cards)
    yield from _homes(office)


def _answers(office: Office) -> Iterator[Screen]:
    yield _said("answer-table", answer_messages(office.ask("buyer", BUY)))
    sku = _best(office)
    yield _said("answer-why", answer_messages(office.ask("buyer", f"Why that quantity of {sku}?")))
    chart = office.ask("buyer", f"Draw the forecast of {sku}")
    pictures = [
        _drawn(office, "chart", {"turn": chart.turn_id, "chart": number})
        for number in range(len(chart.charts))
    ]
    yield _said("answer-chart", (*answer_messages(chart), *map(_with_picture, pictures)))
    yield _said("answer-unknown", answer_messages(office.ask("buyer", "Why 12 of LAMP-OAK-99?")))
    lines = "\n".join(help_sentences())
    yield _said("help", (Outgoing(text="help", blocks=(prose([Part(lines)]),)),))


def _best(office: Office) -> str:
    from engine.service.reading import plan_lines

    stores = office.company.stores
    return str(plan_lines(stores, latest_run(stores).id).iloc[0]["sku"])


def _digests(office: Office) -> Iterator[Screen]:
    company, run = office.company, latest_run(office.company.stores)
    keys = [each.key for each in _findings(office)]
    assignments.assign(
        company.stores, run.id, keys[1:2], assignee="deputy", note="Call them.",
        due=office.clock.now().date() + DUE, person=office.person("buyer"), now=office.clock.now(),
    )  # fmt: skip
    whole = digest_of(company, reference(run.id, "parent", EVERYTHING, None))
    yield _said("digest", (digest_message(whole, "parent"),))
    yield _said("digest-thread", [digest_message(whole, part) for part in WHOLE[1:]])
    lead = "Amira Khan asks you to look after this."
    yield _said("assigned", (finding_message(run.id, whole.findings[1], lead),))


def _findings(office: Office) -> tuple[Finding, ...]:
    run = latest_run(office.company.stores)
    return digest_of(office.company, reference(run.id, "parent", EVERYTHING, None)).findings


def _cards(office: Office, cards: Cards) -> Iterator[Screen]:
    states = {
        "waits": cards.waits, "half-approved": cards.half_approved, "changed": cards.changed,
        "approved": cards.approved, "rejected": cards.rejected, "expired": cards.expired,
        "void": cards.void,
    }  # fmt: skip
    for name, request in states.items():
        yield _said(f"card-{name}", (_drawn(office, "card", {"request": request}).message,))
    waits = {"request": cards.waits}
    yield _said("reminder", (_drawn(office, "reminder", waits).message,))
    outcomes = [_drawn(office, "outcome", {"request": r}) for r in (cards.approved, cards.rejected)]
    yield _said("outcome", [each.message for each in outcomes])
    proposed = office.ask("manager", "Set the weekly budget to 40k")
    number = next(int(each.target) for each in proposed.actions if each.kind == "decide-budget")
    budget = _drawn(office, "budget", {"proposal": number}).message
    yield _said("budget", (*answer_messages(proposed), budget))


def _forms(office: Office, cards: Cards) -> Iterator[Screen]:
    card = office.card(cards.waits)
    ref = RequestRef(request=card.request_id, revision=card.revision, digest=card.digest)
    origin = FormOrigin(ref=ref, channel="C0", ts="0")
    yield _view("form-reject", reject_form(card_view(card, "manager", LOCALE), origin))
    yield _view("form-edit", edit_form(card.content, origin))
    finding = _findings(office)[0]
    about = FormOrigin(ref=FindingRef(run=card.run_id, key=finding.key), channel="C0", ts="0")
    until = office.clock.now().date() + DUE
    yield _view("form-snooze", snooze_form(finding.headline, until, about))
    known = [Choice(each.id, each.name) for each in people.everyone(office.company.stores)]
    yield _view("form-assign", assign_form(finding.headline, known, until, about))
    stale = f"{card.number} was decided or changed since this card was drawn."
    yield _view("form-refused", told("Not possible", stale))


def _homes(office: Office) -> Iterator[Screen]:
    for who in ("manager", "buyer"):
        view = home(
            office.company.stores, office.person(who), now=office.clock.now(), locale=LOCALE
        )
        yield _view(f"home-{who}", home_view(view))


def _drawn(office: Office, kind: str, ref: dict[str, object]) -> Drawn:
    return drawn(office.company, kind, ref)


def _with_picture(picture: Drawn) -> Outgoing:
    """As it stands in Slack, with the picture in the page itself."""
    assert picture.file is not None, picture  # noqa: S101  a chart is a file
    source = base64.b64encode(picture.file.content).decode()
    image = {"type": "image", "image_url": f"data:image/png;base64,{source}",
             "alt_text": picture.file.alt}  # fmt: skip
    return replace(picture.message, blocks=(image,))


def _said(name: str, messages: "tuple[Outgoing, ...] | list[Outgoing]") -> Screen:
    raw = [{"text": each.text, "blocks": list(each.blocks)} for each in messages]
    problems = [str(problem) for each in raw for problem in message_problems(each)]
    found = [each for each in problems if "image_url" not in each]  # in Slack it is a file's id
    return Screen(name=name, html="".join(map(message_html, raw)), problems=tuple(found))


def _view(name: str, view: Block) -> Screen:
    return Screen(name=name, html=view_html(view), problems=tuple(map(str, view_problems(view))))
