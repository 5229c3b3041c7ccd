"""Make an allocation instance: options of every item, then what couples them."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from evals.allocation.demand import Items, draw_items, gross_value, purchase_cost
from evals.allocation.instance import Instance

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

FINE, LEVELS = 12, 24  # every number of packs up to FINE, then further apart
ARCS, SOURCES = 3_000, 2_000  # transfers, and the items that give
CONTAINERS = 50  # suppliers that ship in them
MOVES = (0.0, 0.25, 0.5, 0.75, 1.0)  # shares of what a source may give


def base_instance(items: int, suppliers: int, seed: int, share: float = 0.5) -> Instance:
    """Packs, item minimums, supplier minimums and tiers; budget `share` of unconstrained spend."""
    random = np.random.default_rng([seed, items, suppliers])
    drawn = draw_items(items, random)
    return _instance(drawn, _suppliers(items, suppliers, random), random, share)


def coupled_instance(items: int, suppliers: int, seed: int, share: float = 0.5) -> Instance:
    """The same kind with capped volume, containers and transfers (fewer of each if small)."""
    random = np.random.default_rng([seed, items, suppliers])
    drawn = draw_items(items, random)
    source, target = _arcs(items, random)
    drawn = _same_product(drawn, source, target)
    made = _instance(drawn, _suppliers(items, suppliers, random), random, share)
    moved = _with_transfers(made, drawn, source, target, random)
    return _with_containers(moved, random)


def _suppliers(items: int, suppliers: int, random: np.random.Generator) -> Ints:
    """Supplier [item]: sizes differ, and nobody goes without an item where there are enough."""
    weight = random.lognormal(0.0, 0.5, suppliers)
    chosen = random.choice(suppliers, items, p=weight / weight.sum())
    chosen[: min(items, suppliers)] = np.arange(suppliers)[: min(items, suppliers)]
    return chosen.astype(np.int64)


def _instance(items: Items, supplier: Ints, random: np.random.Generator, share: float) -> Instance:
    row, units = _levels(items)
    cost = purchase_cost(items, row, units)
    value = gross_value(items, row, units.astype(np.float64)) - cost
    count = np.bincount(row, minlength=len(items.mean))
    suppliers = int(supplier.max()) + 1
    made = Instance(
        first=np.concatenate([[0], np.cumsum(count)]).astype(np.int64),
        units=units,
        cost=cost,
        value=value,
        volume=units * items.volume[row],
        supplier=supplier,
        minimum=np.zeros(suppliers),
        budget=0,
        freight=np.zeros(len(row), dtype=np.int64),
        pool=np.full(len(row), -1),
        draw=np.zeros(len(row)),
        pools=0,
        size=np.zeros(suppliers),
        fee=np.zeros(suppliers, dtype=np.int64),
        fill=np.zeros(suppliers),
        volume_cap=np.inf,
    )
    spend = made.spend(made.unconstrained())
    minimum = np.floor(spend * random.uniform(0.5, 1.5, suppliers))
    return replace(made, minimum=minimum, budget=int(share * spend.sum()))


def _levels(items: Items) -> tuple[Ints, Ints]:
    """(item, units) of all options.

    Nothing, then packs from the item's minimum to well beyond what can be needed, every number of
    them at first and then further apart.
    """
    beyond = 1.5 * items.mean + 4.0 * _spread(items) - items.stock
    most = np.ceil(np.maximum(beyond, 0.0) / items.pack) + 2
    growth = np.maximum((most / FINE) ** (1.0 / (LEVELS - FINE)), 1.0)
    ladder = np.arange(LEVELS)
    coarse = np.ceil(FINE * growth[:, None] ** np.maximum(ladder - FINE + 1, 0)[None, :])
    packs = np.where(ladder < FINE, ladder + 1.0, coarse)
    packs = packs + items.least[:, None] / items.pack[:, None] - 1
    at_break = np.where(items.break_at >= items.least, items.break_at, items.least)
    packs = np.column_stack([packs, at_break / items.pack]).round()
    wanted = packs <= np.maximum(most, items.least / items.pack + 2)[:, None]
    units = np.sort(np.where(wanted, packs, 0.0) * items.pack[:, None], axis=1)
    units = np.column_stack([np.zeros(len(units)), units]).astype(np.int64)
    new = np.column_stack([np.ones(len(units), dtype=bool), np.diff(units, axis=1) > 0])
    return np.nonzero(new)[0].astype(np.int64), units[new]


def _spread(items: Items) -> Floats:
    """Standard deviation of demand [item]."""
    return np.sqrt(items.mean + np.where(np.isinf(items.size), 0.0, items.mean**2 / items.size))


def _arcs(items: int, random: np.random.Generator) -> tuple[Ints, Ints]:
    """(source, target) items, each target with one source."""
    arcs = min(ARCS, items // 6)
    sources = max(arcs * SOURCES // ARCS, 1)
    picked = random.permutation(items)[: arcs + sources].astype(np.int64)
    return picked[:sources][np.arange(arcs) % sources], picked[sources:]


def _same_product(items: Items, source: Ints, target: Ints) -> Items:
    """Source and target are one product at two places; the source has more than it needs."""
    cost, margin, holding = items.cost.copy(), items.margin.copy(), items.holding.copy()
    for each in (cost, margin, holding):
        each[target] = each[source]
    stock, volume = items.stock.copy(), items.volume.copy()
    volume[target] = volume[source]
    stock[source] = np.ceil(items.mean[source] * 2.5)
    stock[target] = np.floor(stock[target] * 0.3)
    return replace(items, cost=cost, margin=margin, holding=holding, stock=stock, volume=volume)


def _with_transfers(
    made: Instance, items: Items, source: Ints, target: Ints, random: np.random.Generator
) -> Instance:
    """Each option of a source with every amount given, of a target with every amount taken.

    A source keeps its mean demand and a standard deviation. Freight is cash and off the
    value: so much per arc used and a share of the product's cost per unit.
    """
    spare = np.floor(np.maximum(items.stock - items.mean - _spread(items), 0.0))
    pool_of = np.full(len(items.mean), -1)
    pool_of[source] = np.unique(source, return_inverse=True)[1]
    pool_of[target] = pool_of[source]
    side = np.zeros(len(items.mean))
    side[source], side[target] = -1.0, 1.0
    most = np.zeros(len(items.mean))
    most[source], most[target] = spare[source], spare[source]
    freight = items.cost * random.uniform(0.01, 0.1, len(items.mean))
    fixed = np.rint(random.uniform(200, 2000, len(items.mean)))
    row = made.owner
    levels = np.rint(np.outer(most, MOVES))
    kept = np.column_stack([np.ones(len(levels), bool), np.diff(levels, axis=1) > 0])
    times = kept.sum(axis=1)[row]
    option = np.repeat(np.arange(len(row)), times)
    place = np.arange(len(option)) - np.repeat(np.cumsum(times) - times, times)
    mine = row[option]
    moved = levels[mine, place] * side[mine]
    paid = np.where(moved > 0, np.rint(freight[mine] * moved + fixed[mine]), 0.0)
    gross = gross_value(items, mine, made.units[option] + moved)
    worth = gross - made.cost[option] - items.cost[mine] * moved - paid
    return replace(
        made,
        first=np.concatenate([[0], np.cumsum(np.bincount(mine))]).astype(np.int64),
        units=made.units[option],
        cost=made.cost[option] + paid.astype(np.int64),
        value=np.where((moved == 0) & (made.units[option] == 0), 0.0, worth),
        volume=made.volume[option],
        freight=paid.astype(np.int64),
        pool=np.where(moved != 0, pool_of[mine], -1),
        draw=moved,
        pools=int(pool_of.max()) + 1,
    )


def _with_containers(made: Instance, random: np.random.Generator) -> Instance:
    """Containers for some suppliers, a quarter to a half of what they would ship.

    Volume is capped at 80 % of what the budget's share of everything wanted would take.
    """
    choice = made.unconstrained()
    volume = np.bincount(made.supplier, weights=made.volume[choice], minlength=len(made.minimum))
    spend = made.spend(choice)
    suppliers = len(made.minimum)
    with_them = random.permutation(suppliers)[: min(CONTAINERS, suppliers // 4)]
    size, fill = np.zeros(suppliers), np.zeros(suppliers)
    fee = np.zeros(suppliers, dtype=np.int64)
    size[with_them] = volume[with_them] * random.uniform(0.25, 0.5, len(with_them))
    fee[with_them] = np.rint(spend[with_them] * size[with_them] / volume[with_them] * 0.03)
    fill[with_them] = random.uniform(0.7, 0.95, len(with_them))
    share = made.budget / spend.sum()
    return replace(
        made, size=size, fee=fee, fill=fill, volume_cap=float(0.8 * share * volume.sum())
    )
