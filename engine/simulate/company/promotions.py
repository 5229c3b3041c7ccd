"""Campaigns of the demo merchant: what ran, what is planned, and what each does to demand."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

import numpy as np
import pandas as pd

from engine.simulate.company.catalogue import Catalogue, substitutes
from engine.simulate.company.days import Days, Floats, Ints, stream
from engine.simulate.company.events import black_friday, easter

# Where customers meet an item: (location code or None for all, channel).
OUTLETS = (
    ("WAKEFIELD", "web"),
    ("WAKEFIELD", "marketplace"),
    ("WAKEFIELD", "wholesale"),
    ("LEEDS", "store"),
    ("LONDON", "store"),
)
Kind = Literal["discount", "feature", "display", "influencer"]
DIP_DAYS = 12  # after a promotion, while customers use up what they bought early
DIP = 0.22  # of the excess demand is missing at the start of the dip
CANNIBALISED = 0.16  # of the excess lift is lost by each substitute


@dataclass(frozen=True, kw_only=True)
class Campaign:
    code: str
    name: str
    start: date
    end: date  # last day
    kind: Kind
    depth: float
    items: Ints  # positions in the catalogue
    category: str | None = None  # set: the row names the category, not the items
    location: str | None = None
    channel: str | None = None


@dataclass(frozen=True, kw_only=True)
class Promotions:
    campaigns: tuple[Campaign, ...]
    effect: Floats = field(repr=False)  # [outlet, item, day] factor on demand
    depth: Floats = field(repr=False)  # [outlet, item, day] share off the price


def build_promotions(seed: int, catalogue: Catalogue, days: Days) -> Promotions:
    random = stream(seed, "promotions")
    campaigns = tuple(
        campaign
        for campaign in _campaigns(catalogue, days, random)
        if days.first <= campaign.start and campaign.end <= days.day(days.count - 1)
    )
    return _with_effects(campaigns, catalogue, days, random)


def _campaigns(catalogue: Catalogue, days: Days, random: np.random.Generator) -> Iterator[Campaign]:
    for year in range(days.first.year, days.day(days.count - 1).year + 1):
        yield from _seasonal(year, catalogue, random)
    yield from _small(catalogue, days, random)


def _seasonal(year: int, catalogue: Catalogue, random: np.random.Generator) -> Iterator[Campaign]:
    """The campaigns that come every year."""
    friday, sunday = black_friday(year), easter(year)
    short = f"{year % 100:02d}"
    yield Campaign(
        code=f"BF{short}",
        name=f"Black Friday {year}",
        start=friday - timedelta(days=1),
        end=friday + timedelta(days=3),
        kind="discount",
        depth=0.25,
        items=_some(catalogue, random, 0.16),
    )
    yield Campaign(
        code=f"JAN{short}",
        name=f"January sale {year}",
        start=date(year, 1, 2),
        end=date(year, 1, 18),
        kind="discount",
        depth=0.3,
        items=_some(catalogue, random, 0.14),
    )
    yield Campaign(
        code=f"SPRING{short}",
        name=f"Spring in the garden {year}",
        start=sunday - timedelta(days=9),
        end=sunday + timedelta(days=1),
        kind="discount",
        depth=0.15,
        items=_under(catalogue, "Garden"),
        category="Garden",
    )
    yield Campaign(
        code=f"SUMMER{short}",
        name=f"Summer sale {year}",
        start=date(year, 7, 3),
        end=date(year, 7, 16),
        kind="discount",
        depth=0.2,
        items=_some(catalogue, random, 0.12),
    )
    yield Campaign(
        code=f"GLOW{short}",
        name=f"Clocks go back {year}",
        start=date(year, 10, 20),
        end=date(year, 11, 2),
        kind="feature",
        depth=0.0,
        items=_under(catalogue, "Lighting/Table Lamps"),
        category="Lighting/Table Lamps",
        channel="web",
    )
    yield Campaign(
        code=f"GIFT{short}", name=f"Gift guide {year}", start=date(year, 12, 1),
        end=date(year, 12, 14), kind="feature", depth=0.0,
        items=_under(catalogue, "Home Fragrance"), category="Home Fragrance",
    )  # fmt: skip


def _small(catalogue: Catalogue, days: Days, random: np.random.Generator) -> Iterator[Campaign]:
    """A few items every other week: an offer, a window display, a post that goes round."""
    for number, start in enumerate(range(10, days.end + 30, 11)):
        kind: Kind = ("discount", "display", "discount", "influencer", "feature")[number % 5]
        length = {"discount": 9, "display": 13, "influencer": 5, "feature": 7}[kind]
        items = np.sort(random.permutation(len(catalogue.skus))[: 2 if kind == "influencer" else 5])
        store = kind == "display"
        yield Campaign(
            code=f"P{number + 101}",
            name={"discount": "Offer of the week", "display": "Window display",
                  "influencer": "Creator post", "feature": "Newsletter feature"}[kind],
            start=days.day(start),
            end=days.day(start + length - 1),
            kind=kind,
            depth=float(random.choice([0.1, 0.15, 0.2])) if kind == "discount" else 0.0,
            items=items,
            location="LEEDS" if store and number % 2 else ("LONDON" if store else None),
            channel="store" if store else (None if kind == "discount" else "web"),
        )  # fmt: skip


def _some(catalogue: Catalogue, random: np.random.Generator, share: float) -> Ints:
    return np.flatnonzero(random.random(len(catalogue.skus)) < share)


def _under(catalogue: Catalogue, category: str) -> Ints:
    paths = catalogue.categories()
    return np.array([place for place, path in enumerate(paths) if path.startswith(category)])


def _with_effects(
    campaigns: tuple[Campaign, ...],
    catalogue: Catalogue,
    days: Days,
    random: np.random.Generator,
) -> Promotions:
    shape = (len(OUTLETS), len(catalogue.skus), days.count)
    effect, depth = np.ones(shape), np.zeros(shape)
    response = random.uniform(0.6, 1.4, len(catalogue.skus))
    siblings = substitutes(catalogue)
    for campaign in campaigns:
        start, end = days.number(campaign.start), days.number(campaign.end) + 1
        excess = _excess(campaign, end - start) * response[campaign.items, None]
        for outlet in _outlets_of(campaign):
            depth[outlet, campaign.items, start:end] = np.maximum(
                depth[outlet, campaign.items, start:end], campaign.depth
            )
            effect[outlet, campaign.items, start:end] *= 1 + excess
            dip = 1 - DIP * excess.mean(axis=1, keepdims=True).clip(max=1.5) * np.linspace(
                1, 0, DIP_DAYS
            )
            after = effect[outlet, campaign.items, end : end + DIP_DAYS]
            effect[outlet, campaign.items, end : end + DIP_DAYS] = after * dip[:, : after.shape[1]]
            if campaign.category is None:
                _cannibalise(effect[outlet], campaign, siblings, slice(start, end), excess)
    return Promotions(campaigns=campaigns, effect=effect, depth=depth)


def _excess(campaign: Campaign, length: int) -> Floats:
    """Demand above normal on each day of a campaign, before an item's own responsiveness."""
    if campaign.kind == "discount":
        return np.full(length, 4.0 * campaign.depth)
    if campaign.kind == "influencer":
        return 2.6 * np.power(0.6, np.arange(length, dtype=np.float64))
    return np.full(length, {"feature": 0.3, "display": 0.4}[campaign.kind])


