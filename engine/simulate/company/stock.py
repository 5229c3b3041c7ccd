"""Evening stock of every day, and the hidden truth beside it."""

import numpy as np
import pandas as pd

from engine.simulate.company.catalogue import Catalogue
from engine.simulate.company.days import Days, coded, stream
from engine.simulate.company.demand import Wanted
from engine.simulate.company.flow import Flow
from engine.simulate.company.lines import GIFT_SETS
from engine.simulate.company.places import (
    CHANNEL_OF_SLOT,
    CHANNELS,
    LOCATIONS,
    SET_OUTLETS,
    SLOTS,
    WAREHOUSE,
    Series,
)
from engine.simulate.company.sales import sku_texts


def stock_table(
    seed: int, catalogue: Catalogue, series: Series, flow: Flow, days: Days
) -> pd.DataFrame:
    """Contract table `stock`: from the first day an item moves until an ended one is gone."""
    window = slice(days.history - 1, days.end + 1)  # with the opening stock of the history
    on_hand = flow.on_hand[window]
    moves = (on_hand > 0) | (flow.received[window] > 0) | flow.sold[window].any(axis=1)
    started = np.maximum.accumulate(moves, axis=0)
    day = np.arange(window.start, window.stop)
    ended = catalogue.lives.end[series.item][None, :] <= day[:, None]
    goes_on = np.maximum.accumulate(moves[::-1], axis=0)[::-1]
    at, row = np.nonzero(started & (~ended | goes_on))
    item = series.item[row]
    return pd.DataFrame(
        {
            "date": days.at(at + window.start),
            "sku": sku_texts(catalogue, item, at + window.start),
            "location": coded(series.location[row], LOCATIONS),
            "on_hand": on_hand[at, row].astype(np.int64),
            "reserved": _reserved(seed, on_hand, series)[at, row],
            "in_stock_fraction": flow.in_stock[window][at, row],
        }
    )


def _reserved(seed: int, on_hand: np.ndarray, series: Series) -> np.ndarray:
    """Picked for trade and click-and-collect customers who come tomorrow; warehouse only."""
    random = stream(seed, "reserved")
    picked = random.poisson(0.12, on_hand.shape) * random.integers(1, 4, on_hand.shape)
    return np.where(series.location[None, :] == WAREHOUSE, np.minimum(picked, on_hand), 0)


def truth_table(catalogue: Catalogue, series: Series, wanted: Wanted, days: Days) -> pd.DataFrame:
    """What customers wanted per day, sku, location and channel, sold or not; zeros left out.

    Hurried purchases before a stockout are not in it: they are not demand that recurs.
    """
    window = wanted.units[days.history : days.end + 1]
    day, slot, row = np.nonzero(window)
    sets = wanted.gift_sets[days.history : days.end + 1]
    set_day, gift, outlet = np.nonzero(sets)
    channel_of = np.array(
        [
            [
                CHANNELS.index(channels[slot]) if slot < len(channels) else -1
                for slot in range(SLOTS)
            ]
            for channels in CHANNEL_OF_SLOT
        ]
    )
    location = np.concatenate([series.location[row], np.array(SET_OUTLETS)[outlet]])
    slots = np.concatenate([slot, np.zeros(len(gift), np.int64)])
    item = np.concatenate([series.item[row], len(catalogue.skus) + gift])
    frame = pd.DataFrame(
        {
            "date": days.at(np.concatenate([day, set_day]) + days.history),
            "sku": coded(item, [*catalogue.skus, *(one.sku for one in GIFT_SETS)]),
            "location": coded(location, LOCATIONS),
            "channel": coded(channel_of[location, slots], CHANNELS),
            "units": np.concatenate([window[day, slot, row], sets[set_day, gift, outlet]]).astype(
                np.int64
            ),
        }
    )
    return frame.sort_values(["date", "sku", "location", "channel"], ignore_index=True)
