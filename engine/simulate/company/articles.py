"""The articles of the demo merchant: every line in its looks, collection after collection."""

from collections.abc import Iterator
from dataclasses import dataclass

from engine.simulate.company.lines import COLLECTIONS, FEATURED, GIFT_SETS, LINES, ProductLine

# Featured items and the parts of gift sets live through the whole history.
LASTING = frozenset({*FEATURED, *(part for gift in GIFT_SETS for part, _ in gift.components)})


@dataclass(frozen=True, kw_only=True)
class Article:
    line: ProductLine
    look: int
    collection: int

    @property
    def sku(self) -> str:
        return f"{self.line.prefix}-{self.line.looks[self.look][0]}-{self.collection + 1:02d}"

    @property
    def name(self) -> str:
        round_, place = divmod(self.collection, len(COLLECTIONS))
        numeral = f" {round_ + 1}" if round_ else ""
        word = self.line.looks[self.look][1]
        return f"{COLLECTIONS[place]}{numeral} {word} {self.line.noun}"


def _articles() -> Iterator[Article]:
    """Without end: a whole collection of every line and look, then the next collection."""
    widest = max(len(line.looks) for line in LINES)
    collection = 0
    while True:
        for look in range(widest):
            for line in LINES:
                if look < len(line.looks):
                    yield Article(line=line, look=look, collection=collection)
        collection += 1


def chosen_articles(count: int) -> list[Article]:
    """The first `count` articles, with the featured ones and the parts of gift sets among them."""
    wanted = set(LASTING)
    chosen: list[Article] = []
    for article in _articles():
        if len(chosen) + len(wanted) < count or article.sku in wanted:
            chosen.append(article)
            wanted.discard(article.sku)
        if len(chosen) == count:
            return sorted(chosen, key=lambda article: article.sku)
    raise AssertionError("articles never end")
