"""The demo merchant's items: who they are, what they cost, how they live and end."""

from dataclasses import dataclass, field

import numpy as np

from engine.errors import InvalidInput
from engine.simulate.company.articles import Article, chosen_articles
from engine.simulate.company.days import Days, Floats, Ints, stream
from engine.simulate.company.lines import FEATURED, GIFT_SETS, ProductLine
from engine.simulate.company.lives import Lives, build_lives

YEARLY_REVENUE_PER_SKU = 18_500.0  # GBP, on average
SMALLEST = 60  # below it the stories of the demo have nothing to happen to


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """Items by position; arrays are aligned with `skus`. Gift sets are not among them."""

    skus: tuple[str, ...]
    names: tuple[str, ...]
    lines: tuple[ProductLine, ...] = field(repr=False)
    look: Ints
    collection: Ints
    price: Floats  # GBP at the end of the history
    cost: Floats  # GBP
    share: Floats  # of the company's revenue
    lives: Lives = field(repr=False)

    @property
    def position(self) -> dict[str, int]:
        return {sku: place for place, sku in enumerate(self.skus)}

    @property
    def daily_units(self) -> Floats:
        """Units of each item on an average day, all places and channels together."""
        revenue = YEARLY_REVENUE_PER_SKU * len(self.skus) * self.share
        return revenue / self.price / 365.0

    @property
    def pack(self) -> Ints:
        """Units per case: the largest the line comes in that is not above ten days' sales."""
        return np.array(
            [
                max([size for size in line.packs if size <= 10 * pace], default=line.packs[0])
                for line, pace in zip(self.lines, self.daily_units, strict=True)
            ]
        )

    def categories(self) -> list[str]:
        return [line.category for line in self.lines]


def build_catalogue(seed: int, days: Days, skus: int) -> Catalogue:
    """`skus` items with prices, costs, launches, ends, successors and renames."""
    gift_sets = len(GIFT_SETS)
    if skus < SMALLEST:
        raise InvalidInput(f"A demo company needs at least {SMALLEST} SKUs, not {skus}.")
    articles = chosen_articles(skus - gift_sets)
    random = stream(seed, "catalogue")
    price = _prices(articles, random)
    margin = np.array([article.line.margin for article in articles])
    margin = margin + random.uniform(-0.05, 0.05, len(articles))
    return Catalogue(
        skus=tuple(article.sku for article in articles),
        names=tuple(article.name for article in articles),
        lines=tuple(article.line for article in articles),
        look=np.array([article.look for article in articles]),
        collection=np.array([article.collection for article in articles]),
        price=price,
        cost=(price * (1 - margin)).round(2),
        share=_shares(articles, random),
        lives=build_lives(seed, articles, days),
    )


def _prices(articles: list[Article], random: np.random.Generator) -> Floats:
    """Prices that end as shop prices do: .99 or .50 below 30, whole pounds less a penny above."""
    low = np.array([article.line.price[0] for article in articles])
    high = np.array([article.line.price[1] for article in articles])
    raw = low + (high - low) * random.beta(1.3, 1.8, len(articles))
    endings = np.where(random.random(len(articles)) < 0.5, 0.99, 0.5)
    small = np.floor(raw) + endings
    return np.where(raw < 30, small, np.ceil(raw / 5) * 5 - 0.01).round(2)


def _shares(articles: list[Article], random: np.random.Generator) -> Floats:
    """Revenue shares: the line's weight, spread unevenly over its items as ABC curves are."""
    line_share = np.array([article.line.share for article in articles])
    of_line = np.array([article.line.prefix for article in articles])
    pull = random.lognormal(0.0, 0.85, len(articles))
    pull = np.array(
        [FEATURED.get(article.sku, drawn) for article, drawn in zip(articles, pull, strict=True)]
    )
    for prefix in sorted(set(of_line)):
        inside = of_line == prefix
        pull[inside] /= pull[inside].sum()
    share = pull * line_share
    return share / share.sum()


def substitutes(catalogue: Catalogue) -> list[list[int]]:
    """For each item the positions of those customers take instead: the same thing otherwise made.

    At most three: same line and collection in another look, then same look, next collection.
    """
    by_key = {
        (line.prefix, int(look), int(collection)): place
        for place, (line, look, collection) in enumerate(
            zip(catalogue.lines, catalogue.look, catalogue.collection, strict=True)
        )
    }
    found: list[list[int]] = []
    for place, line in enumerate(catalogue.lines):
        look, collection = int(catalogue.look[place]), int(catalogue.collection[place])
        near = [(line.prefix, other, collection) for other in range(len(line.looks))]
        near.append((line.prefix, look, collection + 1))
        near.append((line.prefix, look, collection - 1))
        kept = [by_key[key] for key in near if key in by_key and by_key[key] != place]
        found.append(kept[:3])
    return found
