"""The digest: a parent with what needs people, the rest in its thread; and one finding alone."""

from collections.abc import Sequence
from typing import Literal

from agent.slack.actions import ASSIGN, SAY, SNOOZE, FindingRef, packed
from agent.slack.render.answer import Outgoing
from agent.slack.render.build import (
    Block,
    Part,
    actions,
    bullets,
    button,
    divider,
    escaped,
    header,
    note,
    prose,
)
from agent.slack.render.tables import fitted
from agent.views.digest import SNOOZE as IN_WORDS, Digest, Finding

DigestPart = Literal["parent", "urgent", "resolved", "buys"]
NOTHING: dict[DigestPart, str] = {
    "urgent": "Nothing of it is urgent any more.",
    "resolved": "Nothing was resolved since the last one.",
    "buys": "Nothing is to be bought.",
}
ORDERS_SHOWN = 5
MOST = " more: ask “what needs me?”"


def digest_message(view: Digest, part: DigestPart) -> Outgoing:
    """One message of a digest; one that has become empty says so."""
    if part == "parent":
        return _findings(view, view.headline, view.summary, view.figures)
    if part not in parts_of(view):
        return Outgoing(text=NOTHING[part], blocks=(prose([Part(NOTHING[part])]),))
    if part == "urgent":
        told = "New since the last digest, and too much is at stake to wait for the next one."
        return _findings(view, f"Urgent: {view.headline}", told)
    return _buys(view) if part == "buys" else _listed("Resolved since the last one", view.resolved)


def parts_of(view: Digest) -> tuple[DigestPart, ...]:
    """Which messages have something to say."""
    given: dict[DigestPart, Sequence[object]] = {
        "urgent": view.findings, "resolved": view.resolved, "buys": view.buys.rows,
    }  # fmt: skip
    return ("parent", *(part for part, entries in given.items() if entries))


def finding_message(run_id: str, finding: Finding, lead: str) -> Outgoing:
    """One exception by itself, for whoever looks after it."""
    blocks = (prose([Part(lead)]), *finding_blocks(run_id, 0, finding))
    return Outgoing(text=escaped(f"{lead} {finding.headline}"), blocks=blocks)


def finding_blocks(run_id: str, number: int, finding: Finding) -> list[Block]:
    """What is wrong, what it costs, who has it, and what can be done about it."""
    ref = packed(FindingRef(run=run_id, key=finding.key))
    owner = f"; {finding.owner} looks after it" if finding.owner else ""
    line = [
        Part(finding.headline, bold=True),
        Part(f"\n{finding.at_stake} at stake, {finding.status}{owner}"),
        Part(f"\n{finding.detail}" if finding.detail else "", italic=True),
    ]
    buttons = [
        button(action.label, action=f"{SAY}.{number}.{i}", value=ref, spoken=action.text)
        for i, action in enumerate(finding.actions)
        if action.label != IN_WORDS
    ]
    buttons += [
        button("Snooze…", action=SNOOZE, value=ref, spoken=f"Snooze {finding.headline}"),
        button("Assign…", action=ASSIGN, value=ref, spoken=f"Assign {finding.headline}"),
    ]
    return [prose(line), actions(buttons)]


def _findings(view: Digest, title: str, told: str, figures: str = "") -> Outgoing:
    blocks: list[Block] = [header(title), prose([Part(told)])]
    if figures:
        blocks.append(note(figures))
    for number, finding in enumerate(view.findings):
        blocks += [divider(), *finding_blocks(view.run_id, number, finding)]
    if view.rest:
        blocks.append(note(f"and {view.rest}{MOST}"))
    blocks += _orders(view)
    return Outgoing(text=escaped(f"{title}. {told}"), blocks=tuple(blocks))


def _orders(view: Digest) -> list[Block]:
    """Orders that are stuck; the App Home lists them all."""
    if not view.orders:
        return []
    title = Part("Orders that wait for a person", bold=True)
    listed = [
        [Part(each.headline, bold=True), Part(f": {each.text}")]
        for each in view.orders[:ORDERS_SHOWN]
    ]
    more = len(view.orders) - ORDERS_SHOWN
    rest = [note(f"and {more} more: see App Home")] if more > 0 else []
    return [divider(), prose([title]), bullets(listed), *rest]


def _buys(view: Digest) -> Outgoing:
    title = view.buys.title
    blocks = (prose([Part(title, bold=True)]), fitted(view.buys).block)
    return Outgoing(text=escaped(title), blocks=blocks)


def _listed(title: str, entries: Sequence[str]) -> Outgoing:
    return Outgoing(
        text=escaped(f"{title}: {'; '.join(entries)}"),
        blocks=(prose([Part(title, bold=True)]), bullets([Part(each)] for each in entries)),
    )
