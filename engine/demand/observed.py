"""Net units sold per series and bucket, with what was netted, renamed and exploded on the way."""

from dataclasses import dataclass

import numpy as np

from engine.demand.arrays import Bools, Floats, Ints, sum_into
from engine.demand.axes import SeriesAxis, TimeAxis
from engine.demand.findings import Correction, correction
from engine.demand.kept import Kept
from engine.demand.ledger import Ledger
from engine.demand.netting import carry_back
from engine.model.panel import CorrectionKind


@dataclass(frozen=True, kw_only=True)
class Observed:
    units: Floats  # [series, bucket], never negative
    first_sale: Ints  # [series] day of the first sale, the as-of date where there is none
    corrections: tuple[Correction, ...]
    uncovered: Floats  # [series] returned units that no recorded sale covers


def observe(
    ledger: Ledger, from_set: Bools, series: SeriesAxis, time: TimeAxis, kept: Kept
) -> Observed:
    """The matrix of net units, and each change from what was written under the item's own name."""
    row, bucket = series.rows(ledger.place), time.bucket_of(ledger.day)
    cells = np.where(row >= 0, row * time.buckets + bucket, -1)
    units, shape = sum_into, (len(series), time.buckets)
    written = (ledger.units > 0) & ~from_set & ~ledger.renamed
    sold = (ledger.units > 0) & ~ledger.test
    running = units(shape, np.where(written, cells, -1), ledger.recorded)
    corrections: list[Correction] = []
    for kind, touched, amount in _steps(ledger, written, sold, from_set):
        rows = touched & ~_stays(kept.of(kind), cells)
        if rows.any():
            after = running + units(shape, np.where(rows, cells, -1), amount)
            corrections.append(correction(kind, running, after, after != running))
            running = after
    back = np.where(ledger.reversal & ~_stays(kept.of("return"), cells), cells, -1)
    net, uncovered = carry_back(running + units(shape, back, ledger.units))
    corrections.append(correction("return", running, net, net != running))
    return Observed(
        units=net,
        first_sale=_first_sale(ledger, row, sold, time, len(series)),
        corrections=tuple(corrections),
        uncovered=uncovered,
    )


def _steps(
    ledger: Ledger, written: Bools, sold: Bools, from_set: Bools
) -> tuple[tuple[CorrectionKind, Bools, Floats], ...]:
    """In order: the kind of correction, the rows it concerns and the units it adds for each."""
    return (
        ("unit change", written & sold, ledger.units - ledger.recorded),
        ("test order", written & ledger.test, -ledger.recorded),
        ("rename", sold & ledger.renamed & ~from_set, ledger.units),
        ("bundle", sold & from_set, ledger.units),
    )


def _stays(kept: Bools | None, cells: Ints) -> Bools:
    """[ledger row] falls into a cell that stays as it was recorded."""
    if kept is None:
        return np.zeros(len(cells), dtype=np.bool_)
    return np.append(kept.ravel(), np.False_)[cells]


def _first_sale(ledger: Ledger, row: Ints, sold: Bools, time: TimeAxis, series: int) -> Ints:
    first = np.full(series, time.end, dtype=np.int64)
    rows = sold & (row >= 0)
    np.minimum.at(first, row[rows], ledger.day[rows])
    return first
