"""What the appraisal of a chunk of places needs to know."""

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.kernels.columns import optional_texts, reals, texts, whole
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
from engine.supply import Inbound, as_if_sent_now, inbound, supplier_calendars

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


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
    inflows: Inflows = field(repr=False)  # orders put off counted as if they went out now
    expected: Inflows = field(repr=False)  # with the days they are put off to
    doubtful: Flags = field(repr=False)  # recorded stock may not be there
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
    def weekly_margin(self) -> float:
        """Gross margin expected in a week, mean over the horizon, base currency."""
        sold = self.places.row >= 0
        step = self.forecast.mean[self.places.row[sold]].mean(axis=1)
        earned = step * np.maximum(self.money.margin[sold], 0.0)
        return float(earned.sum()) * 7 / self.forecast.bucket_days

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
    findings: pd.DataFrame | None,
) -> Context:
    """Gather stock, terms, chances to order and supply under way for every place."""
    today = snapshot.as_of.toordinal()
    places = places_of(snapshot, forecast, config)
    terms = terms_of(snapshot, places, config, snapshot.as_of)
    calendars = supplier_calendars(snapshot)
    draws = strata(config.paths, config.seed)
    coming = inbound(snapshot, lead_times, decisions, snapshot.as_of)
    waiting = as_if_sent_now(decisions)
    at_once = (
        coming if waiting is decisions else inbound(snapshot, lead_times, waiting, snapshot.as_of)
    )
    since = _own_orders(coming)
    chances = chances_of(places, terms, lead_times, calendars, config, today, since)
    expected = inflows_to(places, coming, decisions, draws, today)
    buyer = np.full(len(places), -1, dtype=np.int64)
    orderable = chances.order_on >= 0
    buyer[chances.place[orderable]] = np.flatnonzero(orderable)
    batch = _batches(terms)
    context = Context(
        forecast=forecast,
        config=config,
        rules=rules,
        places=places,
        terms=terms,
        chances=chances,
        inbound=coming,
        inflows=(
            expected if at_once is coming else inflows_to(places, at_once, decisions, draws, today)
        ),
        expected=expected,
        doubtful=_doubtful(places, findings),
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
    minor = 10 ** exponent(context.currency)
    return replace(context, rules=rules.for_margin(context.weekly_margin * minor))


def _own_orders(coming: Inbound) -> dict[tuple[str, str, str], int]:
    """The day of the first order of our own, by (supplier, sku, location)."""
    lines = coming.lines
    since = whole(lines, "since") if len(lines) else np.zeros(0, dtype=np.int64)
    keys = zip(texts(lines, "supplier"), texts(lines, "sku"), texts(lines, "location"), strict=True)
    found: dict[tuple[str, str, str], int] = {}
    for key, day in zip(keys, since.tolist(), strict=True):
        if day > 0:
            found[key] = min(found.get(key, day), day)
    return found


def _doubtful(places: Places, findings: pd.DataFrame | None) -> Flags:
    """Places whose stock the data contradicts (phantom stock)."""
    flagged = np.zeros(len(places), dtype=np.bool_)
    if findings is None or findings.empty:
        return flagged
    index = places.index()
    rows = zip(
        texts(findings, "code"),
        optional_texts(findings, "sku"),
        optional_texts(findings, "location"),
        strict=True,
    )
    for code, sku, location in rows:
        key = (sku or "", location or "")
        if "phantom" in code and key in index:
            flagged[index[key]] = True
    return flagged


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
