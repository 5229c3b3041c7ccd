"""The flow of goods as order lines with numbers, prices and kinds: contract table `sales`."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from engine.simulate.company.catalogue import Catalogue
from engine.simulate.company.days import Days, Floats, Ints, coded, stream
from engine.simulate.company.flow import Counts, Flow
from engine.simulate.company.lines import GIFT_SETS
from engine.simulate.company.places import (
    CHANNEL_OF_SLOT,
    CHANNELS,
    LOCATIONS,
    SET_OUTLETS,
    Series,
)
from engine.simulate.company.prices import Prices
from engine.simulate.company.promotions import OUTLETS, Promotions

TRADE_DISCOUNT = 0.32
KINDS = ("sale", "return", "cancellation", "test")
SALE, RETURN, CANCELLATION, TEST = range(len(KINDS))
ORDER_PREFIX = {"web": "W", "marketplace": "M", "wholesale": "T"}
TILL_PREFIX = {"LEEDS": "LD", "LONDON": "LN"}
# Outlet of each location and slot; -1 where there is none.
_OUTLET = np.array(
    [
        [
            OUTLETS.index((location, channels[slot])) if slot < len(channels) else -1
            for slot in range(3)
        ]
        for location, channels in zip(LOCATIONS, CHANNEL_OF_SLOT, strict=True)
    ]
)


@dataclass(frozen=True, kw_only=True)
class _Lines:
    """Order lines as arrays; item counts on past the catalogue for gift sets."""

    day: Ints
    item: Ints
    outlet: Ints
    units: Ints
    kind: Ints


def sales_table(
    seed: int,
    catalogue: Catalogue,
    series: Series,
    flow: Flow,
    prices: Prices,
    promotions: Promotions,
    days: Days,
) -> pd.DataFrame:
    """One row per order line, sorted by date, order and sku."""
    random = stream(seed, "sales")
    lines = _joined(
        [
            _split(_cells(flow.sold, series, days, SALE), random),
            _sets(flow, catalogue, days),
            _tests(catalogue, days, random),
        ]
    )
    back = _joined(
        [
            _cells(flow.returned, series, days, RETURN, sign=-1),
            _cells(flow.cancelled, series, days, CANCELLATION, sign=-1),
        ]
    )
    sold, sold_orders = _baskets(lines, random)
    returned, return_orders = _baskets(back, random)
    everything = _joined([sold, returned])
    refund = np.concatenate([np.zeros(len(sold.day), bool), np.ones(len(returned.day), bool)])
    return _frame(
        everything, np.concatenate([sold_orders, return_orders]), refund, catalogue, prices,
        promotions, days,
    )  # fmt: skip


def _cells(counts: Counts, series: Series, days: Days, kind: int, sign: int = 1) -> _Lines:
    """Non-zero cells of [day, slot, series] within the history."""
    window = counts[days.history : days.end + 1]
    day, slot, row = np.nonzero(window)
    return _Lines(
        day=day + days.history,
        item=series.item[row],
        outlet=_OUTLET[series.location[row], slot],
        units=sign * window[day, slot, row].astype(np.int64),
        kind=np.full(len(day), kind),
    )


def _split(cells: _Lines, random: np.random.Generator) -> _Lines:
    """A day's units of one item as order lines: consumers buy one, at times two or three."""
    trade = cells.outlet == OUTLETS.index(("WAKEFIELD", "wholesale"))
    consumer = np.flatnonzero(~trade)
    cell = np.repeat(consumer, cells.units[consumer])
    starts = random.random(len(cell)) < 0.84
    starts[np.flatnonzero(np.diff(cell, prepend=-1))] = True
    line = np.cumsum(starts) - 1
    of_line = cell[starts]
    units = np.bincount(line)
    chosen = np.concatenate([of_line, np.flatnonzero(trade)])
    return _Lines(
        day=cells.day[chosen],
        item=cells.item[chosen],
        outlet=cells.outlet[chosen],
        units=np.concatenate([units, cells.units[trade]]),
        kind=cells.kind[chosen],
    )


def _sets(flow: Flow, catalogue: Catalogue, days: Days) -> _Lines:
    window = flow.sets_sold[days.history : days.end + 1]
    day, gift, outlet = np.nonzero(window)
    outlets = _OUTLET[np.array(SET_OUTLETS), 0]
    return _Lines(
        day=day + days.history,
        item=len(catalogue.skus) + gift,
        outlet=outlets[outlet],
        units=window[day, gift, outlet].astype(np.int64),
        kind=np.full(len(day), SALE),
    )


def _tests(catalogue: Catalogue, days: Days, random: np.random.Generator) -> _Lines:
    """Someone tries the checkout now and then; nothing leaves the shelf."""
    count = 24
    long_sold = np.flatnonzero(catalogue.lives.launch < days.history)
    return _Lines(
        day=random.integers(days.history, days.end + 1, count),
        item=random.choice(long_sold, count),
        outlet=np.zeros(count, np.int64),
        units=random.integers(1, 4, count),
        kind=np.full(count, TEST),
    )


