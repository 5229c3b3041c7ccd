"""What a company promises and to whom, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from engine.errors import InvalidInput

Partial = Literal["ship", "wait", "pass"]
Telling = Literal["draft", "send", "off"]
Carrier = Literal["email", "webhook"]
LEAST_CONFIDENCE = 0.5
LONGEST_DAYS = 730


def _require(name: str, value: object, expected: str, *, holds: bool) -> None:
    if not holds:
        raise InvalidInput(f"Promise policy: {name} is {value!r}; it should be {expected}.")


@dataclass(frozen=True, kw_only=True)
class MessagePolicy:
    """When customers hear of a moved window, and how much is apologised for.

    `telling`: a person sends what is drafted, it is sent by itself, or nobody is told. A delay of
    `apology_days` or more is apologised for, one of `strong_days`, or a second one, sincerely.
    """

    telling: Telling = "draft"
    carrier: Carrier = "email"
    tell_earlier: bool = True  # good news, too
    apology_days: int = 3
    strong_days: int = 10

    def __post_init__(self) -> None:
        sane = 0 <= self.apology_days <= self.strong_days
        expected = "days, at least 0 and at most messages.strong_days"
        _require("messages.apology_days", self.apology_days, expected, holds=sane)


@dataclass(frozen=True, kw_only=True)
class PromisePolicy:
    """Raises InvalidInput for a value that makes no sense, naming it.

    `partial_fills`: a line takes what is there and ships it; takes it and waits for the rest;
    or is passed over until it can be filled whole. `channel_reserve` is the share of a place's
    units that other channels' customers never get, by channel. `classes` are customer classes that
    go before the others among those who paid, best first.
    """

    confidence: float = 0.8  # chance that goods are there within the window
    tolerance_days: int = 2  # a window that moves by no more is not told again
    maximum_wait_days: int = 60  # no window is given that ends later
    risk_chance: float = 0.35  # of coming after the window's last day, from which it is at risk
    handling_days: int = 0  # from the shelf to the carrier
    lead_time_promise: bool = True  # from lead times, where nothing is on its way
    order_within_days: int = 7  # until such an order goes out at the latest
    partial_fills: Partial = "ship"
    unpaid: bool = True  # lines that are not paid get what paid ones leave
    classes: tuple[str, ...] = ()
    channel_reserve: Mapping[str, float] = field(default_factory=dict[str, float])
    messages: MessagePolicy = MessagePolicy()

    def __post_init__(self) -> None:
        sure = LEAST_CONFIDENCE <= self.confidence < 1
        _require("confidence", self.confidence, "from 0.5 to below 1", holds=sure)
        _require("risk_chance", self.risk_chance, "between 0 and 1", holds=0 < self.risk_chance < 1)
        for name in ("tolerance_days", "maximum_wait_days", "handling_days", "order_within_days"):
            days: int = getattr(self, name)
            _require(name, days, f"0 to {LONGEST_DAYS} days", holds=0 <= days <= LONGEST_DAYS)
        shares = self.channel_reserve.values()
        kept = dict(self.channel_reserve)
        sane = all(0 <= share <= 1 for share in shares) and sum(shares) <= 1
        _require("channel_reserve", kept, "shares from 0 to 1 that add up to at most 1", holds=sane)
        twice = len(set(self.classes)) < len(self.classes)
        _require("classes", list(self.classes), "names, each of them once", holds=not twice)
