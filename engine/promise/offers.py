"""What can be promised of one item at one place, for any number of units: stock, then rungs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import ceil
from typing import Literal

from engine.promise.policy import PromisePolicy

Basis = Literal["stock", "inbound", "lead_time", "none"]
Why = Literal["", "nothing on its way", "too far off", "may never come", "not paid"]


@dataclass(frozen=True, kw_only=True)
class Span:
    """Calendar days between which goods can be sent, both included; see `Basis` for from what.

    `late` is the chance that they come after `last`, or never. `pos` are the orders counted on.
    """

    first: date
    last: date
    likeliest: date
    late: float
    pos: tuple[str, ...] = ()
    overdue: bool = False  # one of the orders is past its day


@dataclass(frozen=True, kw_only=True)
class Rung:
    """Up to `upto` units of everything on its way to the place, in the order of the queue."""

    upto: int
    span: Span


@dataclass(frozen=True, kw_only=True)
class Alternative:
    """Something that a customer could have at once instead."""

    kind: Literal["other location", "substitute"]
    sku: str
    location: str
    free: int


@dataclass(frozen=True, kw_only=True)
class Offer:
    """`waiting` are units of the queue that what is on its way serves first; of a set it is 0."""

    sku: str
    location: str
    free: int  # for anybody
    kept: Mapping[str, int] = field(default_factory=dict[str, int])  # further ones for a channel
    waiting: int = 0
    waiting_by_channel: Mapping[str, int] = field(default_factory=dict[str, int])
    rungs: tuple[Rung, ...] = ()
    lead: Span | None = None  # were it ordered now
    alternatives: tuple[Alternative, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Promise:
    """The answer to one question. Without a span nothing is promised; `why` says why not.

    `at_risk`: late more often than the policy bears, overdue, or promised from lead times alone.
    """

    sku: str
    location: str
    quantity: int
    basis: Basis
    span: Span | None
    at_risk: bool
    why: Why = ""
    alternatives: tuple[Alternative, ...] = ()


def promise_of(
    offer: Offer, quantity: int, policy: PromisePolicy, today: date, channel: str = ""
) -> Promise:
    """The window for `quantity` units more, behind everybody who waits already.

    All of them together: who wants a part sooner asks for less. The channel decides which reserved
    units count, and how much of what arrives is kept for others.
    """
    free = offer.free + offer.kept.get(channel, 0)
    ready = today + timedelta(days=policy.handling_days)
    if quantity <= free:
        now = Span(first=ready, last=ready, likeliest=ready, late=0.0)
        return _promise(offer, quantity, "stock", now, at_risk=False)
    wanted = units_needed(offer, quantity - free, policy, channel)
    rung = next((each for each in offer.rungs if each.upto >= wanted), None)
    basis: Basis = "inbound" if rung else "lead_time"
    span = rung.span if rung else offer.lead
    if span is None:
        return _none(offer, quantity, "nothing on its way")
    if (span.last - today).days > policy.maximum_wait_days:
        return _none(offer, quantity, "too far off")
    if may_never_come(span, policy):
        return _none(offer, quantity, "may never come")
    at_risk = span.overdue or span.late > policy.risk_chance
    return _promise(offer, quantity, basis, not_before(span, ready), at_risk=at_risk)


def units_needed(offer: Offer, units: int, policy: PromisePolicy, channel: str) -> int:
    """Units that must come before the last of `units` more is this channel's.

    Where others have a reserved share of what arrives, enough must come that what is left for the
    channel reaches its own queue and them.
    """
    others = sum(share for name, share in policy.channel_reserve.items() if name != channel)
    wanted = offer.waiting + units
    if others <= 0:
        return wanted
    own = offer.waiting_by_channel.get(channel, 0) + units
    return max(wanted, ceil(own / (1 - others)) if others < 1 else wanted + _OUT_OF_REACH)


_OUT_OF_REACH = 10**12  # units: everything that comes is others'


def may_never_come(span: Span, policy: PromisePolicy) -> bool:
    """Whether no window can hold as often as the policy says, because too likely nothing comes."""
    return span.late > 1 - policy.confidence


def not_before(span: Span, day: date) -> Span:
    """The same window without days that are over."""
    return Span(
        first=max(span.first, day), last=max(span.last, day), likeliest=max(span.likeliest, day),
        late=span.late, pos=span.pos, overdue=span.overdue,
    )  # fmt: skip


def _promise(
    offer: Offer, quantity: int, basis: Basis, span: Span, *, at_risk: bool
) -> Promise:  # fmt: skip
    return Promise(
        sku=offer.sku, location=offer.location, quantity=quantity, basis=basis, span=span,
        at_risk=at_risk, alternatives=() if basis == "stock" else offer.alternatives,
    )  # fmt: skip


def _none(offer: Offer, quantity: int, why: Why) -> Promise:
    return Promise(
        sku=offer.sku, location=offer.location, quantity=quantity, basis="none", span=None,
        at_risk=False, why=why, alternatives=offer.alternatives,
    )  # fmt: skip
