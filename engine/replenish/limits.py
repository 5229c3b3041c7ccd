"""What suppliers and budgets ask of a plan as a whole."""

from decimal import Decimal

import numpy as np
import pandas as pd

from engine.kernels.columns import optional_texts, reals, texts, whole
from engine.kernels.currency import rates_on
from engine.model.decisions import Decisions
from engine.model.money import MICROS, exponent
from engine.model.snapshot import Snapshot
from engine.replenish.candidates import CAPS, GROUPS
from engine.replenish.terms import Terms

TOTAL = "total"


def group_frame(terms: Terms, snapshot: Snapshot) -> pd.DataFrame:
    """Suppliers that anything could be bought from, with their minimums in base currency.

    Columns GROUPS, sorted by supplier. A minimum value is rounded up to the minor unit.
    """
    used = sorted({offer.supplier for offer in terms.offers if offer is not None})
    rows, base = snapshot["suppliers"], snapshot.company.base_currency
    at = {supplier: i for i, supplier in enumerate(texts(rows, "supplier"))}
    place = np.asarray([at.get(each, -1) for each in used], dtype=np.int64)
    stated = [*optional_texts(rows, "currency"), None]
    currencies = [stated[int(i)] or base for i in place]
    rates = rates_on(snapshot["fx_rates"], snapshot.as_of, base)
    rate = np.asarray([float(rates.get(each, Decimal(1))) for each in currencies])
    limits = {
        name: np.append(np.nan_to_num(reals(rows, name)), 0.0)[place]
        for name in ("minimum_value_micros", "minimum_units", "minimum_volume_l")
    }
    value = limits["minimum_value_micros"] / MICROS * rate * 10 ** exponent(base)
    frame = pd.DataFrame(
        {
            "supplier": pd.Series(used, dtype=object),
            "currency": pd.Series(currencies, dtype=object),
            "minimum_minor": np.ceil(value - 1e-6),
            "minimum_units": limits["minimum_units"],
            "minimum_volume_l": limits["minimum_volume_l"],
        }
    )
    return frame[list(GROUPS)]


def cap_frame(decisions: Decisions) -> pd.DataFrame:
    """What is left of the category and supplier budgets in force, columns CAPS.

    Where both a week's and a month's budget hold, the tighter does. The total budget is an
    argument of the decision.
    """
    budgets = decisions.budgets
    rows = zip(
        texts(budgets, "scope"),
        whole(budgets, "cap_minor") - whole(budgets, "committed_minor"),
        strict=True,
    )
    left: dict[str, int] = {}
    for scope, minor in rows:
        if scope != TOTAL:
            left[scope] = min(left.get(scope, int(minor)), int(minor))
    frame = pd.DataFrame(
        {
            "scope": pd.Series(sorted(left), dtype=object),
            "cap_minor": pd.Series([max(left[s], 0) for s in sorted(left)], dtype=np.int64),
        }
    )
    return frame[list(CAPS)]
