"""What a policy led to: per series, so that chance can be judged, and in all."""

from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
import pandas as pd

from engine.kernels.columns import whole
from engine.model.money import exponent
from engine.simulate.journal import Journal
from engine.simulate.rows import Floats, Ints
from engine.simulate.world import World


@dataclass(frozen=True, kw_only=True)
class Scores:
    """Axis [series], those that the company already had. Money is in minor units, unrounded."""

    series: pd.DataFrame = field(repr=False)  # sku, location
    wanted: Ints = field(repr=False)
    sold: Ints = field(repr=False)
    lost_margin: Floats = field(repr=False)  # price less cost of the units missed
    stock: Floats = field(repr=False)  # mean value of the evenings' stock, at cost
    ordered: Floats = field(repr=False)  # value of the orders placed, whether or not they came
    lines: Ints = field(repr=False)  # order lines placed


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """Totals over the days after the warm-up. Money is in minor units of the base currency."""

    policy: str
    first_day: date  # the first that counts
    days: int
    currency: str
    wanted_units: int
    sold_units: int
    lost_margin_minor: int  # price less cost of the units missed
    ordered_units: int
    ordered_minor: int  # value of the orders placed, whether or not they arrived
    dearest_week_minor: int  # the most ordered in one week
    orders: int  # supplier x ship-to x day
    order_lines: int
    moved_units: int  # between locations, warm-up included
    opening_stock_minor: int  # on the first morning of the replay
    average_stock_minor: int  # of the evenings
    closing_stock_minor: int
    series_days: int
    series_days_out: int  # evenings with an empty shelf of what sells

    @property
    def lost_units(self) -> int:
        return self.wanted_units - self.sold_units

    @property
    def fill_rate(self) -> float | None:
        return self.sold_units / self.wanted_units if self.wanted_units else None

    @property
    def stockout_rate(self) -> float | None:
        return self.series_days_out / self.series_days if self.series_days else None


def scores_of(world: World, journal: Journal, warm_up_days: int) -> Scores:
    """Per series, from the first day after the warm-up."""
    since, known = slice(warm_up_days, None), world.established
    cost, margin = _minor_values(world)
    wanted, sold = world.wanted[since].sum(axis=0), journal.sold[since].sum(axis=0)
    placed = _scored(world, journal, warm_up_days)
    row, count = placed["row"].to_numpy(dtype=np.int64), len(cost)
    return Scores(
        series=world.series.loc[known, ["sku", "location"]].reset_index(drop=True),
        wanted=wanted[known],
        sold=sold[known],
        lost_margin=((wanted - sold) * margin)[known],
        stock=(journal.evening[since].mean(axis=0) * cost)[known],
        ordered=np.bincount(row, weights=_values(world, placed), minlength=count)[known].astype(
            np.float64
        ),
        lines=np.bincount(whole(_lines(placed), "row"), minlength=count)[known].astype(np.int64),
    )


def outcome_of(world: World, journal: Journal, *, name: str, warm_up_days: int) -> Outcome:
    scores = scores_of(world, journal, warm_up_days)
    placed, known = _scored(world, journal, warm_up_days), world.established
    cost, _ = _minor_values(world)
    sells = world.wanted[warm_up_days:].any(axis=0) & known
    values = _values(world, placed)
    week = (placed["day"].to_numpy(dtype=np.int64) - warm_up_days) // 7
    return Outcome(
        policy=name,
        first_day=world.first_day + timedelta(days=warm_up_days),
        days=world.days - warm_up_days,
        currency=world.known.company.base_currency,
        wanted_units=int(scores.wanted.sum()),
        sold_units=int(scores.sold.sum()),
        lost_margin_minor=_rounded(scores.lost_margin),
        ordered_units=int(placed["units"].sum()),
        ordered_minor=round(float(values.sum())),
        dearest_week_minor=round(float(np.bincount(week, weights=values).max(initial=0.0))),
        orders=len(placed[["supplier", "location", "day"]].drop_duplicates()),
        order_lines=len(_lines(placed)),
        moved_units=journal.moved_units,
        opening_stock_minor=_rounded((world.opening * cost)[known]),
        average_stock_minor=_rounded(scores.stock),
        closing_stock_minor=_rounded((journal.on_hand * cost)[known]),
        series_days=int(sells.sum()) * (world.days - warm_up_days),
        series_days_out=int((journal.evening[warm_up_days:, sells] == 0).sum()),
    )


def _minor_values(world: World) -> tuple[Floats, Floats]:
    """Cost and margin of one unit of each series."""
    minor = 10 ** exponent(world.known.company.base_currency)
    cost = world.series["cost"].to_numpy(dtype=np.float64) * minor
    price = world.series["price"].to_numpy(dtype=np.float64) * minor
    return cost, np.maximum(price - cost, 0)


def _scored(world: World, journal: Journal, warm_up_days: int) -> pd.DataFrame:
    """Order lines placed after the warm-up for what the company already had."""
    placed = journal.placed()
    mine = (placed["day"] >= warm_up_days) & (placed["day"] < world.days)
    return placed[mine & world.established[placed["row"].to_numpy(dtype=np.int64)]]


def _lines(placed: pd.DataFrame) -> pd.DataFrame:
    """One row per order line; one that came in parts was written down in parts."""
    return placed.drop_duplicates(["supplier", "row", "day"])


def _values(world: World, placed: pd.DataFrame) -> Floats:
    minor = 10 ** exponent(world.known.company.base_currency)
    return (placed["units"].astype(float) * placed["cost"].astype(float) * minor).to_numpy()


def _rounded(values: Floats) -> int:
    return int(np.rint(values).sum())
