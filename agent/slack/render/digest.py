"""The digest: a parent with what needs people, the rest in its thread."""

from collections.abc import Sequence
from dataclasses import dataclass

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
from agent.views.digest import Digest, Finding


@dataclass(frozen=True, kw_only=True)
class DigestMessages:
    """What the channel sees, and what stands in the thread below it."""

    parent: Outgoing
    thread: tuple[Outgoing, ...]


def digest_messages(view: Digest) -> DigestMessages:
    return DigestMessages(parent=_parent(view), thread=_thread(view))


def _parent(view: Digest) -> Outgoing:
    blocks: list[Block] = [header(view.headline), prose([Part(view.summary)])]
    for number, finding in enumerate(view.findings):
        blocks += [divider(), *_finding(view.run_id, number, finding)]
    if view.rest:
        blocks.append(note(f"and {view.rest} more: ask “what needs me?”"))
    return Outgoing(text=escaped(f"{view.headline}. {view.summary}"), blocks=tuple(blocks))


def _finding(run_id: str, number: int, finding: Finding) -> list[Block]:
    ref = packed(FindingRef(run=run_id, key=finding.key))
    line = [
        Part(finding.headline, bold=True),
        Part(f"\n{finding.at_stake} at stake, {finding.status}"),
        Part(f"\n{finding.detail}" if finding.detail else "", italic=True),
    ]
    buttons = [
        button(action.label, action=f"{SAY}.{number}.{i}", value=ref, spoken=action.text)
        for i, action in enumerate(finding.actions)
    ]
    buttons += [
        button("Snooze…", action=SNOOZE, value=ref, spoken=f"Snooze {finding.headline}"),
        button("Assign…", action=ASSIGN, value=ref, spoken=f"Assign {finding.headline}"),
    ]
    return [prose(line), actions(buttons)]


def _thread(view: Digest) -> tuple[Outgoing, ...]:
    """What was settled since, and what to buy first."""
    messages: list[Outgoing] = []
    if view.resolved:
        messages.append(_listed("Resolved since the last one", view.resolved))
    if view.buys.rows:
        title = view.buys.title
        blocks = (prose([Part(title, bold=True)]), fitted(view.buys).block)
        messages.append(Outgoing(text=escaped(title), blocks=blocks))
    return tuple(messages)


def _listed(title: str, entries: Sequence[str]) -> Outgoing:
    return Outgoing(
        text=escaped(f"{title}: {'; '.join(entries)}"),
        blocks=(prose([Part(title, bold=True)]), bullets([Part(each)] for each in entries)),
    )
