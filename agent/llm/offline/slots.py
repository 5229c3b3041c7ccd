"""What an intent needs from the message, completed from what the thread remembers."""

import re
from collections.abc import Sequence
from decimal import Decimal

from agent.language.figures import Figure
from agent.llm.offline.pointing import pointed
from agent.llm.offline.reading import Reading
from agent.memory import Memory
from engine.model.money import exponent

_PRONOUN = re.compile(
    r"\b(?:it|its|that|this|them|they|those|these|one|the (?:item|product|sku)|same)\b"
)
_IN_A_NAME = re.compile(r"\b(?:in|at)\s+(?:the\s+)?([A-Z][A-Za-z]{2,})\b(?!-)")
_ROWS = re.compile(
    r"\b(?:top|first|best|next|biggest|worst|highest|largest|most urgent|another) <n>"
    r"(?! ?(?:pounds|quid|euros?|dollars|grand))"
    r"|<n> (?:best|biggest|worst|most|further|more)? ?(?:lines|items|things|buys|rows|skus|products"
    r"|suggestions|recommendations|exceptions|alerts|problems|ones)\b"
)
A_FIGURE = re.compile(r"<(?:n|money)>")
MOST_ROWS = 100  # a larger figure is money
_INSTEAD = re.compile(r"\b(?:not|instead of|rather than|and not just|over)\s+(?:just |only )?<n>")
_MORE = re.compile(
    r"\b(?:another|extra|additional|next)\s+<(?:n|money)>|<(?:n|money)>\s+(?:more|extra)"
)


def item_of(reading: Reading, memory: Memory) -> str | None:
    """The one item meant: named, pointed at, or spoken of last; None when it is not clear."""
    if reading.items:
        return reading.items[0]
    if pointed(reading) is not None:
        return pointed_at(reading, memory.listed)  # several, or none that is there: not clear
    if reading.choices or reading.unknown:
        return None
    return memory.item


def same_place(sku: str | None, reading: Reading, memory: Memory) -> str | None:
    """Where the line pointed at is, or the item that is only called "it" was meant last."""
    if reading.items or sku is None:
        return None
    position = position_in(reading, memory.listed)
    if position is not None:
        places = memory.listed_places
        return (places[position] or None) if position < len(places) else None
    return memory.item_place if sku == memory.item else None


def unknown_place(reading: Reading) -> str | None:
    """`in Paris`, where no place is called so: the tool refuses it and names those there are."""
    if reading.category is not None or not reading.items:
        return None
    said = _IN_A_NAME.search(reading.text)
    return said[1] if said is not None and said[1].lower() in reading.leftover else None


def pointed_at(reading: Reading, listed: Sequence[str]) -> str | None:
    """`the second one`, `line 3`, `the last`: an entry of the list shown last."""
    position = position_in(reading, listed)
    return None if position is None else listed[position]


def position_in(reading: Reading, listed: Sequence[str]) -> int | None:
    """Which one entry the message points at; None where it points at none that is there."""
    at = pointed(reading)
    places = None if at is None else at.within(len(listed))
    return places[0] if places is not None and len(places) == 1 else None


def says_it(reading: Reading) -> bool:
    return _PRONOUN.search(reading.plain) is not None


def instead_units(reading: Reading) -> int | None:
    """In "why 144 and not 120": 120. In "why 144": 144."""
    counts = [f for f in reading.figures if f.kind in ("bare", "units") and is_whole(f.value)]
    if not counts:
        return None
    match = _INSTEAD.search(reading.plain)
    if match is not None:
        earlier = reading.plain[: match.start()].count("<n>")
        chosen = counts[earlier] if earlier < len(counts) else counts[-1]
    else:
        chosen = counts[0]
    return int(chosen.value) if chosen.value >= 0 else None


def amount(reading: Reading) -> Figure | None:
    """The one amount of money in the message; None when there is none, or more than one.

    A sum that says its currency counts before bare figures, and a count of rows is no amount.
    """
    rows = rows_figure(reading)
    amounts = [f for f in reading.figures if f.kind in ("money", "bare") and f is not rows]
    money = [f for f in amounts if f.kind == "money"]
    found = money if len(money) == 1 else amounts
    return found[0] if len(found) == 1 else None


def rows_wanted(reading: Reading) -> int | None:
    """`the top five`, `ten lines`, `next 20`: how many rows are asked for."""
    figure = rows_figure(reading)
    return None if figure is None else int(figure.value)


def rows_figure(reading: Reading) -> Figure | None:
    match = _ROWS.search(reading.plain)
    if match is None:
        return None
    before = len(A_FIGURE.findall(reading.plain[: match.start() + match[0].index("<n>")]))
    figure = reading.figures[before] if before < len(reading.figures) else None
    fits = figure is not None and figure.kind == "bare" and is_whole(figure.value)
    return figure if fits and figure is not None and 0 < figure.value <= MOST_ROWS else None


def is_more(reading: Reading) -> bool:
    """`another 10k`, `10k more`: an amount on top."""
    return _MORE.search(reading.plain) is not None


def minor(figure: Figure, currency: str) -> int:
    """The figure in minor units of the base currency."""
    return int((figure.value * Decimal(10) ** exponent(currency)).to_integral_value())


def basis_points(figure: Figure) -> int | None:
    """12.5 (percent) is 1250; None for what is finer than that."""
    points = figure.value * 100
    return int(points) if is_whole(points) else None


def weeks_ahead(reading: Reading) -> int | None:
    """How far ahead is asked for, in weeks."""
    for figure in reading.figures:
        if figure.kind == "weeks" and figure.value >= 1:
            return min(52, int(figure.value))
        if figure.kind == "months" and figure.value >= 1:
            return min(52, int(figure.value * Decimal("4.35")))
    return min(52, reading.period.weeks) if reading.period is not None else None


def is_whole(value: Decimal) -> bool:
    return value == value.to_integral_value()