def _joined(parts: list[_Lines]) -> _Lines:
    return _Lines(
        **{
            name: np.concatenate([getattr(part, name) for part in parts])
            for name in ("day", "item", "outlet", "units", "kind")
        }
    )


def _baskets(lines: _Lines, random: np.random.Generator) -> tuple[_Lines, Ints]:
    """Put lines of one day and outlet into orders; two of one item in one order become one line."""
    shuffle = random.random(len(lines.day))
    order = np.lexsort((shuffle, lines.kind, lines.outlet, lines.day))
    day, outlet, kind = lines.day[order], lines.outlet[order], lines.kind[order]
    opens = random.random(len(order)) < 0.6
    changed = (np.diff(day, prepend=-1) != 0) | (np.diff(outlet, prepend=-1) != 0)
    opens |= changed | (np.diff(kind, prepend=-1) != 0)
    number = np.cumsum(opens)
    wide = int(lines.item.max()) + 1
    key, first, inverse = np.unique(
        number * wide + lines.item[order], return_index=True, return_inverse=True
    )
    units = np.bincount(inverse, weights=lines.units[order]).astype(np.int64)
    merged = _Lines(
        day=day[first], item=key % wide, outlet=outlet[first], units=units, kind=kind[first]
    )
    return merged, key // wide


def _frame(
    lines: _Lines, order: Ints, refund: np.ndarray, catalogue: Catalogue, prices: Prices,
    promotions: Promotions, days: Days,
) -> pd.DataFrame:  # fmt: skip
    price = _paid(lines, catalogue, prices, promotions)
    channels = [channel for _, channel in OUTLETS]
    at = [location for location, _ in OUTLETS]
    frame = pd.DataFrame(
        {
            "date": days.at(lines.day),
            "sku": sku_texts(catalogue, lines.item, lines.day),
            "location": coded(
                np.array([LOCATIONS.index(one) for one in at])[lines.outlet], LOCATIONS
            ),
            "channel": coded(
                np.array([CHANNELS.index(one) for one in channels])[lines.outlet], CHANNELS
            ),
            "order_id": _order_texts(lines.outlet, order, refund),
            "units": lines.units,
            "net_revenue": np.round(price * lines.units, 2),
            "price": price,
            "kind": coded(lines.kind, KINDS),
        }
    )
    return frame.iloc[np.lexsort((lines.item, order, refund, lines.day))].reset_index(drop=True)


def _paid(lines: _Lines, catalogue: Catalogue, prices: Prices, promotions: Promotions) -> Floats:
    """Price of one unit after promotions and trade discount; gift sets keep theirs."""
    gift = np.array([gift.price for gift in GIFT_SETS])
    single = lines.item < len(catalogue.skus)
    item = np.where(single, lines.item, 0)
    depth = promotions.depth[lines.outlet, item, lines.day]
    trade = lines.outlet == OUTLETS.index(("WAKEFIELD", "wholesale"))
    regular = prices.regular[item, lines.day] * (1 - depth)
    regular = np.where(trade, regular * (1 - TRADE_DISCOUNT), regular)
    set_price = gift[np.where(single, 0, lines.item - len(catalogue.skus))]
    return np.where(single, regular, set_price).round(2)


def sku_texts(catalogue: Catalogue, item: Ints, day: Ints) -> pd.Categorical:
    """The sku by which an item went on a day: a renamed one by its old name before the change."""
    old = [sku for sku in catalogue.lives.old_sku if sku]
    names = [*catalogue.skus, *(gift.sku for gift in GIFT_SETS), *old]
    renamed_code = np.arange(len(names))
    last_old_day = np.zeros(len(names), np.int64)
    for place, sku in enumerate(catalogue.lives.old_sku):
        if sku:
            renamed_code[place] = len(names) - len(old) + old.index(sku)
            last_old_day[place] = catalogue.lives.renamed[place]
    code = np.where(day < last_old_day[item], renamed_code[item], item)
    return coded(code, names)


def _order_texts(outlet: Ints, order: Ints, refund: np.ndarray) -> np.ndarray:
    """Readable numbers: W for the web shop, till numbers for stores, R before a refund."""
    prefixes = [
        TILL_PREFIX[location] if channel == "store" else ORDER_PREFIX[channel]
        for location, channel in OUTLETS
    ]
    key, inverse = np.unique((order * len(OUTLETS) + outlet) * 2 + refund, return_inverse=True)
    texts = np.array(
        [
            f"{'R' if one % 2 else ''}{prefixes[one // 2 % len(OUTLETS)]}"
            f"{one // 2 // len(OUTLETS) + 200_000}"
            for one in key.tolist()
        ],
        dtype=object,
    )
    return texts[inverse]
