"""An answer as messages: prose with its figures in bold, one table per message, buttons."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from agent.grounding.render import Paragraph
from agent.slack.actions import FEEDBACK, SAY, SOURCES, SayRef, packed
from agent.slack.blockkit import limits
from agent.slack.render.build import (
    Block,
    Element,
    Part,
    actions,
    button,
    cut,
    escaped,
    note,
    plain,
    prose,
)
from agent.slack.render.tables import fitted
from agent.views.answer import Answer, Table

_PROSE = 12_000  # characters of prose in a message; what is longer goes on in the next one
_OFFERED = 5  # buttons of an answer; more are a menu nobody reads


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """A message to post; `files` are tables too long for it, to be uploaded beside it."""

    text: str  # what notifications and screen readers tell
    blocks: tuple[Block, ...] = field(repr=False)
    files: tuple[Table, ...] = field(default=(), repr=False)


def answer_messages(view: Answer) -> tuple[Outgoing, ...]:
    """The whole answer; buttons and feedback stand below its last message."""
    bodies = _bodies(view)
    last = len(bodies) - 1
    fallback = cut(escaped(view.text), limits.SECTION_TEXT)
    return tuple(
        Outgoing(
            text=fallback if i == 0 else cut(escaped(_title(body)), limits.SECTION_TEXT),
            blocks=(*body.blocks, *(_closing(view) if i == last else ())),
            files=body.files,
        )
        for i, body in enumerate(bodies)
    )


@dataclass(frozen=True, kw_only=True)
class _Body:
    blocks: tuple[Block, ...]
    files: tuple[Table, ...] = ()
    title: str = ""


def _title(body: _Body) -> str:
    return body.title or "more"


def _bodies(view: Answer) -> list[_Body]:
    """Prose and the first table together, further prose and tables in messages of their own."""
    pages = [prose(*(_parts(line) for line in page)) for page in _pages(view.paragraphs)]
    tables = [_table(table) for table in view.tables]
    if not tables:
        return [_Body(blocks=(page,)) for page in pages] or [_Body(blocks=(note("Done."),))]
    *before, lead = pages or [None]
    first = tables[0]
    blocks = first.blocks if lead is None else (lead, *first.blocks)
    bodies = [_Body(blocks=(page,)) for page in before if page is not None]
    return [*bodies, _Body(blocks=blocks, files=first.files, title=first.title), *tables[1:]]


def _pages(paragraphs: Sequence[Paragraph]) -> list[list[Paragraph]]:
    pages: list[list[Paragraph]] = []
    length = _PROSE + 1
    for line in paragraphs:
        size = sum(len(span.text) for span in line)
        if length + size > _PROSE:
            pages.append([])
            length = 0
        pages[-1].append(line)
        length += size
    return pages


def _parts(line: Paragraph) -> list[Part]:
    return [Part(span.text, bold=span.fact_id is not None) for span in line]


def _table(table: Table) -> _Body:
    """Its title, the rows that fit, and how many there are beyond."""
    fit = fitted(table)
    blocks: list[Block] = [prose([Part(table.title, bold=True)]), fit.block]
    beyond = [f"{fit.left} more rows are in the file"] if fit.left else []
    if table.rest:
        beyond.append(f"and {table.rest} more")
    if beyond:
        blocks.append(note("; ".join(beyond)))
    files = (table,) if fit.left else ()
    return _Body(blocks=tuple(blocks), files=files, title=table.title)


def _closing(view: Answer) -> tuple[Block, ...]:
    """What can be pressed: what the answer offers, where its figures come from, was it good."""
    if not view.turn_id:
        return ()
    buttons = [
        button(action.label, action=f"{SAY}.{i}", value=packed(SayRef(turn=view.turn_id, button=i)))
        for i, action in enumerate(view.actions)
        if action.kind == "say"
    ][:_OFFERED]
    if view.run_ids:
        sources = packed(SayRef(turn=view.turn_id, button=0))
        buttons.append(button("Sources", action=SOURCES, value=sources))
    closing = [actions(buttons)] if buttons else []
    return (*closing, _feedback(view.turn_id))


def _feedback(turn_id: str) -> Block:
    def side(label: str, value: str) -> Element:
        return {"text": plain(label, limits.BUTTON_TEXT), "value": f"{value} {turn_id}"}

    return {
        "type": "context_actions",
        "elements": [
            {
                "type": "feedback_buttons",
                "action_id": FEEDBACK,
                "positive_button": side("Good answer", "good"),
                "negative_button": side("Bad answer", "bad"),
            }
        ],
    }
