"""Finding what is named in a message, each stretch of text once: orders, codes, names, figures."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from agent.language.figures import Figure, figures
from agent.language.periods import Period, find_period
from agent.language.spans import find_span
from agent.llm.offline.lexicon import LONGEST_NUMBER, Lexicon, tokens
from agent.llm.offline.vocabulary import FILLERS

_ORDER = re.compile(r"\bpo[-\s#]?(?:\d{4}-)?\d{1,9}\b", re.IGNORECASE)
_CODE = re.compile(r"[^\s,;:!?()\"“”]+")
# A code made of digits alone is one only where the words around it say so.
_BEFORE_NUMERIC = re.compile(
    r"(?:\b(?:sku|item|product|article|of|about|on|is|are|for|chart|plot|draw|forecast|explain"
    r"|why|show|find|compare|and|vs|versus|or)|#)\s*\Z",
    re.IGNORECASE,
)
BEFORE_CODE = re.compile(
    r"(?:\b(?:sku|item|product|article|about|chart|plot|draw|forecast)|#)\s*\Z", re.IGNORECASE
)
_FOR_MONEY = re.compile(r"\b(?:buy|order|spend|get|purchase)\b[^?]*\bfor\s*\Z", re.IGNORECASE)
_BEFORE_PLACE = re.compile(
    r"\b(?:at|in|for|to|from|the)?\s*(?:store|location|warehouse|shop|site|branch|at)\s+#?\Z",
    re.IGNORECASE,
)


_LENGTH = re.compile(
    r"(?:for\s+)?(?:the\s+)?(?:next\s+)?[\w-]+\s+(?:day|week|month)s?", re.IGNORECASE
)
_REASON = re.compile(
    r"(?:,\s*|\s+)(?:because(?:\s+of)?|due\s+to|owing\s+to|on\s+account\s+of|reason:)\s+"
    r"(?P<reason>[^\x00]{3,200})\Z",
    re.IGNORECASE,
)


@dataclass
class Masked:
    """The text with what was understood blanked out, keeping every position."""

    text: str
    marks: list[tuple[int, int, str]] = field(default_factory=list)

    def take(self, start: int, end: int, mark: str) -> None:
        self.marks.append((start, end, mark))
        self.text = self.text[:start] + "\x00" * (end - start) + self.text[end:]

    def widen(self, start: int, end: int, mark: str) -> None:
        """Take a stretch of which parts may have been taken already."""
        self.marks = [each for each in self.marks if not start <= each[0] < end]
        self.take(start, end, mark)

    def marked(self, original: str) -> str:
        """The original with every taken stretch replaced by its mark."""
        parts: list[str] = []
        position = 0
        for start, end, mark in sorted(self.marks):
            parts += [original[position:start], f" {mark} "]
            position = end
        return re.sub(r"\s+", " ", "".join([*parts, original[position:]])).strip()


def take_orders(masked: Masked) -> Iterator[str]:
    for match in _ORDER.finditer(masked.text):
        masked.take(match.start(), match.end(), "<po>")
        yield re.sub(r"\s|#", "-", match[0].upper())


def take_codes(masked: Masked, lexicon: Lexicon) -> Iterator[str]:
    for match in _CODE.finditer(masked.text):
        written = match[0].strip(".'’").removesuffix("'s").removesuffix("’s")
        if not written or "\x00" in written:
            continue
        code = lexicon.item_codes.get(written.casefold())
        if written.isdigit():
            code = _numeric_item(written, masked.text[: match.start()], lexicon)
        elif written.isalpha() and written.islower():
            continue  # an everyday word that happens to be a code
        if code is not None:
            start = match.start() + match[0].index(written)
            masked.take(start, start + len(written), "<item>")
            yield code


def _by_number(written: str, codes: Mapping[int, str]) -> str | None:
    """P126 where somebody says 126, and no other code has that number."""
    return codes.get(int(written)) if len(written) <= LONGEST_NUMBER else None


def _numeric_item(written: str, before: str, lexicon: Lexicon) -> str | None:
    """22423 where the words before say that an item comes; P126 for a 126 that an item must be."""
    if _FOR_MONEY.search(before):
        return None
    if _BEFORE_NUMERIC.search(before) and written in lexicon.item_codes:
        return lexicon.item_codes[written]
    return _by_number(written, lexicon.items_by_number) if BEFORE_CODE.search(before) else None


def take_place_code(masked: Masked, lexicon: Lexicon) -> str | None:
    """`at store 0`, `in LEEDS`: a location by its code."""
    codes = {code.casefold(): code for code in lexicon.names.locations}
    for match in _CODE.finditer(masked.text):
        written = match[0].strip(".'’")
        code = codes.get(written.casefold())
        if written.isdigit():
            is_meant = _BEFORE_PLACE.search(masked.text[: match.start()])
            code = (code or _by_number(written, lexicon.places_by_number)) if is_meant else None
        elif written.isalpha() and written.islower() and written in FILLERS:
            continue
        if code is not None:
            start = match.start() + match[0].index(written)
            masked.take(start, start + len(written), "<place>")
            return code
    return None


def take_full_names(masked: Masked, lexicon: Lexicon) -> Iterator[str]:
    """Names written out in full, longest first; a name that several SKUs carry is left alone."""
    words = [(m.start(), m.end()) for m in re.finditer(r"[^\W_]+", masked.text)]
    keys = tokens(masked.text)
    position = 0
    while position < len(words):
        taken = 0
        for length in range(min(lexicon.longest_name, len(words) - position), 0, -1):
            key = keys[position : position + length]
            skus = lexicon.by_name.get(key, ())
            if len(skus) == 1 and not FILLERS.issuperset(key):
                masked.take(words[position][0], words[position + length - 1][1], "<item>")
                yield skus[0]
                taken = length
                break
        position += taken or 1


def take_period(masked: Masked, today: date) -> Period | None:
    period = find_period(masked.text, today)
    if period is not None:
        masked.take(period.start, period.end, "<when>")
    return period


def take_span(masked: Masked, original: str, today: date) -> Period | None:
    """The days ahead that are named; "for two weeks" stays, because it also says how far ahead."""
    span = find_span(original, today)
    if span is None or _LENGTH.fullmatch(span.phrase.strip()):
        return span
    known = [(start, end, mark) for start, end, mark in masked.marks if mark != "<when>"]
    if not any(start < span.end and span.start < end for start, end, _ in known):
        masked.widen(span.start, span.end, "<when>")
    return span


def take_reason(masked: Masked) -> str:
    """What the person gives as the reason; it names no item and no figure of the question."""
    match = _REASON.search(masked.text)
    if match is None:
        return ""
    masked.take(match.start(), match.end(), "<why>")
    return match["reason"].strip(" .!?,;")


def take_figures(masked: Masked) -> Iterator[Figure]:
    for figure in figures(masked.text):
        masked.take(figure.start, figure.end, "<money>" if figure.kind == "money" else "<n>")
        yield figure
