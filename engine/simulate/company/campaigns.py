"""The campaigns of the demo merchant: those of every year, and something small every other week."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import numpy as np

from engine.simulate.company.catalogue import Catalogue
from engine.simulate.company.days import Days, Ints
from engine.simulate.company.events import black_friday, easter

Kind = Literal["discount", "feature", "display", "influencer"]


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
class _Yearly:
    """A campaign of every year: for a share of all items, or for a category."""

    code: str
    name: str
    start: date
    days: int
    depth: float = 0.0  # 0: shown, not cheaper
    share: float = 0.0
    category: str | None = None
    channel: str | None = None


def campaigns(catalogue: Catalogue, days: Days, random: np.random.Generator) -> Iterator[Campaign]:
    """Everything that runs from the run-in to the days ahead."""
    for year in range(days.first.year, days.day(days.count - 1).year + 1):
        for yearly in _every(year):
            yield _of_year(yearly, year, catalogue, random)
    yield from _small(catalogue, days, random)


def _every(year: int) -> tuple[_Yearly, ...]:
    thursday, sunday = black_friday(year) - timedelta(days=1), easter(year)
    return (
        _Yearly(code="BF", name="Black Friday", start=thursday, days=5, depth=0.25, share=0.16),
        _Yearly(code="JAN", name="January sale", start=date(year, 1, 2), days=17, depth=0.3,
                share=0.14),
        _Yearly(code="SPRING", name="Spring in the garden", start=sunday - timedelta(days=9),
                days=11, depth=0.15, category="Garden"),
        _Yearly(code="SUMMER", name="Summer sale", start=date(year, 7, 3), days=14, depth=0.2,
                share=0.12),
        _Yearly(code="GLOW", name="Clocks go back", start=date(year, 10, 20), days=14,
                category="Lighting/Table Lamps", channel="web"),
        _Yearly(code="GIFT", name="Gift guide", start=date(year, 12, 1), days=14,
                category="Home Fragrance"),
    )  # fmt: skip


def _of_year(
    yearly: _Yearly, year: int, catalogue: Catalogue, random: np.random.Generator
) -> Campaign:
    drawn = np.flatnonzero(random.random(len(catalogue.skus)) < yearly.share)
    return Campaign(
        code=f"{yearly.code}{year % 100:02d}",
        name=f"{yearly.name} {year}",
        start=yearly.start,
        end=yearly.start + timedelta(days=yearly.days - 1),
        kind="discount" if yearly.depth else "feature",
        depth=yearly.depth,
        items=_under(catalogue, yearly.category) if yearly.category else drawn,
        category=yearly.category,
        channel=yearly.channel,
    )


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


def _under(catalogue: Catalogue, category: str) -> Ints:
    paths = catalogue.categories()
    return np.array([place for place, path in enumerate(paths) if path.startswith(category)])
