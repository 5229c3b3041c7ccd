"""What suppliers say their lead times are."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engine.kernels.columns import reals, texts
from engine.model.snapshot import Snapshot


@dataclass(frozen=True, kw_only=True)
class StatedTimes:
    """Days from order to receipt as stated, of suppliers and of single items of theirs."""

    by_supplier: dict[str, float] = field(default_factory=dict[str, float])
    by_item: dict[tuple[str, str], float] = field(default_factory=dict[tuple[str, str], float])

    def of(self, supplier: str, sku: str) -> float:
        """The item's own statement, else its supplier's, else NaN."""
        return self.by_item.get((supplier, sku), self.by_supplier.get(supplier, np.nan))

    def of_suppliers(self, suppliers: Sequence[str]) -> NDArray[np.float64]:
        return np.asarray([self.by_supplier.get(each, np.nan) for each in suppliers], dtype=float)

    @property
    def longest(self) -> float:
        return max([0.0, *self.by_supplier.values(), *self.by_item.values()])


def stated_times(snapshot: Snapshot) -> StatedTimes:
    suppliers, items = snapshot["suppliers"], snapshot["supplier_items"]
    whole = zip(texts(suppliers, "supplier"), reals(suppliers, "lead_time_days"), strict=True)
    own = zip(
        texts(items, "supplier"), texts(items, "sku"), reals(items, "lead_time_days"), strict=True
    )
    return StatedTimes(
        by_supplier={supplier: float(days) for supplier, days in whole if not np.isnan(days)},
        by_item={(supplier, sku): float(days) for supplier, sku, days in own if not np.isnan(days)},
    )
