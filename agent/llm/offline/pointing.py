"""Which entries of a list a message points at: "the second one", "the first two", "lines 1-3"."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from agent.llm.offline.reading import Reading

ORDINALS = {
    "first": 0, "1st": 0, "top": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3,
    "4th": 3, "fifth": 4, "5th": 4, "sixth": 5, "6th": 5, "seventh": 6, "7th": 6, "eighth": 7,
    "8th": 7, "ninth": 8, "9th": 8, "tenth": 9, "10th": 9, "last": -1, "bottom": -1,
}  # fmt: skip
_ORD = rf"(?:{'|'.join(ORDINALS)})"
_ROW = r"(?:lines?|ones?|rows?|items?|skus?|products?|entr(?:y|ies)|buys?|exceptions?|alerts?|of)"
# What an ordinal may count besides entries of a list: "the last week", "the first time".
_NOT_ROW = (
    r"(?! (?:week|month|time|year|quarter|days?|thing|orders?|pos?|import|plan|half|delivery|answer"
    r"|run|deliveries|promotion|version|revision|<when>|<n>|\d))"
)
_RANGE = re.compile(
    r"\b(?:lines?|rows?|items?|numbers?|nos?\.?|entries|positions?)\s+#?(\d+)\s*"
    r"(?:to|through|thru|till|until|-|–)\s*#?(\d+)\b"
)
_FIRST_FEW = re.compile(
    rf"\b(?:the )?(first|top|last|bottom) (\d+)(?: {_ROW})?\b(?! (?:weeks?|days?|months?|years?))"
)
_LISTED = re.compile(
    r"(?:\b(?:lines?|rows?|items?|numbers?|nos?\.?|options?|choices?|positions?)\s+|#)#?(\d+)"
    r"((?:\s*(?:,|and|&|\+)\s*#?\d+)*)\b"
)
_ORDINAL = re.compile(
    rf"\b(?:the (?:very )?({_ORD})|({_ORD}) (?={_ROW}\b)|({_ORD})(?=\s*\??$))"
    rf"{_NOT_ROW}(?: {_ROW}\b)?"
)
_ALONE = re.compile(r"^\s*#?(\d+)\s*$")
_BUT = re.compile(
    r"\b(?:except(?: for)?|all but|everything but|but not|without|apart from|minus)\s"
)
_MARK = re.compile(r"<(?:n|money)>")


@dataclass(frozen=True, kw_only=True)
class Pointed:
    """Positions from 0, as said; they may lie outside the list. `rest` is what else was said."""

    positions: tuple[int, ...]
    rest: str
    is_all_but: bool = False

    def within(self, size: int) -> tuple[int, ...] | None:
        """The positions meant in a list of this size; None where one is not there."""
        placed = [place + size if place < 0 else place for place in self.positions]
        if any(not 0 <= place < size for place in placed):
            return None
        if self.is_all_but:
            return tuple(place for place in range(size) if place not in placed)
        return tuple(dict.fromkeys(placed))


def pointed(reading: Reading) -> Pointed | None:
    """What the message points at; None where it points at nothing."""
    said = _counted(reading)
    for pattern, meant in _RULES:
        found = list(pattern.finditer(said))
        if not found:
            continue
        positions = tuple(place for match in found for place in meant(match))
        rest = pattern.sub(" ", said)
        before = said[: found[0].start()]
        return Pointed(
            positions=positions, rest=_BUT.sub(" ", f"{rest} "),
            is_all_but=_BUT.search(f"{before} ") is not None,
        )  # fmt: skip
    return None


def _counted(reading: Reading) -> str:
    """The marked text with its bare counts written as digits: "draft the first 2"."""
    figures = iter(reading.figures)

    def written(match: re.Match[str]) -> str:
        figure = next(figures, None)
        if figure is None or figure.kind != "bare" or figure.value != int(figure.value):
            return match[0]
        return str(int(figure.value)) if figure.value >= 0 else match[0]

    return _MARK.sub(written, reading.plain)


def _in_range(match: re.Match[str]) -> Iterator[int]:
    first, last = int(match[1]), int(match[2])
    yield from range(first - 1, min(last, first + 50))


def _first_few(match: re.Match[str]) -> Iterator[int]:
    count = min(int(match[2]), 50)
    yield from range(-count, 0) if ORDINALS[match[1]] < 0 else range(count)


def _numbers(match: re.Match[str]) -> Iterator[int]:
    yield from (int(number) - 1 for number in re.findall(r"\d+", match[0]))


def _ordinal(match: re.Match[str]) -> Iterator[int]:
    yield ORDINALS[match[1] or match[2] or match[3]]


_RULES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Iterator[int]]], ...] = (
    (_RANGE, _in_range),
    (_FIRST_FEW, _first_few),
    (_LISTED, _numbers),
    (_ORDINAL, _ordinal),
    (_ALONE, _numbers),
)
