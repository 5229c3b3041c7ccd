"""Recorded sales as typed columns: who, where, when, how many, and what kind of row."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.demand.arrays import Bools, Floats, Ints, Texts, day_numbers, floats, texts
from engine.demand.catalogue import Catalogue
from engine.demand.findings import Finding
from engine.model.snapshot import Snapshot

EPOCH = date(1970, 1, 1)
Codes = NDArray[np.signedinteger[Any]]  # what pandas codes categories with


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """One entry per usable sales row, in the order of the source.

    `sku` and `location` are positions in the catalogue and in `locations`; `day` counts from
    1970-01-01; `units` are today's units (never records), negative for what came back.
    """

    locations: tuple[str, ...]
    sku: Ints
    location: Ints
    day: Ints
    units: Floats
    recorded: Floats  # as the source wrote them, before units_per_record
    renamed: Bools  # written under an earlier name
    test: Bools
    order: Texts
    channel: Ints  # position in `channels`, -1 where none is named
    channels: tuple[str, ...]  # through which anything was sold, sorted
    wholesale: Bools  # sold through a wholesale channel

    def __len__(self) -> int:
        return len(self.day)

    @property
    def place(self) -> Ints:
        """SKU and location as one number, ordered by (sku, location)."""
        return self.sku * len(self.locations) + self.location

    @property
    def reversal(self) -> Bools:
        """Rows that take a sale back: returns and cancellations."""
        return (self.units < 0) & ~self.test

    def where(self, keep: Bools | Ints) -> "Ledger":
        return replace(
            self,
            sku=self.sku[keep],
            location=self.location[keep],
            day=self.day[keep],
            units=self.units[keep],
            recorded=self.recorded[keep],
            renamed=self.renamed[keep],
            test=self.test[keep],
            order=self.order[keep],
            channel=self.channel[keep],
            wholesale=self.wholesale[keep],
        )


def read_ledger(
    snapshot: Snapshot, catalogue: Catalogue, locations: tuple[str, ...]
) -> tuple[Ledger, tuple[Finding, ...]]:
    """Sales of the snapshot as entries. Adjustments are stock corrections, not demand."""
    sales = snapshot["sales"]
    kind = texts(sales["kind"])
    back = (kind == "return") | (kind == "cancellation")
    names = pd.Categorical(sales["sku"])
    recorded = np.nan_to_num(floats(sales["units"]))
    recorded = np.where(back, -np.abs(recorded), recorded)
    written = [str(name) for name in names.categories]
    codes = catalogue.codes(written)
    earlier = catalogue.renamed(written)
    factor = _take(catalogue.factors(written), names.codes, 1).astype(np.float64)
    sku = _take(codes, names.codes, -1)
    place = pd.Categorical(sales["location"], categories=list(locations))
    channel, channels = _channels(sales["channel"])
    day = day_numbers(sales["date"])
    whole = Ledger(
        locations=locations,
        sku=sku,
        location=place.codes.astype(np.int64),
        day=day,
        units=recorded * factor,
        recorded=recorded,
        renamed=_take(earlier, names.codes, 0) > 0,
        test=kind == "test",
        order=texts(sales["order_id"]),
        channel=channel,
        channels=channels,
        wholesale=_wholesale(snapshot),
    )
    usable = (sku >= 0) & (whole.location >= 0) & (day < day_number(snapshot.as_of))
    usable &= (day >= day_number(snapshot.first_day)) & (kind != "adjustment")
    return whole.where(usable), _left_out(recorded, kind == "adjustment", usable)


def _wholesale(snapshot: Snapshot) -> Bools:
    """[sales row] sold through a channel that the channels table calls wholesale."""
    channels = snapshot["channels"]
    bulk = channels.loc[channels["kind"] == "wholesale", "channel"].astype(str)
    named = pd.Categorical(snapshot["sales"]["channel"])
    known = np.isin(np.asarray(named.categories, dtype=object), list(bulk))
    return np.append(known, np.False_)[named.codes]


def _channels(column: "pd.Series[Any]") -> tuple[Ints, tuple[str, ...]]:
    """Codes by name in sorted order, whatever the order of the categories in the snapshot."""
    coded = pd.Categorical(column).remove_unused_categories()
    names = tuple(sorted(str(name) for name in coded.categories))
    position = {name: index for index, name in enumerate(names)}
    order = np.array([position[str(name)] for name in coded.categories], dtype=np.int64)
    return _take(order, coded.codes, -1), names


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - EPOCH).days


def _take(
    values: Ints, codes: "np.ndarray[tuple[int], np.dtype[np.integer]]", missing: int
) -> Ints:
    """values[code], `missing` where the code is -1."""
    return np.append(values, missing).astype(np.int64)[codes]


def _left_out(recorded: Floats, adjustment: Bools, usable: Bools) -> tuple[Finding, ...]:
    findings: list[Finding] = []
    if adjustment.any():
        message = "Stock adjustments recorded as sales are left out of demand."
        units = float(recorded[adjustment].sum())
        findings.append(Finding(code="adjustments-left-out", message=message, units=units))
    outside = ~usable & ~adjustment
    if outside.any():
        message = "Sales outside the period or without a known item are left out of demand."
        units = float(recorded[outside].sum())
        findings.append(Finding(code="sales-left-out", message=message, units=units))
    return tuple(findings)
