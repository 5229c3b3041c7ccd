"""Items that began to be recorded in another unit: singles before, cases after."""

import numpy as np
import pandas as pd

from engine.connect.checks.view import EXAMPLES, View, only, shown_day
from engine.model.counting import counted
from engine.model.finding import Finding

_FACTOR = 3.5  # packs of four and more; price rises and promotions stay below
_LEAST_LINES = 6  # on either side of the change
_LEAST_MONTHS = 2  # as well
_MONTH = 28


def unit_changes(view: View) -> list[Finding]:
    """A price per unit that jumps for good while the units per line jump the other way.

    Compares 4-week medians: every later price is at least 3.5 times every earlier one (or the
    reverse), and the units per line fall (rise) by at least half that factor.
    """
    changes = _changes(_months(view))
    if changes.empty:
        return []
    sku = view.sales.sku
    shown = [
        f"{sku.distinct[int(code)]} from {shown_day(month * _MONTH)}: price of one unit "
        f"{before:,.2f} before, {after:,.2f} after"
        for code, month, before, after in changes.head(EXAMPLES)[
            ["sku", "month", "before", "after"]
        ].itertuples(index=False)
    ]
    return [
        Finding(
            code="unit_change",
            severity="warning",
            table="sales",
            rows=len(changes),
            message=f"{counted(len(changes), 'item seems', 'items seem')} "
            "to be recorded in another unit from some day on.",
            done="Kept as recorded; scale one side with `multiply` in the mapping.",
            examples=tuple(shown),
        )
    ]


def _months(view: View) -> pd.DataFrame:
    """Median unit price, median units per line and lines, by SKU and 4-week block."""
    sales = view.sales
    chosen = sales.is_demand & ~np.isnan(sales.unit_price) & (sales.unit_price > 0)
    lines = pd.DataFrame(
        {
            "sku": sales.sku.codes[chosen],
            "month": sales.day[chosen] // _MONTH,
            "price": sales.unit_price[chosen],
            "units": sales.units[chosen],
        }
    )
    return lines.groupby(["sku", "month"], as_index=False).agg(
        price=("price", "median"), units=("units", "median"), lines=("price", "size")
    )


def _changes(months: pd.DataFrame) -> pd.DataFrame:
    """The first month after a lasting jump, one row per SKU."""
    by_sku = months.groupby("sku")
    backwards = months.iloc[::-1].groupby("sku")
    before_high = by_sku["price"].cummax().groupby(months["sku"]).shift(1)
    before_low = by_sku["price"].cummin().groupby(months["sku"]).shift(1)
    after_low = backwards["price"].cummin().sort_index()
    after_high = backwards["price"].cummax().sort_index()
    lines_before = by_sku["lines"].cumsum() - months["lines"]
    lines_after = backwards["lines"].cumsum().sort_index()
    months_before = by_sku.cumcount()
    months_after = backwards.cumcount().sort_index() + 1
    units_before = (by_sku["units"].cumsum() - months["units"]) / months_before
    fewer = months["units"] * _FACTOR / 2 <= units_before
    more = months["units"] >= units_before * _FACTOR / 2
    up = (after_low >= _FACTOR * before_high) & fewer
    down = (before_low >= _FACTOR * after_high) & more
    enough = (lines_before >= _LEAST_LINES) & (lines_after >= _LEAST_LINES)
    enough &= (months_before >= _LEAST_MONTHS) & (months_after >= _LEAST_MONTHS)
    found = months.assign(before=by_sku["price"].shift(1), after=months["price"])
    return only(found, (up | down) & enough).drop_duplicates("sku")
