"""What each campaign does to demand, and the campaigns as the merchant's records show them."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import numpy as np
import pandas as pd

from engine.simulate.company.campaigns import Campaign, campaigns
from engine.simulate.company.catalogue import Catalogue, substitutes
from engine.simulate.company.days import Days, Floats, Ints, stream

# Where customers meet an item: (location code or None for all, channel).
OUTLETS = (
    ("WAKEFIELD", "web"),
    ("WAKEFIELD", "marketplace"),
    ("WAKEFIELD", "wholesale"),
    ("LEEDS", "store"),
    ("LONDON", "store"),
)
DIP_DAYS = 12  # after a promotion, while customers use up what they bought early
DIP = 0.22  # of the excess demand is missing at the start of the dip
CANNIBALISED = 0.16  # of the excess lift is lost by each substitute


@dataclass(frozen=True, kw_only=True)
class Promotions:
    campaigns: tuple[Campaign, ...]
    effect: Floats = field(repr=False)  # [outlet, item, day] factor on demand
    depth: Floats = field(repr=False)  # [outlet, item, day] share off the price


def build_promotions(seed: int, catalogue: Catalogue, days: Days) -> Promotions:
    random = stream(seed, "promotions")
    running = tuple(
        replace(campaign, items=_on_sale(campaign, catalogue, days))
        for campaign in campaigns(catalogue, days, random)
        if days.first <= campaign.start and campaign.end <= days.day(days.count - 1)
    )
    return _with_effects(running, catalogue, days, random)


def _on_sale(campaign: Campaign, catalogue: Catalogue, days: Days) -> Ints:
    """Nobody advertises what is not on sale yet, or no longer bought."""
    start, lives = days.number(campaign.start), catalogue.lives
    items = campaign.items
    return items[(lives.launch[items] <= start) & (lives.end[items] > start)]


def _with_effects(
    running: tuple[Campaign, ...],
    catalogue: Catalogue,
    days: Days,
    random: np.random.Generator,
) -> Promotions:
    shape = (len(OUTLETS), len(catalogue.skus), days.count)
    effect, depth = np.ones(shape), np.zeros(shape)
    response = random.uniform(0.6, 1.4, len(catalogue.skus))
    siblings = substitutes(catalogue)
    for campaign in running:
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
    return Promotions(campaigns=running, effect=effect, depth=depth)


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
