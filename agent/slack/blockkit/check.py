"""Whether Slack would take a message or a view: asked before every send, and by slacksim."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from agent.slack.blockkit import elements, limits
from agent.slack.blockkit.blocks import BLOCKS, IN_MESSAGES_ONLY
from agent.slack.blockkit.look import Json, Look, Problem

_TEXT_KINDS = frozenset({"raw_text", "raw_number", "text"})


def message_problems(message: Json) -> list[Problem]:
    """What is wrong with the arguments of chat.postMessage or chat.update; empty: nothing."""
    look = Look(message, "message", [])
    if not look.has("text") and not look.has("blocks"):
        look.fault("needs text or blocks")
    if not look.has("text"):
        look.fault("needs text: it is what notifications and screen readers tell")
    look.maybe_string("text", limits.MESSAGE_TEXT)
    if look.has("blocks"):
        _check_blocks(look.at("blocks"), limits.MESSAGE_BLOCKS, least=0)  # none: those are gone
        _check_tables(look.at("blocks"))
    if look.has("metadata"):
        look.at("metadata").at("event_type").string(limits.METADATA_TYPE)
    return look.problems


def view_problems(view: Json) -> list[Problem]:
    """What is wrong with a modal or an App Home view; empty: nothing."""
    look = Look(view, "view", [])
    look.maybe_string("private_metadata", limits.PRIVATE_METADATA)
    look.maybe_string("callback_id", limits.CALLBACK_ID)
    if look.kind == "modal":
        elements.plain(look.at("title"), limits.MODAL_TITLE)
        for button in ("submit", "close"):
            if look.has(button):
                elements.plain(look.at(button), limits.MODAL_BUTTON)
        if _kinds(view, "input") and not look.has("submit"):
            look.fault("has an input but no submit")
    elif look.kind != "home":
        look.fault(f"is a {look.kind or 'thing without a type'}, modal or home is allowed")
    _check_blocks(look.at("blocks"), limits.VIEW_BLOCKS)
    for block in _kinds(view, *IN_MESSAGES_ONLY):
        look.fault(f"a {block['type']} block stands in messages only")
    return look.problems


def _check_blocks(look: Look, most: int, *, least: int = 1) -> None:
    names: list[str] = []
    for block in look.each(least, most):
        check = BLOCKS.get(block.kind)
        if check is None:
            block.fault(f"there is no block of type {block.kind!r} that we send")
            continue
        block.maybe_string("block_id", limits.BLOCK_ID)
        check(block)
        names.append(block.value.get("block_id", ""))
        _check_action_ids(block)
    for name in _twice(name for name in names if name):
        look.fault(f"block_id {name!r} is used twice")


def _check_action_ids(block: Look) -> None:
    ids = [element["action_id"] for element in _mappings(block.value) if "action_id" in element]
    for name in _twice(map(str, ids)):
        block.fault(f"action_id {name!r} is used twice in a block")


def _check_tables(look: Look) -> None:
    """Limits that hold for the message as a whole."""
    tables = _kinds({"blocks": look.value}, "table")
    if len(tables) > limits.TABLES:
        look.fault(f"has {len(tables)} tables, {limits.TABLES} is allowed")
    cells = sum(
        len(str(cell["text"]))
        for table in tables
        for cell in _mappings(table)
        if cell.get("type") in _TEXT_KINDS and isinstance(cell.get("text"), str)
    )
    if cells > limits.TABLE_CHARACTERS:
        look.fault(f"has {cells} characters in tables, {limits.TABLE_CHARACTERS} are allowed")
    words = sum(len(block.get("text", "")) for block in _kinds({"blocks": look.value}, "markdown"))
    if words > limits.MARKDOWN_TEXT:
        look.fault(f"has {words} characters of markdown, {limits.MARKDOWN_TEXT} are allowed")


def _kinds(view: Json, *kinds: str) -> list[Json]:
    blocks = view.get("blocks")
    entries: list[Any] = blocks if isinstance(blocks, list) else []
    return [b for b in entries if isinstance(b, Mapping) and b.get("type") in kinds]


def _mappings(value: object) -> Iterator[Json]:
    if isinstance(value, Mapping):
        yield value
        for inner in value.values():
            yield from _mappings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _mappings(inner)


def _twice(names: Iterable[str]) -> list[str]:
    return sorted(name for name, number in Counter(names).items() if number > 1)
