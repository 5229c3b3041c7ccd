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
from engine.model.rules import Rules
from engine.model.snapshot import Snapshot
from engine.model.supply import LeadTimes
from engine.replenish.buying import Buying, at_each_rank, picked
from engine.replenish.chances import Chances, chances_of, joined
from engine.replenish.deliverers import never_delivered
from engine.replenish.draws import Strata, keys_of, strata
from engine.replenish.inflows import Inflows, inflows_to, promised_away
from engine.replenish.places import Places, places_of
from engine.replenish.terms import Terms, ranked_terms
from engine.replenish.worth import Economics
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
    buying: Buying = field(repr=False)  # from the suppliers chosen
    ranked: tuple[Buying, ...] = field(repr=False)  # from the preferred, the second, ...
    chances: Chances = field(repr=False)  # of all ranks
    inbound: Inbound = field(repr=False)
    inflows: Inflows = field(repr=False)  # orders put off counted as if they went out now
    expected: Inflows = field(repr=False)  # with the days they are put off to
    doubtful: Flags = field(repr=False)  # recorded stock may not be there
    available: Ints = field(repr=False)  # less what transfers under way take
    with_minimum: frozenset[str] = field(repr=False)  # suppliers with a minimum or a container
    strata: Strata = field(repr=False)
    keys: Ints = field(repr=False)
    currency: str
    today: int
    # (source, target) locations between which nothing is sent this time: not worth the journey.
    closed_routes: frozenset[tuple[str, str]] = frozenset()

    @property
    def terms(self) -> Terms:
        return self.buying.terms

    @property
    def money(self) -> Economics:
        return self.buying.money

    @property
    def batch(self) -> Ints:
        return self.buying.batch

    @property
    def buyer(self) -> Ints:
        """Row of `chances`; -1 where nothing can be bought."""
        return self.buying.buyer

    def to_appraise(self) -> "Context":
        """What the appraisal needs, small enough to be sent to other processes."""
        forecast = self.forecast
        none = np.zeros((0, 0, 0))
        names = forecast.series[["sku", "location"]]
        slim = replace(
            forecast, series=names, quantiles=none, drivers=none, promoted=None,
            pulses=forecast.pulses.iloc[:0], launches=forecast.launches.iloc[:0],
            channels=(), by_channel=none,
        )  # fmt: skip
        return replace(self, forecast=slim)

    @property
    def weekly_margin(self) -> Floats:
        """Gross margin expected in a week, mean over the horizon, [place]; base currency."""
        sold = self.places.row >= 0
        earned = np.zeros(len(sold))
        earned[sold] = self.forecast.mean[self.places.row[sold]].mean(axis=1)
        return earned * np.maximum(self.money.margin, 0.0) * 7 / self.forecast.bucket_days

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
    calendars = supplier_calendars(snapshot)
    draws = strata(config.paths, config.seed)
    coming = inbound(snapshot, lead_times, decisions, snapshot.as_of)
    waiting = as_if_sent_now(decisions)
    at_once = (
        coming if waiting is decisions else inbound(snapshot, lead_times, waiting, snapshot.as_of)
    )
    since = _own_orders(coming)
    shunned = never_delivered(snapshot, coming)
    ranked = ranked_terms(snapshot, places, config, snapshot.as_of, shunned)
    by_rank = [
        chances_of(places, terms, lead_times, calendars, config, today, since) for terms in ranked
    ]
    chances = joined(by_rank)
    expected = inflows_to(places, coming, decisions, draws, today)
    buying = at_each_rank(places, ranked, by_rank, config)
    context = Context(
        forecast=forecast,
        config=config,
        rules=rules,
        places=places,
        buying=buying[0],
        ranked=buying,
        chances=chances,
        inbound=coming,
        inflows=(
            expected if at_once is coming else inflows_to(places, at_once, decisions, draws, today)
        ),
        expected=expected,
        doubtful=_doubtful(places, findings),
        available=places.available - promised_away(places, decisions),
        with_minimum=_with_minimum(snapshot),
        strata=draws,
        keys=keys_of(list(zip(places.sku, places.location, strict=True))),
        currency=snapshot.company.base_currency,
        today=today,
    )
    minor = 10 ** exponent(context.currency)
    return replace(context, rules=rules.for_margin(float(context.weekly_margin.sum()) * minor))


def from_chosen(context: Context, rank: Ints) -> Context:
    """The context in which each place buys from its supplier of this rank, [place]."""
    return replace(context, buying=picked(context.ranked, rank))


def _own_orders(coming: Inbound) -> dict[tuple[str, str], int]:
    """The day of the first order of our own, by (sku, location), whoever it went to.

    Another supplier's next order day is no reason to order this cycle's need from it once more.
    """
    lines = coming.lines
    since = whole(lines, "since") if len(lines) else np.zeros(0, dtype=np.int64)
    keys = zip(texts(lines, "sku"), texts(lines, "location"), strict=True)
    found: dict[tuple[str, str], int] = {}
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
    asked = ("minimum_value_micros", "minimum_units", "minimum_volume_l", "container_volume_l")
    limits = np.stack([np.nan_to_num(reals(suppliers, name)) for name in asked])
    some = limits.max(axis=0, initial=0.0) > 0
    return frozenset(np.asarray(texts(suppliers, "supplier"), dtype=object)[some])
