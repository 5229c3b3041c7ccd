"""What a partner's system answers to an X12 order: the functional acknowledgement 997 (004010)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from engine.connect.x12_interchange import Segment, read_interchange
from engine.errors import BadSource

Verdict = Literal["accepted", "with_errors", "refused"]
# AK901, X12 data element 715: accepted; accepted with errors; partly; rejected in several ways.
_VERDICTS: dict[str, Verdict] = {
    "A": "accepted", "E": "with_errors", "P": "with_errors", "R": "refused", "M": "refused",
    "W": "refused", "X": "refused",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Acknowledgement:
    """The verdict on one group of ours; `key` is the same whenever this file is read again."""

    control_number: int  # of our group: the message it answers
    verdict: Verdict
    key: str


def read_997(content: bytes) -> tuple[Acknowledgement, ...]:
    """Every acknowledgement in an interchange; raises BadSource for what is none."""
    received = read_interchange(content)
    found = tuple(_answers(received.segments, received.key))
    if not found:
        raise BadSource("This interchange holds no acknowledgement (997) of purchase orders.")
    return found


def _answers(segments: Sequence[Segment], interchange: str) -> Iterator[Acknowledgement]:
    group = ""
    for segment in segments:
        match segment:
            case ["AK1", "PO", number, *_]:
                group = number
            case ["AK9", verdict, *_] if group:
                yield _answer(group, verdict, interchange)
                group = ""
            case _:
                pass


def _answer(group: str, verdict: str, interchange: str) -> Acknowledgement:
    if not group.isdecimal() or verdict not in _VERDICTS:
        raise BadSource(
            f"The acknowledgement of group {group[:20]!r} says {verdict[:20]!r}; expected one of "
            f"{', '.join(_VERDICTS)} on a number."
        )
    key = f"{interchange}:{group}"
    return Acknowledgement(control_number=int(group), verdict=_VERDICTS[verdict], key=key)
