"""Contract tables `items` and `bundles`."""

import numpy as np
import pandas as pd

from engine.simulate.company.catalogue import Catalogue, substitutes
from engine.simulate.company.days import Days
from engine.simulate.company.lines import GIFT_SETS
from engine.simulate.company.lives import LONG_AGO


def item_table(catalogue: Catalogue, days: Days) -> pd.DataFrame:
    """Contract table `items`, with the gift sets at the end."""
    others = substitutes(catalogue)
    skus = np.array(catalogue.skus, dtype=object)
    rows = pd.DataFrame(
        {
            "sku": skus,
            "name": list(catalogue.names),
            "category": catalogue.categories(),
            "parent": [f"{line.prefix}-{c + 1:02d}" for line, c in
                       zip(catalogue.lines, catalogue.collection, strict=True)],
            "attributes": [f"look={line.looks[look][1]}" for line, look in
                           zip(catalogue.lines, catalogue.look, strict=True)],
            "status": _status(catalogue, days),
            "launch_date": days.at(np.maximum(catalogue.lives.launch, LONG_AGO)),
            "unit_cost": catalogue.cost,
            "price": catalogue.price,
            "currency": "GBP",
            "volume_l": [line.litres for line in catalogue.lines],
            "weight_kg": [line.kg for line in catalogue.lines],
            "shelf_life_days": pd.array(
                [line.shelf_life_days for line in catalogue.lines], dtype="Int64"
            ),
            "substitutes": ["|".join(skus[places]) or None for places in others],
            "successor": list(catalogue.lives.successor),
            "renamed_from": list(catalogue.lives.old_sku),
        }
    )  # fmt: skip
    return pd.concat([rows, _gift_rows(catalogue, days)], ignore_index=True)


def _status(catalogue: Catalogue, days: Days) -> list[str]:
    planned, ended = catalogue.lives.launch > days.end, catalogue.lives.end <= days.end
    return list(np.where(planned, "planned", np.where(ended, "discontinued", "active")))


def _gift_rows(catalogue: Catalogue, days: Days) -> pd.DataFrame:
    cost = dict(zip(catalogue.skus, catalogue.cost, strict=True))
    return pd.DataFrame(
        {
            "sku": [gift.sku for gift in GIFT_SETS],
            "name": [gift.name for gift in GIFT_SETS],
            "category": "Gifts & Seasonal/Gift Sets",
            "status": "active",
            "launch_date": days.at(np.full(len(GIFT_SETS), LONG_AGO)),
            "unit_cost": [
                round(sum(cost[part] * units for part, units in gift.components), 2)
                for gift in GIFT_SETS
            ],
            "price": [gift.price for gift in GIFT_SETS],
            "currency": "GBP",
        }
    )


def bundle_table() -> pd.DataFrame:
    """Contract table `bundles`."""
    rows = [(gift.sku, part, units) for gift in GIFT_SETS for part, units in gift.components]
    return pd.DataFrame(rows, columns=["bundle_sku", "component_sku", "quantity"])
