"""Decisions about demand as a list shows them: one shape for every kind."""

from dataclasses import dataclass
from datetime import date, datetime

from engine.service.corrections import reversals
from engine.service.demand_decisions import DecisionState
from engine.service.launches import launches
from engine.service.overrides import overrides
from engine.service.price_plans import prices
from engine.service.promotions import promotions
from engine.service.stores import Stores


@dataclass(frozen=True, kw_only=True)
class Shown:
    """`change` is a share (an override by percentage, a cut), `units` what was set; or neither."""

    id: int
    kind: str  # override, promotion, launch, price, kept as recorded
    sku: str  # empty for a category's promotion
    category: str
    location: str
    first: date
    last: date | None
    author: str
    state: DecisionState
    reason: str = ""
    change: float | None = None
    units: tuple[float, ...] = ()
    per: str = ""
    price_micros: int | None = None


def shown_decisions(stores: Stores, now: datetime) -> tuple[Shown, ...]:
    """Everything people have decided about demand, the oldest first."""
    found = [
        *_overrides(stores, now), *_promotions(stores, now), *_launches(stores, now),
        *_prices(stores, now), *_kept(stores, now),
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda each: each.id))


def _overrides(stores: Stores, now: datetime) -> list[Shown]:
    return [
        Shown(
            id=made.id, kind="override", sku=each.sku, category="", location=each.location,
            first=each.start, last=each.end, author=made.author, state=made.state,
            reason=each.reason, per=each.per,
            change=None if each.factor is None else each.factor - 1.0,
            units=tuple(u for u in (each.units, each.low, each.high) if u is not None),
        )
        for made in overrides(stores, now)
        for each in [made.content]
    ]  # fmt: skip


def _promotions(stores: Stores, now: datetime) -> list[Shown]:
    return [
        Shown(
            id=made.id, kind="promotion", sku=each.sku, category=each.category,
            location=each.location, first=each.start, last=each.end, author=made.author,
            state=made.state, reason=each.name, change=None if each.depth is None else -each.depth,
        )
        for made in promotions(stores, now)
        for each in [made.content]
    ]  # fmt: skip


def _launches(stores: Stores, now: datetime) -> list[Shown]:
    return [
        Shown(
            id=made.id, kind="launch", sku=each.sku, category=each.category,
            location=each.location, first=each.launch_on, last=None, author=made.author,
            state=made.state, units=() if each.weekly_units is None else (each.weekly_units,),
            per="week",
        )
        for made in launches(stores, now)
        for each in [made.content]
    ]  # fmt: skip


def _prices(stores: Stores, now: datetime) -> list[Shown]:
    return [
        Shown(
            id=made.id, kind="price", sku=each.sku, category="", location=each.location,
            first=each.start, last=each.end, author=made.author, state=made.state,
            price_micros=each.price_micros,
        )
        for made in prices(stores, now)
        for each in [made.content]
    ]  # fmt: skip


def _kept(stores: Stores, now: datetime) -> list[Shown]:
    return [
        Shown(
            id=made.id, kind="kept as recorded", sku=each.sku, category="", location=each.location,
            first=each.start, last=each.end, author=made.author, state=made.state,
            reason=each.reason,
        )
        for made in reversals(stores, now)
        for each in [made.content]
    ]  # fmt: skip
