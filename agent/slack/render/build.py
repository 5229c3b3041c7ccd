"""Blocks as Slack takes them, cut to its limits.

Text from data, people or the model only ever stands in `rich_text`, `plain_text` and table cells,
where Slack reads no markup: no mention, link, channel call or emoji can be smuggled in. `mrkdwn`
is not used at all.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from agent.slack.blockkit import limits

Block = dict[str, Any]
Element = dict[str, Any]
CUT = "…"


@dataclass(frozen=True)
class Part:
    """A stretch of text in one style."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False

    def as_element(self) -> Element:
        style = {
            name: True
            for name, on in (("bold", self.bold), ("italic", self.italic), ("code", self.code))
            if on
        }
        element: Element = {"type": "text", "text": visible(self.text)}
        return {**element, "style": style} if style else element


def visible(text: str) -> str:
    """Without control and direction characters, which could show a text as another one."""
    return "".join(c if c.isprintable() or c == "\n" else " " for c in text)


def cut(text: str, most: int) -> str:
    """At most so many characters, never none: Slack refuses empty texts."""
    seen = visible(text) or " "
    return seen if len(seen) <= most else seen[: most - len(CUT)].rstrip() + CUT


def escaped(text: str) -> str:
    """For the fallback text of a message, the one place that Slack reads for markup."""
    return visible(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def plain(text: str, most: int) -> Element:
    """`emoji` off: `:smile:` in a name stays what it is."""
    return {"type": "plain_text", "text": cut(text, most), "emoji": False}


def header(text: str) -> Block:
    return {"type": "header", "text": plain(text, limits.HEADER_TEXT)}


def divider() -> Block:
    return {"type": "divider"}


def prose(*paragraphs: Sequence[Part]) -> Block:
    """Paragraphs, each a row of parts."""
    return {
        "type": "rich_text",
        "elements": [
            {"type": "rich_text_section", "elements": _leaves(parts, last=i == len(paragraphs) - 1)}
            for i, parts in enumerate(paragraphs)
        ],
    }


def bullets(entries: Iterable[Sequence[Part]]) -> Block:
    listed = [{"type": "rich_text_section", "elements": _leaves(e, last=True)} for e in entries]
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_list", "style": "bullet", "elements": listed}],
    }


def _leaves(parts: Sequence[Part], *, last: bool) -> list[Element]:
    elements: list[Element] = []
    for part in parts:
        if not part.text:
            continue
        for begin in range(0, len(part.text), limits.SECTION_TEXT):
            piece = part.text[begin : begin + limits.SECTION_TEXT]
            elements.append(Part(piece, part.bold, part.italic, part.code).as_element())
    if not last:
        elements.append({"type": "text", "text": "\n"})
    return elements or [{"type": "text", "text": " "}]


def note(text: str) -> Block:
    """A small grey line."""
    return {"type": "context", "elements": [plain(text, limits.FIELD_TEXT)]}


def actions(buttons: Sequence[Element]) -> Block:
    return {"type": "actions", "elements": list(buttons[: limits.ACTIONS])}


def button(
    label: str, *, action: str, value: str, style: str | None = None, spoken: str | None = None
) -> Element:
    """`value` holds ids, never amounts; `spoken` is what a screen reader says instead."""
    made: Element = {
        "type": "button",
        "text": plain(label, limits.BUTTON_TEXT),
        "action_id": action,
        "value": value,
    }
    if style is not None:
        made["style"] = style
    if spoken is not None:
        made["accessibility_label"] = cut(spoken, limits.BUTTON_LABEL)
    return made


def field(
    label: str, element: Element, *, block: str, optional: bool = False, hint: str | None = None
) -> Block:
    """Something to fill in, in a modal."""
    made: Block = {
        "type": "input",
        "block_id": block,
        "label": plain(label, limits.INPUT_LABEL),
        "element": element,
        "optional": optional,
    }
    return made if hint is None else {**made, "hint": plain(hint, limits.INPUT_HINT)}


def modal(
    title: str, blocks: Sequence[Block], *, callback: str, metadata: str, submit: str | None = None
) -> Block:
    view: Block = {
        "type": "modal",
        "callback_id": callback,
        "private_metadata": metadata,
        "title": plain(title, limits.MODAL_TITLE),
        "close": plain("Close" if submit is None else "Cancel", limits.MODAL_BUTTON),
        "blocks": list(blocks[: limits.VIEW_BLOCKS]),
    }
    return view if submit is None else {**view, "submit": plain(submit, limits.MODAL_BUTTON)}
