"""What goods cost by the time they are here: freight, duty and charges on top of their price."""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Amounts = TypeVar("Amounts", float, NDArray[np.float64])

# Incoterms 2020 (ICC): under these the seller pays the main carriage ...
SELLER_PAYS_FREIGHT = frozenset({"CFR", "CPT", "CIF", "CIP", "DAP", "DPU", "DDP"})
# ... under these the buyer does ...
BUYER_PAYS_FREIGHT = frozenset({"EXW", "FCA", "FAS", "FOB"})
# ... and only under this one not the import duty.
SELLER_PAYS_DUTY = frozenset({"DDP"})


@dataclass(frozen=True, kw_only=True)
class Landing:
    """Rates of what comes on top of the price; money is of the supplier's currency.

    Freight is `freight_share` of the goods' value and `freight_unit` per unit; duty is
    `duty_share` of goods and freight (the value at the border, as the WTO's customs valuation
    allows and the EU and the UK ask for); charges are `charges_share` of the goods' value.
    """

    freight_share: float = 0.0
    freight_unit: float = 0.0
    duty_share: float = 0.0
    charges_share: float = 0.0

    @property
    def per_goods(self) -> float:
        """Landed cost per money of goods, what counts by the unit aside."""
        return (1 + self.freight_share) * (1 + self.duty_share) + self.charges_share

    @property
    def per_unit(self) -> float:
        """Landed cost per unit on top of it, in the supplier's currency."""
        return self.freight_unit * (1 + self.duty_share)

    def freight(self, goods: Amounts, units: Amounts) -> Amounts:
        return goods * self.freight_share + units * self.freight_unit

    def cost(self, goods: Amounts, units: Amounts) -> Amounts:
        """Landed cost of `units` whose goods cost `goods`."""
        return goods * self.per_goods + units * self.per_unit


@dataclass(frozen=True, kw_only=True)
class Carriage:
    """What a supplier states of getting its goods here; 0 where it states nothing.

    What a container costs is not the cost of any unit in it: it is a cost of the order.
    """

    incoterm: str
    freight_share: float = 0.0
    freight_per_kg: float = 0.0
    freight_per_l: float = 0.0
    duty_share: float = 0.0
    charges_share: float = 0.0

    @property
    def pays_freight(self) -> bool:
        """Do we; for a code that is none of Incoterms 2020 what is stated counts."""
        return self.incoterm not in SELLER_PAYS_FREIGHT

    def landing(
        self, *, weight_kg: float, volume_l: float, unit_freight: float, duty_share: float | None
    ) -> Landing:
        """Of an item: `unit_freight` and `duty_share` are its own, on top of or instead of ours.

        An item without weight or volume bears no freight by weight or volume.
        """
        by_unit = unit_freight + self.freight_per_kg * weight_kg + self.freight_per_l * volume_l
        duty = self.duty_share if duty_share is None else duty_share
        return Landing(
            freight_share=self.freight_share if self.pays_freight else 0.0,
            freight_unit=by_unit if self.pays_freight else 0.0,
            duty_share=0.0 if self.incoterm in SELLER_PAYS_DUTY else duty,
            charges_share=self.charges_share,
        )


def credit_days(
    *, goods: float, landed: float, deposit_share: float, payment_days: float, lead_days: float
) -> float:
    """Days after receipt at which the landed cost is paid, on average; negative: before it.

    A deposit is paid with the order, `lead_days` before the receipt; the rest of the goods
    `payment_days` after it; freight, duty and charges with the receipt.
    """
    if landed <= 0:
        return 0.0
    days = (1 - deposit_share) * payment_days - deposit_share * lead_days
    return days * goods / landed
