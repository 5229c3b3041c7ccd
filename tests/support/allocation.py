"""Small allocation problems, and their best choice one by one."""

import itertools

import numpy as np
from hypothesis import strategies as st

from engine.replenish.allocate.problem import Cap, Containers, Minimum, Pools, Problem


def brute_force(case: Problem) -> float:
    spans = zip(case.first[:-1], case.first[1:], strict=True)
    choices = itertools.product(*(range(a, b) for a, b in spans))
    feasible = (np.asarray(c) for c in choices if case.is_feasible(np.asarray(c)))
    return max(case.worth(choice) for choice in feasible)


@st.composite
def small_problems(draw: st.DrawFn) -> Problem:
    """Up to five items with item minimums, price breaks, supplier minimums and two budgets."""
    count = draw(st.integers(1, 5))
    groups = draw(st.integers(1, 3))
    first, cost, value, units = [0], [0][:0], [0.0][:0], [0][:0]
    for _ in range(count):
        steps = draw(st.lists(st.floats(-9, 12), min_size=1, max_size=3))
        price, pack = draw(st.integers(1, 20)), draw(st.integers(1, 4))
        jump = draw(st.integers(0, 2)) * pack  # an item minimum
        quantities = [0, *(jump + pack * (n + 1) for n in range(len(steps)))]
        off = draw(st.sampled_from([1.0, 0.8]))  # the last quantity earns a break
        prices = [price] * len(steps) + [price * off]
        cost += [round(q * p) for q, p in zip(quantities, prices, strict=True)]
        value += [0.0, *np.cumsum(steps).tolist()]
        units += quantities
        first.append(len(cost))
    group = np.asarray(draw(st.lists(st.integers(0, groups - 1), min_size=count, max_size=count)))
    group[0] = groups - 1
    costs = np.asarray(cost, dtype=np.int64)
    value_least = draw(st.lists(st.sampled_from([0, 0, 15, 40]), min_size=groups, max_size=groups))
    units_least = draw(st.lists(st.sampled_from([0, 0, 0, 6]), min_size=groups, max_size=groups))
    narrow = np.asarray(draw(st.lists(st.booleans(), min_size=count, max_size=count)))
    caps = [
        Cap(scope="total", limit=draw(st.integers(0, 150)), member=np.ones(count, bool)),
        Cap(scope="category:x", limit=draw(st.integers(0, 80)), member=narrow),
    ]
    return Problem(
        first=np.asarray(first),
        cost=costs,
        value=np.asarray(value),
        group=group,
        caps=caps[: draw(st.integers(0, 2))],
        minimums=[
            Minimum(kind="value", weight=costs.astype(float), least=np.asarray(value_least, float)),
            Minimum(
                kind="units", weight=np.asarray(units, float), least=np.asarray(units_least, float)
            ),
        ],
    )


@st.composite
def coupled_problems(draw: st.DrawFn) -> Problem:
    """Up to four items: a budget, room, containers with fees and fill, a source and its target."""
    count, moving = draw(st.integers(2, 4)), draw(st.booleans())
    first, rows = [0], [(0, 0, 0.0, 0)][:0]
    for item in range(count):
        price, gains = draw(st.integers(1, 9)), draw(st.lists(st.floats(-5, 12), max_size=3))
        bought = [(0, 0.0), *((n + 1, g) for n, g in enumerate(np.cumsum(gains).tolist()))]
        moved = [0, 2] if moving and item < 2 else [0]
        for units, worth in bought:
            for amount in moved:
                # The first item gives what the second takes.
                loss = draw(st.floats(0, 4)) if amount else 0.0
                value = worth - loss if item == 0 else worth + 2 * loss
                sign = -1 if item == 0 else 1
                rows.append((units, units * price, value, sign * amount))
        first.append(len(rows))
    units, cost, value, draws = (np.asarray(each) for each in zip(*rows, strict=True))
    starts = np.asarray(first[:-1])
    value = value.astype(float)
    value[starts] = 0.0
    volume = units.astype(float)
    groups = draw(st.integers(1, 2))
    group = np.asarray([min(item, groups - 1) for item in range(count)])
    everything = np.ones(count, dtype=bool)
    room = draw(st.integers(0, 8))
    return Problem(
        first=np.asarray(first),
        cost=cost.astype(np.int64),
        value=value,
        group=group,
        caps=[
            Cap(scope="total", limit=draw(st.integers(0, 60)), member=everything),
            Cap(scope="room:A", limit=float(room), member=everything, weight=volume),
        ][: draw(st.integers(1, 2))],
        minimums=[
            Minimum(
                kind="value",
                weight=cost.astype(float),
                least=np.asarray([draw(st.sampled_from([0.0, 12.0])) for _ in range(groups)]),
            )
        ],
        idle=units == 0,
        containers=Containers(
            weight=volume,
            size=np.asarray([draw(st.sampled_from([0.0, 3.0])) for _ in range(groups)]),
            fee=np.asarray([draw(st.integers(0, 4)) for _ in range(groups)]),
            fill=np.asarray([draw(st.sampled_from([0.0, 0.9])) for _ in range(groups)]),
        ),
        pools=Pools(pool=np.where(draws != 0, 0, -1), draw=draws.astype(float), count=1)
        if moving
        else None,
    )
