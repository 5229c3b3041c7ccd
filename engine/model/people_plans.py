"""What people decide about demand: forecasts they set, and what they plan to do.

Contents of `engine.service.demand_decisions`: stored once, never changed; a change of mind is a
withdrawal and another decision.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from engine.model.panel import CorrectionKind

Per = Literal["period", "week", "day"]
PromotionKind = Literal["discount", "feature", "display", "influencer", "drop"]


@dataclass(frozen=True, kw_only=True)
class Override:
    """A forecast that a person sets: a factor, units, or the range in which units will lie.

    `units`, `low` and `high` are of a whole period, a week or a day, as `per` says. `low` to `high`
    is read as the middle 80 %: its middle becomes the mean, its width the band.
    """

    sku: str
    location: str = ""  # empty: all locations together
    start: date
    end: date | None  # None: until it expires
    factor: float | None = None  # 1.2 raises the forecast by a fifth
    units: float | None = None
    low: float | None = None
    high: float | None = None
    per: Per = "period"
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class PlannedPromotion:
    """A promotion that a person tells of, planned or past; as the contract's promotions table."""

    sku: str = ""  # one item, or
    category: str = ""  # a category path with all below it
    location: str = ""  # empty: everywhere
    channel: str = ""  # empty: all
    start: date
    end: date
    kind: PromotionKind = "discount"
    depth: float | None = None  # share off the price; None: the company's usual one
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class PlannedLaunch:
    """An item that goes on sale on a day."""

    sku: str
    launch_on: date
    location: str = ""  # empty: every location of its category
    name: str = ""
    category: str = ""  # empty: as the item or the analogue has it
    analogue: str = ""  # sku whose sales it should follow; empty: chosen by likeness
    siblings: tuple[str, ...] = ()  # skus that customers give up for it; empty: by likeness
    weekly_units: float | None = None  # expected over all locations; None: as the analogue


@dataclass(frozen=True, kw_only=True)
class PlannedPrice:
    """Another regular price from a day on; in micros of the base currency."""

    sku: str
    price_micros: int
    start: date
    end: date | None = None  # None: until another one
    location: str = ""  # empty: everywhere


@dataclass(frozen=True, kw_only=True)
class KeepAsRecorded:
    """A correction undone: demand of these days counts as it was recorded."""

    sku: str
    location: str = ""  # empty: every location
    start: date
    end: date  # included
    kind: CorrectionKind | None = None  # None: every kind
    reason: str = ""