def _outlets_of(campaign: Campaign) -> list[int]:
    """Consumer campaigns do not reach trade customers."""
    return [
        place
        for place, (location, channel) in enumerate(OUTLETS)
        if channel != "wholesale"
        and campaign.location in (None, location)
        and campaign.channel in (None, channel)
    ]


def _cannibalise(
    effect: Floats, campaign: Campaign, siblings: list[list[int]], when: slice, excess: Floats
) -> None:
    items: list[int] = campaign.items.tolist()
    for row, item in enumerate(items):
        for sibling in siblings[item]:
            if sibling not in items:
                effect[sibling, when] *= 1 - CANNIBALISED * np.minimum(excess[row], 1.0)


def promotion_table(promotions: Promotions, catalogue: Catalogue, days: Days) -> pd.DataFrame:
    """Contract table `promotions`: those of the history and those planned, oldest first."""
    opening = days.day(days.history)
    rows = [
        (
            campaign.code, campaign.name, sku, None if sku else campaign.category,
            campaign.location, campaign.channel, campaign.start, campaign.end, campaign.kind,
            campaign.depth,
        )
        for campaign in sorted(promotions.campaigns, key=lambda c: (c.start, c.code))
        if campaign.end >= opening and _announced(campaign, days)
        for sku in _named(campaign, catalogue)
    ]  # fmt: skip
    columns = (
        "promotion", "name", "sku", "category", "location", "channel", "start_date", "end_date",
        "kind", "depth",
    )  # fmt: skip
    frame = pd.DataFrame(rows, columns=list(columns))
    for column in ("start_date", "end_date"):
        frame[column] = pd.to_datetime(frame[column])
    return frame


def _named(campaign: Campaign, catalogue: Catalogue) -> list[str | None]:
    """The items a campaign names, one row each; a campaign for a category names none."""
    if campaign.category:
        return [None]
    places: list[int] = campaign.items.tolist()
    return [catalogue.skus[place] for place in places]


def _announced(campaign: Campaign, days: Days) -> bool:
    """Plans are known two months ahead."""
    return campaign.start <= days.last + timedelta(days=60)
