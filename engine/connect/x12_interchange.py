"""An X12 interchange as its segments: what every reader of a partner's answer begins with."""

from dataclasses import dataclass

from engine.errors import BadSource

ISA_LENGTH = 106  # its width is fixed, so its own text tells the separators
Segment = list[str]


@dataclass(frozen=True, kw_only=True)
class Received:
    """The segments of an interchange; `key` is the same whenever the same file is read again."""

    segments: tuple[Segment, ...]
    key: str  # its sender and control number


def read_interchange(content: bytes) -> Received:
    """Raises BadSource for what does not begin as an interchange."""
    text = content.decode("latin-1").lstrip()
    if not text.startswith("ISA") or len(text) < ISA_LENGTH:
        raise BadSource("This is no X12 interchange: it does not begin with an ISA segment.")
    element, end = text[3], text[ISA_LENGTH - 1]
    segments = tuple(part.strip().split(element) for part in text.split(end) if part.strip())
    if len(segments[0]) < 14:  # noqa: PLR2004  the thirteenth is its control number
        raise BadSource("The ISA segment of this interchange is cut short.")
    sender, number = segments[0][6].strip(), segments[0][13].strip()
    return Received(segments=segments, key=f"{sender}:{number}")
