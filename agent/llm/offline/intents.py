"""What a message wants, told by the patterns in intents.txt; the first that fits decides."""

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Literal, cast, get_args

Intent = Literal[
    "prefer", "unprefer", "preferences", "what-if-demand", "arithmetic", "withdraw",
    "decisions", "promotion", "launch", "price",
    "override", "accuracy", "approvals", "approve", "propose", "send", "set-budget", "what-if",
    "curve", "budget", "draft", "revise-po", "remove-line", "move-po", "cancel-po", "changed-po",
    "decided-po", "show-source", "drivers", "cuts", "more", "snooze", "assign",
    "explain-order", "transfers",
    "compare", "chart", "replay", "suppliers",
    "kpis", "backorders",
    "eta", "exceptions", "data-health", "keep", "po-status", "confidence", "forecast",
    "buy-list", "stock", "greeting", "thanks", "help", "cannot",
]  # fmt: skip
_MACRO = re.compile(r"^([A-Z]+) = (.+)$")
_SECTION = re.compile(r"^\[([a-z-]+)\]$")
# A message that begins so, or names a thing and nothing else, goes on with the last question.
CONTINUES = re.compile(
    r"^(?:and|what about|how about|same|also|or|but|now|then|ok and|for|at|in|with|only|just"
    r"|make (?:it|that))\b|^(?:the )?(?:<\w+>\s*)+\??$|\b(?:instead|as well|too)\s*\??$"
)


def intent_of(plain: str) -> Intent | None:
    """The first intent whose pattern fits the marked text; None when none does."""
    return next((intent for intent, pattern in _patterns() if pattern.search(plain)), None)


@cache
def pattern_words() -> frozenset[str]:
    """Every word that the patterns speak of: none of them is a misspelling or an item's name."""
    lines = (line for line in _text().splitlines() if line and line[0] not in "#[")
    patterns = re.sub(r"\\\w|[A-Z]+", " ", " ".join(lines))
    return frozenset(re.findall(r"[a-z]{2,}", patterns))


@cache
def _text() -> str:
    return files("agent.llm.offline").joinpath("intents.txt").read_text(encoding="utf-8")


@cache
def _patterns() -> tuple[tuple[Intent, re.Pattern[str]], ...]:
    return tuple(_read(_text()))


def _read(text: str) -> Iterator[tuple[Intent, re.Pattern[str]]]:
    macros: dict[str, str] = {}
    intent: Intent | None = None
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if section := _SECTION.match(line):
            assert section[1] in get_args(Intent), line  # noqa: S101  the file is ours
            intent = cast("Intent", section[1])
        elif intent is None and (macro := _MACRO.match(line)):
            macros[macro[1]] = _expanded(macro[2], macros)
        elif intent is not None:
            yield intent, re.compile(_expanded(line, macros))


def _expanded(pattern: str, macros: dict[str, str]) -> str:
    """Macros written out, longest name first; groups made non-capturing."""
    for name in sorted(macros, key=len, reverse=True):
        pattern = re.sub(rf"(?<![A-Z]){name}(?![A-Z])", lambda _, n=name: macros[n], pattern)
    return re.sub(r"(?<!\\)\((?!\?)", "(?:", pattern)
