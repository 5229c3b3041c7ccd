"""What suppliers state: their terms, and what they ask for each item."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.kernels.columns import optional_texts, reals, texts, whole
from engine.model.money import MICROS
from engine.model.snapshot import Snapshot
from engine.replenish.landed import Carriage

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A row of supplier_items; money of the supplier's currency."""

    supplier: str
    cost_micros: int | None = None
    tiers: str | None = None
    tier_kind: str | None = None
    case_pack: int = 1
    minimum_units: int = 1
    unit_freight: float = 0.0
    duty_share: float | None = None  # None: the supplier's
    rank: int = 1


@dataclass(frozen=True, kw_only=True)
class Seller:
    """A row of suppliers; what an unknown one is taken for by default."""

    currency: str | None = None
    payment_days: int = 0
    deposit_share: float = 0.0
    carriage: Carriage = field(default_factory=lambda: Carriage(incoterm="DAP"))


def listings_of(snapshot: Snapshot) -> dict[str, list[Listing]]:
    """By sku, the preferred supplier first: lower rank, then lower code."""
    rows = snapshot["supplier_items"].sort_values(["sku", "rank", "supplier"], kind="stable")
    cost, duty = reals(rows, "unit_cost_micros"), reals(rows, "duty_percent")
    freight = np.nan_to_num(reals(rows, "freight_per_unit_micros")) / MICROS
    found: dict[str, list[Listing]] = {}
    for row in zip(
        texts(rows, "sku"), texts(rows, "supplier"), cost, optional_texts(rows, "tiers"),
        optional_texts(rows, "tier_kind"), whole(rows, "case_pack", 1),
        whole(rows, "minimum_units", 1), freight, duty, whole(rows, "rank", 1), strict=True,
    ):  # fmt: skip
        sku, supplier, each, tiers, kind, pack, minimum, freight_unit, percent, rank = row
        found.setdefault(sku, []).append(
            Listing(
                supplier=supplier,
                cost_micros=None if np.isnan(each) or each <= 0 else int(each),
                tiers=tiers,
                tier_kind=kind,
                case_pack=max(int(pack), 1),
                minimum_units=max(int(minimum), 1),
                unit_freight=float(freight_unit),
                duty_share=None if np.isnan(percent) else float(percent) / 100,
                rank=int(rank),
            )
        )
    return found


def sellers_of(snapshot: Snapshot) -> dict[str, Seller]:
    """By supplier."""
    rows = snapshot["suppliers"]
    columns = zip(
        texts(rows, "supplier"), optional_texts(rows, "currency"), whole(rows, "payment_days"),
        optional_texts(rows, "incoterm"), _shares(rows, "deposit_percent").clip(max=1.0),
        _shares(rows, "freight_percent"), _money(rows, "freight_per_kg_micros"),
        _money(rows, "freight_per_l_micros"), _shares(rows, "duty_percent"),
        _shares(rows, "charges_percent"), strict=True,
    )  # fmt: skip
    return {
        supplier: Seller(
            currency=currency,
            payment_days=max(int(days), 0),
            deposit_share=float(deposit),
            carriage=Carriage(
                incoterm=(incoterm or "DAP").upper(),
                freight_share=float(freight),
                freight_per_kg=float(per_kg),
                freight_per_l=float(per_l),
                duty_share=float(duty),
                charges_share=float(charges),
            ),
        )
        for supplier, currency, days, incoterm, deposit, freight, per_kg, per_l, duty, charges
        in columns
    }  # fmt: skip


def _shares(rows: pd.DataFrame, name: str) -> Floats:
    """A percentage as a share; 0 where there is none."""
    return np.nan_to_num(reals(rows, name)) / 100


def _money(rows: pd.DataFrame, name: str) -> Floats:
    return np.nan_to_num(reals(rows, name)) / MICROS
