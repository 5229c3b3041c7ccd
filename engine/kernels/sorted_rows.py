"""Means over many paths at once: sort every row once, then answer by looking up prefix sums."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_FAR = float(1 << 23)  # values and queries are cut to this size, so that rows do not mix


class SortedRows:
    """Samples [row, path], each with a weight; `of` below are means over paths.

    All rows lie behind one another on one sorted line, row r shifted by r times a wide span, so
    that a single binary search serves every row.
    """

    def __init__(self, values: Floats, weights: Floats | None = None) -> None:
        rows, self._paths = values.shape
        cut = np.clip(values, -_FAR, _FAR)
        every = np.arange(rows, dtype=np.int64)
        within = np.argsort(cut, axis=1, kind="stable")
        order: Ints = within + (every * self._paths)[:, None]
        ordered = cut.ravel()[order]
        weight = np.ones_like(ordered) if weights is None else weights.ravel()[order]
        self._line = (ordered + self._shift(every)[:, None]).ravel()
        self._weight = _prefix(weight)
        self._first = _prefix(weight * ordered)
        self._second = _prefix(weight * ordered**2)

    @staticmethod
    def _shift(rows: Ints) -> Floats:
        return rows.astype(np.float64) * (4.0 * _FAR)

    def _place(self, bounds: Floats, rows: Ints) -> Ints:
        """Index into the prefix sums: how many samples of the row lie below each bound."""
        shift = self._shift(rows)[:, None]
        below = np.searchsorted(self._line, np.clip(bounds, -_FAR, _FAR) + shift)
        # Each row has one prefix sum more than it has samples.
        return below + rows[:, None]

    def minimum(self, bounds: Floats, rows: Ints) -> Floats:
        """Mean of weight x min(bound, sample), bounds [row, bound] of the rows named."""
        place = self._place(bounds, rows)
        total = self._weight[self._end(rows)][:, None]
        return (self._first[place] + bounds * (total - self._weight[place])) / self._paths

    def excess(self, bounds: Floats, rows: Ints) -> Floats:
        """Mean of weight x (bound - sample)+."""
        place = self._place(bounds, rows)
        return (bounds * self._weight[place] - self._first[place]) / self._paths

    def squared_excess(self, bounds: Floats, rows: Ints) -> Floats:
        """Mean of weight x ((bound - sample)+)^2."""
        place = self._place(bounds, rows)
        square = bounds**2 * self._weight[place] - 2 * bounds * self._first[place]
        return np.maximum(square + self._second[place], 0.0) / self._paths

    def _end(self, rows: Ints) -> Ints:
        return (rows + 1) * (self._paths + 1) - 1


def _prefix(values: Floats) -> Floats:
    """Sums of the first 0, 1, 2, ... values of each row, rows one after another."""
    rows, paths = values.shape
    sums = np.zeros((rows, paths + 1))
    np.cumsum(values, axis=1, out=sums[:, 1:])
    return sums.ravel()
