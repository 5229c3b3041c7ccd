"""The holidays that fall into buckets past and future."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from engine.demand.arrays import Bools, Ints, day_numbers
from engine.demand.axes import bucket_at
from engine.model.snapshot import Snapshot


@dataclass(frozen=True, kw_only=True)
class HolidayGrid:
    """`present[zone, bucket, holiday]`: the holiday falls into the bucket, where `zone` is."""

    names: tuple[str, ...]
    present: Bools
    zone: Ints  # [series]

    def between(self, first: int, last: int) -> "HolidayGrid":
        return replace(self, present=self.present[:, first:last])

    def none(self) -> "HolidayGrid":
        """The same buckets, all of them ordinary."""
        return replace(self, present=np.zeros_like(self.present))


def holiday_grid(snapshot: Snapshot, locations: "pd.Series[str]", edges: Ints) -> HolidayGrid:
    """Holidays by name and country in the buckets between these days (`axes.day_edges`).

    A location without a country has the company's.
    """
    places = snapshot["locations"].drop_duplicates("location").set_index("location")["country"]
    home = snapshot.company.country
    country = locations.map(places).fillna("").astype(str)
    country = country.where(country != "", home)
    zone, countries = pd.factorize(country, sort=True)
    holidays = snapshot["holidays"]
    holidays = holidays[holidays["date"].notna() & holidays["name"].notna()]
    code, names = pd.factorize(holidays["name"].astype(str), sort=True)
    buckets = len(edges) - 1
    present = np.zeros((len(countries), buckets, len(names)), dtype=np.bool_)
    bucket = bucket_at(edges, day_numbers(holidays["date"]))
    inside = (bucket >= 0) & (bucket < buckets)
    valid = holidays["country"].fillna("").astype(str).to_numpy(dtype=object)
    for index, place in enumerate(countries):
        here = inside & ((valid == "") | (valid == str(place)))
        present[index, bucket[here], code[here]] = True
    return HolidayGrid(
        names=tuple(str(name) for name in names), present=present, zone=zone.astype(np.int64)
    )
