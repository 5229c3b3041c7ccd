"""At which terms a simple rule buys: packs, minimums, lead times and order days of each series."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.kernels.calendar import SupplierCalendar
from engine.kernels.columns import optional_texts, reals, texts, whole
from engine.kernels.currency import rates_on
from engine.model.config import PlanConfig
from engine.model.money import MICROS
from engine.simulate.rows import Floats, Ints
from engine.simulate.world import World
from engine.supply import lane_rows, lead_times, supplier_calendars

Bools = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class BuyingTerms:
    """Axis [series] of the world, as known on its first morning; money in base currency.

    An order is what one supplier ships to one location; `order` numbers them, and its minimums
    have that axis. `can_buy` is where an active item has a supplier.
    """

    can_buy: Bools = field(repr=False)
    pack: Ints = field(repr=False)
    minimum: Ints = field(repr=False)  # units of the item
    cost: Floats = field(repr=False)  # of one unit, without price breaks
    lead_days: Floats = field(repr=False)  # mean, to being put away
    order: Ints = field(repr=False)
    least_value: Floats = field(repr=False)  # [order]
    least_units: Floats = field(repr=False)  # [order]
    suppliers: list[str] = field(repr=False)  # [order]
    calendars: dict[str, SupplierCalendar] = field(repr=False)

    def placed_after(self, day: int, within: int) -> Ints:
        """[order] days until the supplier takes orders, from the ordinal `day`; -1 if not in time.

        `within` is the number of days until the next decision.
        """
        waits = {each: self._wait(each, day, within) for each in set(self.suppliers)}
        return np.asarray([waits[each] for each in self.suppliers], dtype=np.int64)

    def _wait(self, supplier: str, day: int, within: int) -> int:
        calendar = self.calendars.get(supplier, SupplierCalendar())
        waits = range(within)
        return next((wait for wait in waits if calendar.takes_orders(day + wait)), -1)


def buying_terms(world: World, config: PlanConfig) -> BuyingTerms:
    """From the tables that the company had on the first morning."""
    known, series = world.known, world.series
    listed = _listed(world)
    suppliers = [each or "" for each in optional_texts(series, "supplier")]
    stated = known["suppliers"].drop_duplicates("supplier").set_index("supplier")
    rate = _rates(world, stated)
    item_cost = reals(listed, "unit_cost_micros") / MICROS * _per(suppliers, rate, 1.0)
    order, first = _numbered(suppliers, texts(series, "location"))
    heads = [suppliers[int(each)] for each in first.tolist()]
    value = _by_supplier(stated, "minimum_value_micros", MICROS)
    units = _by_supplier(stated, "minimum_units", 1)
    active = set(known["items"].loc[known["items"]["status"] == "active", "sku"])
    return BuyingTerms(
        can_buy=np.asarray([bool(each) for each in suppliers])
        & series["sku"].isin(active).to_numpy(),
        pack=np.maximum(whole(listed, "case_pack", 1), 1),
        minimum=np.maximum(whole(listed, "minimum_units", 1), 1),
        cost=np.where(item_cost > 0, item_cost, reals(series, "cost")),
        lead_days=_lead_days(world, config, suppliers),
        order=order,
        least_value=_per(heads, value, 0.0) * _per(heads, rate, 1.0),
        least_units=_per(heads, units, 0.0),
        suppliers=heads,
        calendars=supplier_calendars(known),
    )


def _listed(world: World) -> pd.DataFrame:
    """The preferred supplier's row of supplier_items for each series, empty where there is none."""
    first = world.known["supplier_items"].sort_values("rank").drop_duplicates("sku")
    columns = ["sku", "unit_cost_micros", "case_pack", "minimum_units"]
    return world.series[["sku"]].merge(first[columns], on="sku", how="left")


def _rates(world: World, stated: pd.DataFrame) -> dict[str, float]:
    """Base currency per unit of each supplier's currency; 1 where no rate is known."""
    known = world.known
    rates = rates_on(known["fx_rates"], known.as_of, known.company.base_currency)
    return {
        str(supplier): float(rates.get(str(currency), 1))
        for supplier, currency in stated["currency"].items()
    }


def _lead_days(world: World, config: PlanConfig, suppliers: list[str]) -> Floats:
    """Mean calendar days; the default where nobody supplies."""
    times = lead_times(world.known, config)
    days = np.full(len(suppliers), config.default_lead_time_days)
    with_lane = set(texts(times.lanes, "supplier"))
    has = np.asarray([each in with_lane for each in suppliers], dtype=np.bool_)
    series = world.series[has]
    rows = lane_rows(
        times,
        [each for each in suppliers if each in with_lane],
        texts(series, "sku"),
        texts(series, "location"),
    )
    days[has] = reals(times.lanes, "mean_days")[rows]
    return days


def _numbered(suppliers: list[str], locations: list[str]) -> tuple[Ints, Ints]:
    """Number of each series' order, and the first series of each order."""
    keys = pd.MultiIndex.from_arrays([suppliers, locations])
    codes, _ = pd.factorize(keys, sort=True)
    order = np.asarray(codes, dtype=np.int64)
    return order, np.unique(order, return_index=True)[1].astype(np.int64)


def _by_supplier(stated: pd.DataFrame, name: str, scale: float) -> dict[str, float]:
    """A column over `scale`; 0 where nothing is stated."""
    values = np.nan_to_num(reals(stated, name)) / scale
    return dict(zip((str(each) for each in stated.index), values.tolist(), strict=True))


def _per(names: list[str], values: dict[str, float], otherwise: float) -> Floats:
    return np.asarray([values.get(each, otherwise) for each in names], dtype=np.float64)
