"""What a set is made of, down to single items."""

from collections.abc import Mapping

import pandas as pd

from engine.kernels.columns import texts, whole

DEEPEST = 10  # sets within sets; more is a mistake in the data
Recipe = Mapping[str, int]  # component -> units of it in one set


def recipes(bundles: pd.DataFrame) -> dict[str, Recipe]:
    """Components of every set of the contract table `bundles`, sets inside sets resolved.

    A set that contains itself is made of nothing that could be promised; it is left out, so that it
    counts as an item of its own, as its sales do (engine.demand.bundles).
    """
    direct: dict[str, dict[str, int]] = {}
    for bundle, part, quantity in zip(
        texts(bundles, "bundle_sku"), texts(bundles, "component_sku"),
        whole(bundles, "quantity").tolist(), strict=True,
    ):  # fmt: skip
        inside = direct.setdefault(bundle, {})
        inside[part] = inside.get(part, 0) + quantity
    opened = {bundle: _opened({bundle: 1}, direct, DEEPEST) for bundle in sorted(direct)}
    return {bundle: parts for bundle, parts in opened.items() if parts}


def _opened(parts: Recipe, direct: Mapping[str, Recipe], depth: int) -> Recipe:
    """The single items in `parts`; empty where it does not end."""
    if not any(part in direct for part in parts):
        return dict(sorted(parts.items()))
    if depth == 0:
        return {}
    inner: dict[str, int] = {}
    for part, units in parts.items():
        for name, each in direct.get(part, {part: 1}).items():
            inner[name] = inner.get(name, 0) + units * each
    return _opened(inner, direct, depth - 1)
