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
from engine.replenish.listings import sellers_of
from engine.replenish.places import Places
from engine.replenish.terms import Terms

TOTAL = "total"
_STATED = (
    "minimum_value_micros", "minimum_units", "minimum_volume_l", "container_volume_l",
    "container_cost_micros", "container_fill_percent",
)  # fmt: skip


def group_frame(terms: Terms, places: Places, snapshot: Snapshot) -> pd.DataFrame:
    """Orders that could be placed, a supplier's to one ship-to, with what it asks of each.

    Columns GROUPS, sorted by supplier and location. Amounts are base currency; a minimum value is
    rounded up to the minor unit. A container's freight is ours only under terms that say so.
    """
    used = sorted(
        {
            (offer.supplier, at)
            for offer, at in zip(terms.offers, places.location, strict=True)
            if offer is not None
        }
    )
    suppliers = [supplier for supplier, _ in used]
    rows, base = snapshot["suppliers"], snapshot.company.base_currency
    at = {supplier: i for i, supplier in enumerate(texts(rows, "supplier"))}
    place = np.asarray([at.get(each, -1) for each in suppliers], dtype=np.int64)
    stated = [*optional_texts(rows, "currency"), None]
    currencies = [stated[int(i)] or base for i in place]
    rates = rates_on(snapshot["fx_rates"], snapshot.as_of, base)
    rate = np.asarray([float(rates.get(each, Decimal(1))) for each in currencies])
    minor = rate * 10 ** exponent(base) / MICROS
    asked = {name: np.append(np.nan_to_num(reals(rows, name)), 0.0)[place] for name in _STATED}
    sellers = sellers_of(snapshot)
    ours = [each in sellers and sellers[each].carriage.pays_freight for each in suppliers]
    frame = pd.DataFrame(
        {
            "supplier": pd.Series(suppliers, dtype=object),
            "location": pd.Series([location for _, location in used], dtype=object),
            "currency": pd.Series(currencies, dtype=object),
            "minimum_minor": np.ceil(asked["minimum_value_micros"] * minor - 1e-6),
            "minimum_units": asked["minimum_units"],
            "minimum_volume_l": asked["minimum_volume_l"],
            "container_volume_l": asked["container_volume_l"],
            "container_cost_minor": np.where(ours, asked["container_cost_micros"] * minor, 0.0),
            "container_fill": np.clip(asked["container_fill_percent"] / 100, 0.0, 1.0),
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
