"""Where stock is held: every SKU-location that sells, buys or supplies another."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.kernels.columns import optional_texts, reals, texts, whole
from engine.kernels.latest import latest_records
from engine.model.config import PlanConfig
from engine.model.forecast import Forecast
from engine.model.money import MICROS
from engine.model.snapshot import Snapshot

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Places:
    """Sorted by (sku, location); every array is aligned. Units are whole, prices base currency."""

    sku: list[str] = field(repr=False)
    location: list[str] = field(repr=False)
    category: list[str] = field(repr=False)
    confidence: list[str] = field(repr=False)
    row: Ints = field(repr=False)  # of the forecast; -1 where nothing is sold here
    source: Ints = field(repr=False)  # the place that replenishes this one; -1: it buys itself
    active: Flags = field(repr=False)  # still bought
    price: Floats = field(repr=False)
    unit_cost: Floats = field(repr=False)  # as items state it; NaN where unknown
    shelf_life_days: Floats = field(repr=False)  # NaN: keeps
    volume_l: Floats = field(repr=False)  # per unit; 0 where unknown
    weight_kg: Floats = field(repr=False)  # per unit; 0 where unknown
    on_hand: Ints = field(repr=False)  # a negative record counts as none
    reserved: Ints = field(repr=False)
    waiting: Ints = field(repr=False)  # customer order lines that wait for stock

    def __len__(self) -> int:
        return len(self.sku)

    @property
    def available(self) -> Ints:
        """On hand less reserved less waiting; negative where customers wait for more."""
        return self.on_hand - self.reserved - self.waiting

    def index(self) -> dict[tuple[str, str], int]:
        return {key: i for i, key in enumerate(zip(self.sku, self.location, strict=True))}


def places_of(snapshot: Snapshot, forecast: Forecast, config: PlanConfig) -> Places:
    """Every forecast series, and the locations that supply one without selling the item."""
    series = forecast.series
    named = zip(texts(series, "sku"), texts(series, "location"), strict=True)
    sold = {key: i for i, key in enumerate(named)}
    feeds, _ = feeds_of(snapshot)
    keys = set(sold)
    for sku, location in sold:
        keys |= {(sku, source) for source in _upstream(location, feeds)}
    ordered = sorted(keys)
    index = {key: i for i, key in enumerate(ordered)}
    row = np.asarray([sold.get(key, -1) for key in ordered], dtype=np.int64)
    facts = _item_facts(snapshot, [sku for sku, _ in ordered])
    on_hand, reserved = _stock(snapshot, index)
    return Places(
        sku=[sku for sku, _ in ordered],
        location=[location for _, location in ordered],
        category=facts.category,
        confidence=_by_row(texts(series, "confidence"), row, "low"),
        row=row,
        source=np.asarray(
            [index.get((sku, feeds.get(location, "")), -1) for sku, location in ordered],
            dtype=np.int64,
        ),
        active=facts.active,
        price=_prices(series, [sku for sku, _ in ordered], row, config),
        unit_cost=_costs(series, [sku for sku, _ in ordered], row),
        shelf_life_days=facts.shelf_life_days,
        volume_l=facts.volume_l,
        weight_kg=facts.weight_kg,
        on_hand=on_hand,
        reserved=reserved,
        waiting=_waiting(snapshot, index),
    )


def feeds_of(snapshot: Snapshot) -> tuple[dict[str, str], list[str]]:
    """Which location supplies which, and where a circle was cut: at its first name.

    A location that names itself is supplied by nobody else: it buys.
    """
    stated = zip(
        texts(snapshot["locations"], "location"),
        optional_texts(snapshot["locations"], "supplied_from"),
        strict=True,
    )
    feeds = {to: source for to, source in stated if source is not None and source != to}
    cut: list[str] = []
    for location in sorted(feeds):
        if location in _upstream(location, feeds):
            del feeds[location]
            cut.append(location)
    return feeds, cut


def _upstream(location: str, feeds: dict[str, str]) -> list[str]:
    """The chain of locations that supply this one, nearest first."""
    chain: list[str] = []
    while location in feeds and feeds[location] not in chain:
        location = feeds[location]
        chain.append(location)
    return chain


@dataclass(frozen=True, kw_only=True)
class _ItemFacts:
    category: list[str]
    active: Flags
    shelf_life_days: Floats
    volume_l: Floats
    weight_kg: Floats


def _item_facts(snapshot: Snapshot, skus: list[str]) -> _ItemFacts:
    items = snapshot["items"]
    at = {sku: i for i, sku in enumerate(texts(items, "sku"))}
    rows = np.asarray([at.get(sku, -1) for sku in skus], dtype=np.int64)
    categories = [each or "" for each in optional_texts(items, "category")]
    statuses = optional_texts(items, "status")
    return _ItemFacts(
        category=_by_row(categories, rows, ""),
        active=np.asarray(
            [row < 0 or statuses[row] != "discontinued" for row in rows], dtype=np.bool_
        ),
        shelf_life_days=_reals_by_row(reals(items, "shelf_life_days"), rows, np.nan),
        volume_l=np.nan_to_num(_reals_by_row(reals(items, "volume_l"), rows, 0.0)),
        weight_kg=np.nan_to_num(_reals_by_row(reals(items, "weight_kg"), rows, 0.0)),
    )


def _by_row(values: list[str], rows: Ints, otherwise: str) -> list[str]:
    return [values[row] if row >= 0 else otherwise for row in rows]


def _reals_by_row(values: Floats, rows: Ints, otherwise: float) -> Floats:
    return np.append(values, otherwise)[rows]


def _prices(series: pd.DataFrame, skus: list[str], row: Ints, config: PlanConfig) -> Floats:
    """Regular price in base currency; a place that does not sell has the item's usual price."""
    micros = reals(series, "price_micros")
    known = np.where(micros > 0, micros, np.nan)
    price = _reals_by_row(known, row, np.nan)
    usual = _usual(texts(series, "sku"), known)
    filled = [
        usual.get(sku, np.nan) if np.isnan(p) else p for sku, p in zip(skus, price, strict=True)
    ]
    return np.nan_to_num(np.asarray(filled), nan=config.default_price_micros) / MICROS


