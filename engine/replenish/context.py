"""What the appraisal of a chunk of places needs to know."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engine.kernels.columns import reals, texts
from engine.model.config import PlanConfig
from engine.model.decisions import Decisions
from engine.model.forecast import Forecast
from engine.model.money import MICROS, exponent
from engine.model.snapshot import Snapshot
from engine.model.supply import LeadTimes
from engine.replenish.chances import Chances, chances_of
from engine.replenish.draws import Strata, keys_of, strata
from engine.replenish.inflows import Inflows, inflows_to, promised_away
from engine.replenish.places import Places, places_of
from engine.replenish.rules import Rules
from engine.replenish.terms import Terms, terms_of
from engine.replenish.worth import Economics, economics
from engine.supply import Inbound, inbound, supplier_calendars

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Context:
    """Everything but the demand paths; arrays are [place] unless said otherwise."""

    forecast: Forecast = field(repr=False)
    config: PlanConfig
    rules: Rules
    places: Places = field(repr=False)
    terms: Terms = field(repr=False)
    chances: Chances = field(repr=False)
    inbound: Inbound = field(repr=False)
    inflows: Inflows = field(repr=False)
    available: Ints = field(repr=False)  # less what transfers under way take
    money: Economics = field(repr=False)
    batch: Ints = field(repr=False)  # the least that can be ordered, in whole packs
    with_minimum: frozenset[str] = field(repr=False)  # suppliers with a minimum order
    buyer: Ints = field(repr=False)  # row of `chances`; -1 where nothing is bought
    strata: Strata = field(repr=False)
    keys: Ints = field(repr=False)
    currency: str
    today: int

    @property
    def transfer_cost(self) -> float:
        """Of one unit moved, base currency."""
        return self.config.transfer_cost_micros / MICROS

    @property
    def least_transfer(self) -> float:
        """Value below which a transfer is not worth moving for, base currency."""
        return self.rules.transfer_least_minor / 10 ** exponent(self.currency)


def context_of(
    snapshot: Snapshot,
    forecast: Forecast,
    lead_times: LeadTimes,
    decisions: Decisions,
    config: PlanConfig,
    rules: Rules,
) -> Context:
    """Gather stock, terms, chances to order and supply under way for every place."""
    today = snapshot.as_of.toordinal()
    places = places_of(snapshot, forecast, config)
    terms = terms_of(snapshot, places, config, snapshot.as_of)
    calendars = supplier_calendars(snapshot)
    draws = strata(config.paths, config.seed)
    chances = chances_of(places, terms, lead_times, calendars, config, today)
    coming = inbound(snapshot, lead_times, decisions, snapshot.as_of)
    buyer = np.full(len(places), -1, dtype=np.int64)
    orderable = chances.order_on >= 0
    buyer[chances.place[orderable]] = np.flatnonzero(orderable)
    batch = _batches(terms)
    return Context(
        forecast=forecast,
        config=config,
        rules=rules,
        places=places,
        terms=terms,
        chances=chances,
        inbound=coming,
        inflows=inflows_to(places, coming, decisions, draws, today),
        available=places.available - promised_away(places, decisions),
        money=_money(places, terms, batch, config),
        batch=batch,
        with_minimum=_with_minimum(snapshot),
        buyer=buyer,
        strata=draws,
        keys=keys_of(list(zip(places.sku, places.location, strict=True))),
        currency=snapshot.company.base_currency,
        today=today,
    )


def _with_minimum(snapshot: Snapshot) -> frozenset[str]:
    suppliers = snapshot["suppliers"]
    limits = np.stack(
        [
            np.nan_to_num(reals(suppliers, name))
            for name in ("minimum_value_micros", "minimum_units", "minimum_volume_l")
        ]
    )
    some = limits.max(axis=0, initial=0.0) > 0
    return frozenset(np.asarray(texts(suppliers, "supplier"), dtype=object)[some])


def _batches(terms: Terms) -> Ints:
    """The item minimum, rounded up to whole packs; 1 where nothing is bought."""
    return np.asarray(
        [
            1 if offer is None else -(-offer.minimum_units // offer.case_pack) * offer.case_pack
            for offer in terms.offers
        ],
        dtype=np.int64,
    )


def _money(places: Places, terms: Terms, batch: Ints, config: PlanConfig) -> Economics:
    """Unit economics at the undiscounted cost; a supplied place has its supplying place's."""
    offered = [np.nan if offer is None else offer.base_cost() for offer in terms.offers]
    cost = np.asarray(offered, dtype=np.float64)
    for _ in range(3):  # a chain of supply is not longer
        cost = np.where(np.isnan(cost) & (places.source >= 0), cost[places.source], cost)
    cost = np.where(np.isnan(cost), places.unit_cost, cost)
    cost = np.where(np.isnan(cost), places.price * (1 - config.default_margin), cost)
    payment = [0 if offer is None else offer.payment_days for offer in terms.offers]
    return economics(
        price=places.price,
        cost=cost,
        payment_days=np.asarray(payment, dtype=np.float64),
        shelf_life_days=places.shelf_life_days,
        batch=batch.astype(np.float64),
        config=config,
    )
