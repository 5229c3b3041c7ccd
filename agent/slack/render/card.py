"""An approval request in a channel: one card for everybody, drawn anew from the database."""

from collections.abc import Sequence

from agent.grounding.formats import shown
from agent.slack.actions import APPROVE, ASK, EDIT, LINES, REJECT, RequestRef, packed
from agent.slack.render.answer import Outgoing
from agent.slack.render.build import Block, Part, actions, bullets, button, escaped, header, note
from agent.slack.render.tables import fitted
from agent.views.approval import CardView, card_view
from engine.service.approval_card import ApprovalCard, RequestState
from tools.facts import Fact

SAID: dict[RequestState, str] = {
    "pending": "waits for a decision",
    "approved": "approved",
    "rejected": "rejected",
    "expired": "expired: nobody decided in time",
    "void": "no longer up for decision: it was changed or withdrawn",
}


def card_message(card: ApprovalCard, locale: str) -> Outgoing:
    """The card as it stands now; only one that waits has buttons."""
    view = card_view(card, "", locale)
    blocks = [
        header(view.title),
        note(_state(card, locale)),
        bullets([Part(f"{row.label}: ", bold=True), Part(row.text)] for row in view.rows),
        fitted(view.lines).block,
    ]
    if view.lines.rest:
        blocks.append(note(f"and {view.lines.rest} more lines"))
    blocks += _asked(card, view) if card.state == "pending" else _trail(card, locale)
    return Outgoing(text=escaped(f"{view.title}: {SAID[card.state]}"), blocks=tuple(blocks))


def _state(card: ApprovalCard, locale: str) -> str:
    if card.state != "pending":
        return f"{card.number} is {SAID[card.state]}"
    until = _date(card.expires_at.date().isoformat(), locale)
    return f"{card.number} {SAID[card.state]}, until {until}"


def _asked(card: ApprovalCard, view: CardView) -> list[Block]:
    ref = packed(RequestRef(request=card.request_id, revision=card.revision, digest=card.digest))
    name = card.number
    return [
        actions(
            [
                button("Approve", action=APPROVE, value=ref, style="primary",
                       spoken=f"Approve {name}"),
                button("Edit…", action=EDIT, value=ref, spoken=f"Edit {name}"),
                button("Reject…", action=REJECT, value=ref, style="danger",
                       spoken=f"Reject {name}"),
                button("Ask", action=ASK, value=ref, spoken=f"Ask about {name}"),
                button("All lines", action=LINES, value=ref, spoken=f"All lines of {name}"),
            ]
        ),
        note(f"May approve: {view.who_may}"),
    ]  # fmt: skip


def _trail(card: ApprovalCard, locale: str) -> list[Block]:
    """Who decided what, when and why."""
    return [bullets(_told(card, locale))] if card.decisions else []


def _told(card: ApprovalCard, locale: str) -> list[Sequence[Part]]:
    told: list[Sequence[Part]] = []
    for made in card.decisions:
        who = card.people.get(made.approver, made.approver)
        lent = made.on_behalf_of
        on_behalf = f" for {card.people.get(lent, lent)}" if lent else ""
        said = "approved" if made.decision == "approve" else "rejected"
        when = _date(made.at.date().isoformat(), locale)
        why = f": {made.reason}" if made.reason else ""
        told.append([Part(who, bold=True), Part(f"{on_behalf} {said} on {when}{why}")])
    return told


def _date(day: str, locale: str) -> str:
    return shown(Fact(id="", value=day, kind="date", label=""), locale)
