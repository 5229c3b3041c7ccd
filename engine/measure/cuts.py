"""Key figures cut by class A/B/C, by category, by location or by supplier."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

import numpy as np
import pandas as pd

from engine.errors import InvalidInput
from engine.measure.books import Books
from engine.measure.catalogue import MEASURES, measure
from engine.measure.kpi import Cut, Kpi, KpiName
from engine.model.money import MICROS
from engine.model.period import Period

ItemClass = Literal["A", "B", "C"]
CLASSES: tuple[ItemClass, ...] = ("A", "B", "C")
CLASS_SHARES = (0.8, 0.95)  # of revenue, up to which an item is A and B
CLASS_DAYS = 364  # of sales that classes are made from
MOST_PARTS = 12  # categories or suppliers that are named
OTHERS = "other"


@dataclass(frozen=True, kw_only=True)
class Slice:
    """A key figure of one class, category, location or supplier."""

    label: str
    kpi: Kpi


def cut(books: Books, period: Period, name: KpiName, by: Cut) -> tuple[Slice, ...]:
    """The figure of each part of the company; parts of which there is nothing are kept.

    Raises InvalidInput for a cut that the figure does not allow, naming those it does.
    """
    allowed = MEASURES[name].cuts
    if by not in allowed:
        said = f"by {', '.join(allowed)}" if allowed else "as a whole only"
        raise InvalidInput(f"{name} cannot be cut by {by}; it is measured {said}.")
    return cuts(books, period, (name,), by)[name]


def cuts(
    books: Books, period: Period, names: Sequence[KpiName], by: Cut
) -> dict[KpiName, tuple[Slice, ...]]:
    """Those figures that allow this cut, each by the parts of the company.

    The books of a part are opened once for all figures: taking them apart costs more than reading.
    """
    wanted: list[KpiName] = [name for name in names if by in MEASURES[name].cuts]
    parts = (
        [(label, measure(part, period, *wanted)) for label, part in _parts(books, period, by)]
        if wanted
        else []
    )
    return {
        name: tuple(Slice(label=label, kpi=kpis[at]) for label, kpis in parts)
        for at, name in enumerate(wanted)
    }


def item_classes(books: Books, period: Period) -> dict[str, ItemClass]:
    """A, B or C of every item, by its revenue in the year up to the end of the period.

    A are the items that together make 80 % of it, B those up to 95 %, C the rest, which includes
    what sold nothing. The item that crosses a limit still belongs above it.
    """
    first = pd.Timestamp(period.end - timedelta(days=CLASS_DAYS - 1))
    sales = books["sales"]
    recent = sales[sales["date"].between(first, pd.Timestamp(period.end))]
    items = books["items"].set_index("sku")["price_micros"].astype(float).to_dict()
    price = recent["sku"].astype(object).map(items).astype(float).fillna(0.0)
    paid = recent["net_revenue_micros"].astype(float).fillna(price * recent["units"]) / MICROS
    revenue = paid.groupby(recent["sku"].astype(object)).sum()
    skus = sorted(books["items"]["sku"].astype(str))
    each = revenue.reindex(skus).fillna(0.0).clip(lower=0).to_numpy(dtype=np.float64)
    order = np.argsort(-each, kind="stable")
    whole = max(float(each.sum()), 1e-12)
    before = (np.cumsum(each[order]) - each[order]) / whole
    place = np.where(each[order] > 0, np.searchsorted(CLASS_SHARES, before, "right"), 2)
    return {skus[int(row)]: CLASSES[int(rank)] for row, rank in zip(order, place, strict=True)}


def _parts(books: Books, period: Period, by: Cut) -> Iterator[tuple[str, Books]]:
    if by == "location":
        for place in sorted({str(each) for each in books["stock"]["location"].unique()}):
            yield place, books.only(location=place)
        return
    groups = (
        _classes(books, period)
        if by == "class"
        else _suppliers(books)
        if by == "supplier"
        else _categories(books)
    )
    for label, skus in groups.items():
        yield label, books.only(skus=skus)


def _classes(books: Books, period: Period) -> dict[str, set[str]]:
    found = item_classes(books, period)
    return {each: {sku for sku, named in found.items() if named == each} for each in CLASSES}


def _categories(books: Books) -> dict[str, set[str]]:
    """Items by the first part of their category."""
    named = [
        path.split("/")[0] if isinstance(path, str) and path else OTHERS
        for path in books["items"]["category"]
    ]
    return _largest(pd.Series(named, index=books["items"]["sku"].astype(str), dtype=object))


def _suppliers(books: Books) -> dict[str, set[str]]:
    """Items by the supplier they are bought from by preference: lowest rank, then lower code."""
    offers = books["supplier_items"].sort_values(["rank", "supplier"], kind="stable")
    first = offers.drop_duplicates("sku").set_index("sku")["supplier"].astype(object)
    named = first.reindex(books["items"]["sku"].astype(str)).fillna(OTHERS)
    return _largest(named)


def _largest(named: pd.Series) -> dict[str, set[str]]:
    """Items (the index) by the name beside them; beyond the largest few, all others together."""
    sizes = named.value_counts()
    largest = set(sizes.sort_index().sort_values(ascending=False, kind="stable")[:MOST_PARTS].index)
    grouped = named.where(named.isin(largest), OTHERS)
    return {str(name): set(rows.index) for name, rows in grouped.groupby(grouped)}