def _costs(series: pd.DataFrame, skus: list[str], row: Ints) -> Floats:
    micros = reals(series, "unit_cost_micros")
    known = np.where(micros > 0, micros, np.nan)
    cost = _reals_by_row(known, row, np.nan)
    usual = _usual(texts(series, "sku"), known)
    filled = [
        usual.get(sku, np.nan) if np.isnan(c) else c for sku, c in zip(skus, cost, strict=True)
    ]
    return np.asarray(filled, dtype=np.float64) / MICROS


def _usual(skus: list[str], values: Floats) -> dict[str, float]:
    """The first known value of each sku."""
    found: dict[str, float] = {}
    for sku, value in zip(skus, values, strict=True):
        if not np.isnan(value):
            found.setdefault(sku, float(value))
    return found


def _stock(snapshot: Snapshot, index: dict[tuple[str, str], int]) -> tuple[Ints, Ints]:
    """The latest record of each place; one without any record holds nothing."""
    stock = snapshot["stock"]
    on_hand, reserved = np.zeros(len(index), dtype=np.int64), np.zeros(len(index), dtype=np.int64)
    latest = stock.iloc[latest_records(stock)]
    keys = zip(texts(latest, "sku"), texts(latest, "location"), strict=True)
    at = np.asarray([index.get(key, -1) for key in keys], dtype=np.int64)
    known = at >= 0
    on_hand[at[known]] = np.maximum(whole(latest, "on_hand"), 0)[known]
    reserved[at[known]] = np.maximum(whole(latest, "reserved"), 0)[known]
    return on_hand, np.minimum(reserved, on_hand)


def _waiting(snapshot: Snapshot, index: dict[tuple[str, str], int]) -> Ints:
    waiting = np.zeros(len(index), dtype=np.int64)
    orders = snapshot["backorders"]
    keys = zip(texts(orders, "sku"), texts(orders, "location"), strict=True)
    for key, units in zip(keys, whole(orders, "units"), strict=True):
        if key in index:
            waiting[index[key]] += max(int(units), 0)
    return waiting
