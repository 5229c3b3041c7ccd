"""What Slack and a terminal are handed: nothing from data or model may act as markup there."""

import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from rich.console import Console

from agent.slack.render.answer import answer_messages
from agent.terminal import render as terminal
from agent.views.answer import Answer

_ACTIVE = frozenset({"link", "user", "usergroup", "broadcast", "channel", "mrkdwn", "image"})
_SPECIAL = re.compile(r"<(?:[!@#]|https?:|mailto:)")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


def surface_problems(answer: Answer) -> Iterator[str]:
    for message in answer_messages(answer):
        yield from message_problems(message.text, message.blocks)
    yield from terminal_problems(_drawn(answer))


def message_problems(text: str, blocks: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Of one message to Slack: its fallback text and its blocks."""
    active = sorted(_types(list(blocks)) & _ACTIVE)
    yield from (f"Slack element {kind}" for kind in active)
    if _SPECIAL.search(text):
        yield f"Slack text {text[:80]!r}"


def terminal_problems(printed: str) -> Iterator[str]:
    if _CONTROL.search(printed):
        yield "a control character reaches the terminal"


def _types(node: Any) -> set[str]:  # noqa: ANN401  any JSON value
    plain = json.loads(json.dumps(node, default=str))
    return set(_walk(plain))


def _walk(node: Any) -> Iterator[str]:  # noqa: ANN401  any JSON value
    if isinstance(node, dict):
        known = cast("dict[str, Any]", node)
        if isinstance(known.get("type"), str):
            yield known["type"]
        for value in known.values():
            yield from _walk(value)
    elif isinstance(node, list):
        for value in cast("list[Any]", node):
            yield from _walk(value)


def _drawn(answer: Answer) -> str:
    """As a wide terminal without colours prints it."""
    page = io.StringIO()
    console = Console(file=page, width=200, no_color=True, force_terminal=False)
    console.print(terminal.answer(answer, console))
    return page.getvalue()
