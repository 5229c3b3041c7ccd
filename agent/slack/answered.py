"""What is said to whoever pressed a button or sent a form."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What is said to whoever pressed, and where."""

    sentence: str
    channel: str
    user: str
    redraws: str = ""  # keys of posts that begin so read differently now
    request: int | None = None  # an approval request that moved
    needs_plan: bool = False


def answer(payload: Mapping[str, Any], sentence: str, request: int | None = None) -> Answered:
    return Answered(
        sentence=sentence,
        channel=str(payload.get("channel") or payload["user"]),
        user=str(payload["user"]),
        redraws="" if request is None else f"card:{request}:",
        request=request,
    )
