"""Windows that have moved so far that the customer should hear of it."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from engine.promise.lines import LinePromise
from engine.promise.policy import MessagePolicy, PromisePolicy

Direction = Literal["later", "earlier", "open", "dated"]
Apology = Literal["none", "plain", "sincere"]


@dataclass(frozen=True, kw_only=True)
class Move:
    """`days` is by how much the last day moves; None where there is or was no window.

    `open`: a window was told and none can be given any more; `dated`: the other way round.
    """

    direction: Direction
    days: int | None
    apology: Apology


_DATED = Move(direction="dated", days=None, apology="none")


def move_of(
    promise: LinePromise, policy: PromisePolicy, *, times_told: int = 0, told_open: bool = False
) -> Move | None:
    """How far the window is from the one the customer was told; None: within the tolerance.

    A customer who was told nothing cannot be surprised; `told_open` was told that there is no
    date. `times_told` counts earlier messages of delay: whoever is put off twice is asked for
    pardon, however short the delay.
    """
    told = promise.line.told_last
    if promise.why == "not paid":
        return None
    if told is None:
        return _DATED if told_open and promise.span else None
    if promise.span is None:
        return Move(direction="open", days=None, apology="sincere")
    days = moved_days(told, promise.span.last)
    if days > policy.tolerance_days:
        level = apology(days, policy.messages, times_told)
        return Move(direction="later", days=days, apology=level)
    early = days < -policy.tolerance_days and policy.messages.tell_earlier
    return Move(direction="earlier", days=days, apology="none") if early else None


def moved_days(told: date, fresh: date) -> int:
    """Calendar days by which the last day moves; later is positive."""
    return (fresh - told).days


def apology(days: int, policy: MessagePolicy, times_told: int) -> Apology:
    if days >= policy.strong_days or times_told > 0:
        return "sincere"
    return "plain" if days >= policy.apology_days else "none"
