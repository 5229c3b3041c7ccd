"""Which holidays and custom events concern which series: by country, location and category.

Series for which exactly the same ones count form a zone, so that what is on is worked out once per
zone and not once per series.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from engine.demand.arrays import Bools, Ints, texts
from engine.model.snapshot import Snapshot

SCOPE = ["country", "category", "location"]


@dataclass(frozen=True, kw_only=True)
class Zones:
    """`events` are the usable rows of the table `holidays`, by date and name."""

    events: pd.DataFrame
    zone: Ints  # [series]
    concerned: Bools  # [zone, event]


def event_zones(snapshot: Snapshot, series: pd.DataFrame) -> Zones:
    """Zones of `series`, of which location and category are read.

    An event holds where each of its country, category and location is empty or fits; a category
    holds for all below it. A location without a country has the company's.
    """
    if snapshot["holidays"].empty:
        return _nowhere(snapshot["holidays"].reindex(columns=["date", "name", *SCOPE]), series)
    events = snapshot["holidays"].dropna(subset=["date", "name"])
    # Snapshots stored before events had a scope lack its columns.
    events = events.reindex(columns=["date", "name", *SCOPE])
    events = events.sort_values(["date", "name"], kind="stable").reset_index(drop=True)
    stated = events[SCOPE].fillna("").astype(str)
    code = stated.groupby(SCOPE, sort=True).ngroup().to_numpy(dtype=np.int64)
    scopes = stated.drop_duplicates().sort_values(SCOPE, kind="stable")
    if scopes.empty:
        return _nowhere(events, series)
    fits = _fits(scopes, snapshot, series)
    signatures, zone = np.unique(fits, axis=0, return_inverse=True)
    return Zones(
        events=events, zone=zone.reshape(-1).astype(np.int64), concerned=signatures[:, code]
    )


def _nowhere(events: pd.DataFrame, series: pd.DataFrame) -> Zones:
    """No event at all."""
    return Zones(
        events=events,
        zone=np.zeros(len(series), dtype=np.int64),
        concerned=np.zeros((min(len(series), 1), 0), dtype=np.bool_),
    )


def _fits(scopes: pd.DataFrame, snapshot: Snapshot, series: pd.DataFrame) -> Bools:
    """[series, scope] does the scope hold for the series?"""
    places = snapshot["locations"].drop_duplicates("location").set_index("location")["country"]
    location = series["location"].astype(str)
    country = location.map(places).fillna("").astype(str)
    country = texts(country.where(country != "", snapshot.company.country))
    below = series["category"].fillna("").astype(str) + "/"
    fits = np.ones((len(series), len(scopes)), dtype=np.bool_)
    for number, (land, category, place) in enumerate(scopes.itertuples(index=False, name=None)):
        if land:
            fits[:, number] &= country == land
        if category:
            fits[:, number] &= below.str.startswith(f"{category}/").to_numpy(dtype=np.bool_)
        if place:
            fits[:, number] &= (location == place).to_numpy(dtype=np.bool_)
    return fits
