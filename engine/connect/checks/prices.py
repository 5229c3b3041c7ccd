"""List prices that cannot be meant."""

import numpy as np

from engine.connect.checks.view import View
from engine.model.counting import counted
from engine.model.finding import Finding


def zero_prices(view: View) -> list[Finding]:
    """A list price of nothing says that the price is unknown, not that the item is given away."""
    if "prices" not in view.given:
        return []
    price = view.numbers("prices", "price")
    free = price.valid & (price.cells.astype(np.int64) <= 0)
    if not free.any():
        return []
    return [
        Finding(
            code="zero_prices",
            severity="warning",
            table="prices",
            rows=int(free.sum()),
            message=f"{counted(int(free.sum()), 'list price is', 'list prices are')} zero.",
            done="Kept; forecasts go on with the price before it.",
            examples=view.tables["prices"].places(free),
        )
    ]
