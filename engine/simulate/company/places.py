"""Where the demo merchant holds stock and sells, and which items stand where."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from engine.simulate.company.catalogue import Catalogue
from engine.simulate.company.days import Floats, Ints, stream

WAREHOUSE, LEEDS, LONDON = 0, 1, 2
LOCATIONS = ("WAKEFIELD", "LEEDS", "LONDON")
# Each location sells through up to three channels; the slot is the axis of the arrays of demand.
SLOTS = 3
CHANNEL_OF_SLOT = (("web", "marketplace", "wholesale"), ("store",), ("store",))
SET_OUTLETS = (WAREHOUSE, LEEDS, LONDON)  # where gift sets are packed: web and both shops
CHANNELS = ("web", "marketplace", "store", "wholesale")
# Share of an item's units by location and slot, before what is not offered there is left out.
WEB_SHARE, MARKET_SHARE, WHOLESALE_SHARE, LEEDS_SHARE, LONDON_SHARE = 0.40, 0.16, 0.20, 0.14, 0.22


@dataclass(frozen=True, kw_only=True)
class Series:
    """SKU x location pairs that hold stock, sorted by (sku, location); arrays are aligned."""

    item: Ints  # position in the catalogue
    location: Ints
    share: Floats = field(repr=False)  # [series, slot]: of the item's units

    @property
    def count(self) -> int:
        return len(self.item)

    def find(self, item: int, location: int) -> int | None:
        places = np.flatnonzero((self.item == item) & (self.location == location))
        return int(places[0]) if len(places) else None


def build_series(seed: int, catalogue: Catalogue) -> Series:
    """Which item stands where: the warehouse has all, the stores most, not the bulky ones."""
    random = stream(seed, "places")
    count = len(catalogue.skus)
    bulky = np.array([line.litres > 100 for line in catalogue.lines])
    trade = np.array([line.wholesale for line in catalogue.lines])
    on_market = random.random(count) < 0.65
    # A shop does not take in a case that would last it for half a year.
    sells = 0.12 * catalogue.daily_units * 150 >= catalogue.pack
    in_leeds = (random.random(count) < 0.95) & ~bulky & sells
    in_london = (random.random(count) < 0.88) & ~bulky & sells
    for place, sku in enumerate(catalogue.skus):
        if sku.startswith("LAMP-"):
            in_leeds[place] = in_london[place] = on_market[place] = True
    warehouse = np.stack(
        [np.full(count, WEB_SHARE), MARKET_SHARE * on_market, WHOLESALE_SHARE * trade], axis=1
    )
    shares = np.zeros((count, len(LOCATIONS), SLOTS))
    shares[:, WAREHOUSE] = warehouse
    shares[:, LEEDS, 0] = LEEDS_SHARE * in_leeds
    shares[:, LONDON, 0] = LONDON_SHARE * in_london
    shares *= random.lognormal(0.0, 0.25, shares.shape)
    shares /= shares.sum(axis=(1, 2), keepdims=True)
    held = np.stack([np.ones(count, dtype=bool), in_leeds, in_london], axis=1)
    # Locations are put in the order of their names, as the frames of the contract are sorted.
    by_name = np.argsort(np.array(LOCATIONS))
    item, position = np.nonzero(held[:, by_name])
    location = by_name[position]
    return Series(item=item, location=location, share=shares[item, location])


def location_table() -> pd.DataFrame:
    """Contract table `locations`."""
    return pd.DataFrame(
        {
            "location": LOCATIONS,
            "name": ("Wakefield warehouse", "Leeds store", "London store"),
            "kind": ("warehouse", "store", "store"),
            "time_zone": "Europe/London",
            "country": "GB",
            "capacity_volume_l": (900_000.0, 110_000.0, 130_000.0),
            "channels": ("web|marketplace|wholesale", "store", "store"),
        }
    )


def channel_table() -> pd.DataFrame:
    """Contract table `channels`."""
    return pd.DataFrame({"channel": CHANNELS, "kind": CHANNELS})
