"""At whose terms each place buys, and what a unit is worth at them."""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from engine.model.config import PlanConfig
from engine.replenish.chances import Chances
from engine.replenish.places import Places
from engine.replenish.terms import Terms
from engine.replenish.worth import Economics, economics

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Buying:
    """At whose terms each place buys. Arrays [place]."""

    terms: Terms = field(repr=False)
    money: Economics = field(repr=False)
    batch: Ints = field(repr=False)  # the least that can be ordered, in whole packs
    listed: Ints = field(repr=False)  # row of `chances`; -1 where there is no offer
    buyer: Ints = field(repr=False)  # the same; -1 also where no order can be placed


def at_each_rank(
    places: Places, ranked: list[Terms], by_rank: list[Chances], config: PlanConfig
) -> tuple[Buying, ...]:
    """From the preferred suppliers, from the second ones, and so on.

    `by_rank` are the chances to order from each.
    """
    found: list[Buying] = []
    before = 0  # rows of the joined chances that belong to the ranks before
    for terms, chances in zip(ranked, by_rank, strict=True):
        listed = np.full(len(places), -1, dtype=np.int64)
        listed[chances.place] = before + np.arange(len(chances.place))
        buyer = listed.copy()
        buyer[chances.place[chances.order_on < 0]] = -1
        batch = _batches(terms)
        lead = np.zeros(len(places))
        lead[chances.place] = chances.lead_days()
        money = _money(places, terms, batch, lead, config)
        found.append(Buying(terms=terms, money=money, batch=batch, listed=listed, buyer=buyer))
        before += len(chances.place)
    return tuple(found)


def picked(ranked: tuple[Buying, ...], rank: Ints) -> Buying:
    """Each place at its own rank, [place]."""
    rows = np.flatnonzero(rank)
    if not len(rows):
        return ranked[0]
    offers = ranked[0].terms.offers.copy()
    for row in rows:
        offers[int(row)] = ranked[int(rank[row])].terms.offers[int(row)]

    def one(arrays: list[Ints]) -> Ints:
        own = arrays[0].copy()
        own[rows] = np.stack([each[rows] for each in arrays])[rank[rows], np.arange(len(rows))]
        return own

    return Buying(
        terms=replace(ranked[0].terms, offers=offers),
        money=Economics.picked([each.money for each in ranked], rank),
        batch=one([each.batch for each in ranked]),
        listed=one([each.listed for each in ranked]),
        buyer=one([each.buyer for each in ranked]),
    )


def _batches(terms: Terms) -> Ints:
    """The item minimum, rounded up to whole packs; 1 where nothing is bought."""
    return np.asarray(
        [
            1 if offer is None else -(-offer.minimum_units // offer.case_pack) * offer.case_pack
            for offer in terms.offers
        ],
        dtype=np.int64,
    )


def _money(
    places: Places, terms: Terms, batch: Ints, lead_days: Floats, config: PlanConfig
) -> Economics:
    """Unit economics at the undiscounted landed cost; a supplied place has its source's."""
    offered = [np.nan if offer is None else offer.base_cost() for offer in terms.offers]
    cost = np.asarray(offered, dtype=np.float64)
    for _ in range(3):  # a chain of supply is not longer
        cost = np.where(np.isnan(cost) & (places.source >= 0), cost[places.source], cost)
    cost = np.where(np.isnan(cost), places.unit_cost, cost)
    cost = np.where(np.isnan(cost), places.price * (1 - config.default_margin), cost)
    payment = [
        0.0 if offer is None else offer.credit_days(lead)
        for offer, lead in zip(terms.offers, lead_days.tolist(), strict=True)
    ]
    return economics(
        price=places.price,
        cost=cost,
        payment_days=np.asarray(payment, dtype=np.float64),
        shelf_life_days=places.shelf_life_days,
        batch=batch.astype(np.float64),
        config=config,
    )
