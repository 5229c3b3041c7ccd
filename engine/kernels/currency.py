"""Exchange rates in force on a day."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pandas as pd

from engine.errors import InvalidInput


def rates_on(fx_rates: pd.DataFrame, day: date, base: str) -> dict[str, Decimal]:
    """Base currency per unit of each currency, by the latest rate dated on or before `day`.

    A currency whose first rate lies later gets that first rate: it is the only evidence there is.
    A rate of zero is none: at it, everything would be free.
    """
    rates: dict[str, Decimal] = {base: Decimal(1)}
    if fx_rates.empty:
        return rates
    stated = fx_rates[fx_rates["rate"] > 0]
    for currency, rows in stated.sort_values("date").groupby("currency"):
        known = rows[rows["date"] <= pd.Timestamp(day)]
        chosen = known.iloc[-1] if len(known) else rows.iloc[0]
        rates[str(currency)] = Decimal(str(chosen["rate"]))
    rates[base] = Decimal(1)
    return rates


def rate_of(rates: Mapping[str, Decimal], currency: str) -> Decimal:
    """The rate, or an error that says where to put it."""
    if currency not in rates:
        raise InvalidInput(
            f"No exchange rate for {currency}; add a row to fx_rates (known: {', '.join(rates)})."
        )
    return rates[currency]
