"""When each place can order next, and when that order and the one after it would arrive."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engine.kernels.calendar import SupplierCalendar
from engine.model.config import PlanConfig
from engine.model.supply import LeadTimes
from engine.replenish.draws import NEXT_ORDER, THIS_ORDER, Strata, strata_days
from engine.replenish.places import Places
from engine.replenish.shortfall import Window
from engine.replenish.terms import Terms
from engine.supply import lane_rows

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Chances:
    """Orders of each place with an offer; places are rows of `place` [buyer].

    `order_on` is an ordinal, -1 where the supplier takes no order within two years. `first` and
    `second` [lane, stratum] are days from as-of to the arrival of an order placed then and of
    one placed at the chance after it; `lane` [buyer] says which row holds.
    """

    place: Ints = field(repr=False)
    order_on: Ints = field(repr=False)
    lane: Ints = field(repr=False)
    first: Floats = field(repr=False)
    second: Floats = field(repr=False)

    def window(self, buyers: Ints, strata: Strata, keys: Ints) -> Window:
        """From this order's arrival to the next one's, [buyer, path].

        Lead times of the two are independent; where the later order would overtake, there is no
        time left in which this one could serve.
        """
        lane = self.lane[buyers][:, None]
        start = self.first[lane, strata.of(THIS_ORDER, keys)]
        end = self.second[lane, strata.of(NEXT_ORDER, keys)]
        return Window(start=start, end=np.maximum(end, start))


def chances_of(
    places: Places,
    terms: Terms,
    lead_times: LeadTimes,
    calendars: dict[str, SupplierCalendar],
    config: PlanConfig,
    today: int,
) -> Chances:
    """Next order days from order days, closures and review days, arrivals from lead times."""
    buyers = [i for i, offer in enumerate(terms.offers) if offer is not None]
    suppliers = [offer.supplier for offer in terms.offers if offer is not None]
    rows = lane_rows(
        lead_times,
        suppliers,
        [places.sku[i] for i in buyers],
        [places.location[i] for i in buyers],
    )
    by_supplier = {
        supplier: _order_days(calendars.get(supplier, SupplierCalendar()), config, today)
        for supplier in sorted(set(suppliers))
    }
    pairs = sorted(set(zip(suppliers, rows.tolist(), strict=True)))
    lane_of = {pair: i for i, pair in enumerate(pairs)}
    days = strata_days(lead_times.pmf, config.paths)
    width = lead_times.pmf.shape[1]
    first = np.zeros((len(pairs), config.paths))
    second = np.zeros((len(pairs), config.paths))
    for i, (supplier, row) in enumerate(pairs):
        chance = by_supplier[supplier]
        if chance is not None:
            calendar = calendars.get(supplier, SupplierCalendar())
            lead = np.minimum(days[row], width - 1)
            first[i] = calendar.arrival_days(chance[0], width)[lead] - today
            second[i] = calendar.arrival_days(chance[1], width)[lead] - today
    order_on = [chance[0] if (chance := by_supplier[each]) else -1 for each in suppliers]
    return Chances(
        place=np.asarray(buyers, dtype=np.int64),
        order_on=np.asarray(order_on, dtype=np.int64),
        lane=np.asarray(
            [lane_of[pair] for pair in zip(suppliers, rows.tolist(), strict=True)], dtype=np.int64
        ),
        first=first,
        second=second,
    )


def _order_days(
    calendar: SupplierCalendar, config: PlanConfig, today: int
) -> tuple[int, int] | None:
    """The next chance to order and the one after it; None where the supplier takes none."""
    now = calendar.next_order_day(today)
    if now is None:
        return None
    after = calendar.order_day_after(now, config.review_days)
    return None if after is None else (now, after)
