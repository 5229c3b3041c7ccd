"""Several rows of one key made one: items read from an order file, for instance."""

from collections.abc import Mapping

import numpy as np

from engine.connect.columns import Index, Text, group_rows, sort_key
from engine.connect.mapping import ColumnRule

Picks = Mapping[str, ColumnRule]


def condensed(
    fields: Mapping[str, Text], key: tuple[str, ...], rules: Picks
) -> tuple[dict[str, Text], Index]:
    """One row per key, each column by its rule's pick; also the first row of each key."""
    given = [fields[name] for name in key if name in fields]
    groups, first = group_rows(given)
    columns: dict[str, Text] = {}
    for name, text in fields.items():
        pick = rules[name].pick if name in rules else "first"
        columns[name] = text.take(first) if name in key else _picked(text, groups, pick)
    return columns, first


def _picked(text: Text, groups: Index, pick: str) -> Text:
    """Of each group, one of its values; empty cells do not compete. Ties: the first by alphabet."""
    filled = np.flatnonzero(text.filled)
    codes, group = text.codes[filled].astype(np.int64), groups[filled]
    alphabet = sort_key(text)[filled]
    if pick == "most_frequent":
        pair = group * (len(text.distinct) + 1) + codes
        _, back, counts = np.unique(pair, return_inverse=True, return_counts=True)
        order = np.lexsort((alphabet, -counts[back], group))
    elif pick == "lowest":
        order = np.lexsort((_as_numbers(text)[codes], group))
    elif pick == "highest":
        order = np.lexsort((-_as_numbers(text)[codes], group))
    else:
        order = np.lexsort((filled if pick == "first" else -filled, group))
    best = np.full(int(groups.max(initial=-1)) + 1, -1, dtype=np.int32)
    sorted_groups = group[order]
    leads = np.append(True, sorted_groups[1:] != sorted_groups[:-1])[: len(sorted_groups)]
    best[sorted_groups[leads]] = codes[order][leads]
    return Text(codes=best, distinct=text.distinct)


def _as_numbers(text: Text) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Numbers by value; texts that are none (dates, names) by their alphabetical rank."""
    try:
        return np.asarray([float(value) for value in text.distinct])
    except ValueError:
        rank = np.empty(len(text.distinct))
        rank[np.argsort(np.asarray(text.distinct))] = np.arange(len(text.distinct))
        return rank
