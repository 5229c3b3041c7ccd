"""App Home: what waits for me, the budget, open orders, what needs attention."""

from agent.slack.actions import APPROVE, ASK, REJECT, RequestRef, packed
from agent.slack.blockkit import limits
from agent.slack.render.build import (
    Block,
    Part,
    actions,
    bullets,
    button,
    divider,
    header,
    note,
    prose,
)
from agent.views.approval import CardView
from agent.views.home import Home, Section

_CARDS = 10


def home_view(view: Home) -> Block:
    """At most a hundred blocks: what waits comes first, lists are short and say what is left."""
    blocks: list[Block] = [prose([Part(f"Hello {view.name}.")]), header("Waiting for you")]
    if not view.waiting:
        blocks.append(prose([Part("Nothing waits for your decision.")]))
    for card in view.waiting[:_CARDS]:
        blocks += _card(card)
    left = len(view.waiting) - _CARDS
    if left > 0:
        blocks.append(note(f"and {left} more: /qm approvals"))
    for section in view.sections:
        blocks += [divider(), *_section(section)]
    blocks.append(note(view.as_of))
    return {"type": "home", "blocks": blocks[: limits.VIEW_BLOCKS]}


def _card(card: CardView) -> list[Block]:
    ref = packed(RequestRef(request=card.request_id, revision=card.revision, digest=card.digest))
    facts = [row for row in card.rows if row.label in ("Total", "Wanted by", "Asked by")]
    lines = [[Part(card.title, bold=True)], *([Part(f"{row.label}: {row.text}")] for row in facts)]
    return [
        prose(*lines),
        actions(
            [
                button("Approve", action=APPROVE, value=ref, style="primary",
                       spoken=f"Approve {card.title}"),
                button("Reject…", action=REJECT, value=ref, style="danger",
                       spoken=f"Reject {card.title}"),
                button("Ask", action=ASK, value=ref, spoken=f"Ask about {card.title}"),
            ]
        ),
    ]  # fmt: skip


def _section(section: Section) -> list[Block]:
    if not section.lines:
        return [header(section.title), prose([Part(section.otherwise)])]
    listed = bullets(
        [Part(f"{row.label}: ", bold=True) if row.label else Part(""), Part(row.text)]
        for row in section.lines
    )
    return [header(section.title), listed]
