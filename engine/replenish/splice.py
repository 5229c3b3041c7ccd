"""Candidates in which some items were weighed anew."""

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.kernels.columns import optional_texts, texts, whole
from engine.replenish.candidates import Candidates

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


def spliced(base: Candidates, part: Candidates, skus: frozenset[str]) -> Candidates:
    """`base` with everything about `skus` taken from `part`, which holds nothing else.

    What is known of the company as a whole (budgets, room, thresholds) stays as it was.
    """
    kept = np.asarray([sku not in skus for sku in texts(base.items, "sku")], dtype=np.bool_)
    groups = _groups(base.groups, part.groups)
    items = pd.concat(
        [_regrouped(base.items[kept], base.groups, groups),
         _regrouped(part.items, part.groups, groups)],
        ignore_index=True,
    )  # fmt: skip
    order = items.sort_values(["sku", "location"], kind="stable").index.to_numpy()
    options = [*_options(base, np.flatnonzero(kept)), *_options(part, np.arange(len(part.items)))]
    rows = [options[int(i)] for i in order]
    count = np.asarray([len(units) for units, _, _ in rows], dtype=np.int64)
    return replace(
        base,
        items=items.iloc[order].reset_index(drop=True),
        groups=groups,
        transfers=_transfers(base.transfers, part.transfers, skus),
        notices=_notices(base.notices, part.notices, skus),
        first=np.concatenate([[0], np.cumsum(count)]).astype(np.int64),
        units=np.concatenate([units for units, _, _ in rows]),
        cost_minor=np.concatenate([cost for _, cost, _ in rows]),
        value=np.concatenate([value for _, _, value in rows]),
    )


def _options(candidates: Candidates, items: Ints) -> list[tuple[Ints, Ints, NDArray[np.float64]]]:
    spans = [slice(int(candidates.first[i]), int(candidates.first[i + 1])) for i in items]
    return [
        (candidates.units[span], candidates.cost_minor[span], candidates.value[span])
        for span in spans
    ]


def _groups(base: pd.DataFrame, part: pd.DataFrame) -> pd.DataFrame:
    """Every order that could be placed, as `part` knows it where both do; sorted."""
    both = pd.concat([part, base], ignore_index=True)
    once = both.drop_duplicates(["supplier", "location"])
    return once.sort_values(["supplier", "location"], ignore_index=True)


def _regrouped(items: pd.DataFrame, before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """The same items with their rows of `after` for their rows of `before`."""
    at = {key: i for i, key in enumerate(_keys(after))}
    known = np.asarray([at[key] for key in _keys(before)], dtype=np.int64)
    return items.assign(group=known[whole(items, "group")] if len(items) else whole(items, "group"))


def _keys(groups: pd.DataFrame) -> list[tuple[str, str]]:
    return list(zip(texts(groups, "supplier"), texts(groups, "location"), strict=True))


def _transfers(base: pd.DataFrame, part: pd.DataFrame, skus: frozenset[str]) -> pd.DataFrame:
    both = _joined(base[~base["sku"].isin(skus)], part)
    by = ["value_minor", "sku", "to_location"]
    return both.sort_values(by, ascending=[False, True, True], kind="stable", ignore_index=True)


def _notices(base: pd.DataFrame, part: pd.DataFrame, skus: frozenset[str]) -> pd.DataFrame:
    """Of the items alone: what is said of suppliers and places as a whole stays."""
    both = _joined(base[~_about(base, skus)], part[_about(part, skus)])
    by = ["at_stake_minor", "key"]
    return both.sort_values(by, ascending=[False, True], kind="stable", ignore_index=True)


def _about(notices: pd.DataFrame, skus: frozenset[str]) -> Flags:
    return np.asarray([sku in skus for sku in optional_texts(notices, "sku")], dtype=np.bool_)


def _joined(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    parts = [each for each in (first, second) if len(each)]
    return pd.concat(parts, ignore_index=True) if parts else first.reset_index(drop=True)
