"""Transfers as journeys between locations: which pay, and what is shown of them."""

from collections import defaultdict
from collections.abc import Iterable

import numpy as np
import pandas as pd

from engine.model.money import MICROS, exponent
from engine.model.plan import TRANSFERS
from engine.replenish.context import Context
from engine.replenish.transfers import Move

Route = tuple[str, str]  # from location, to location


def route_of(context: Context, move: Move) -> Route:
    return context.places.location[move.source], context.places.location[move.target]


def routes_not_worth_it(context: Context, moves: Iterable[Move]) -> frozenset[Route]:
    """Routes on which everything moved is worth less than the journey costs."""
    fixed = context.config.transfer_fixed_micros / MICROS
    worth: defaultdict[Route, float] = defaultdict(float)
    for move in moves:
        worth[route_of(context, move)] += move.value
    return frozenset(route for route, value in worth.items() if value <= fixed and fixed > 0)


def uses(context: Context, moves: Iterable[Move], routes: frozenset[Route]) -> bool:
    return any(route_of(context, move) in routes for move in moves)


def transfer_frame(context: Context, moves: list[Move]) -> pd.DataFrame:
    """Transfers worth moving for, columns TRANSFERS, the most valuable first.

    Cost and value bear the item's share of its journey, by value.
    """
    places, scale = context.places, float(10 ** exponent(context.currency))
    shares = _journey_shares(context, moves)
    rows = [
        {
            "sku": places.sku[move.source],
            "from_location": places.location[move.source],
            "to_location": places.location[move.target],
            "units": move.units,
            "cost_minor": round(move.units * context.transfer_cost * scale) + share,
            "value_minor": round(move.value * scale) - share,
            "arrives_days": context.config.transfer_days,
            "reason": _reason(context, move),
        }
        for move, share in zip(moves, shares, strict=True)
    ]
    rows.sort(key=lambda row: (-int(row["value_minor"]), str(row["sku"]), str(row["to_location"])))
    stock = dict(zip(zip(places.sku, places.location, strict=True), context.available, strict=True))
    for row in rows:  # a source that gives twice has less left for the second
        source = (str(row["sku"]), str(row["from_location"]))
        stock[source] -= int(row["units"])
        row["source_left_units"] = int(stock[source])
    return pd.DataFrame(rows, columns=list(TRANSFERS))


def _journey_shares(context: Context, moves: list[Move]) -> list[int]:
    """What each move bears of its journey's cost, minor units; a journey's shares add up to it."""
    fixed = context.config.transfer_fixed_micros / MICROS * 10 ** exponent(context.currency)
    by_route: defaultdict[Route, list[int]] = defaultdict(list)
    for i, move in enumerate(moves):
        by_route[route_of(context, move)].append(i)
    shares = np.zeros(len(moves), dtype=np.int64)
    for rows in by_route.values():
        worth = np.cumsum([moves[i].value for i in rows])
        upto = np.rint(worth / max(float(worth[-1]), 1e-12) * round(fixed))
        shares[rows] = np.diff(upto, prepend=0.0).astype(np.int64)
    return [int(each) for each in shares]


def _reason(context: Context, move: Move) -> str:
    if context.places.source[move.target] == move.source:
        return "It is supplied from there and would run short before the next transfer."
    return "One location would run short while the other has more than it will need."
