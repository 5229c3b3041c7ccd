"""Demand that has run away from its forecast, as exceptions."""

import numpy as np

from engine.kernels.columns import reals
from engine.model.money import exponent
from engine.replenish.context import Context
from engine.replenish.notices import Notice


def drift_notices(context: Context) -> list[Notice]:
    """Series whose rolling-origin errors are an alarm (engine.forecast.tracking).

    At stake is what the miss was worth: margin of what sold above the forecast, cost of what was
    expected and did not sell.
    """
    series, places = context.forecast.series, context.places
    if "drift_units" not in series:
        return []
    names = ("drift_units", "drift_share", "tracking_signal")
    # A place that only supplies others has no series, and nothing to drift from.
    units, share, signal = (np.append(reals(series, name), 0.0)[places.row] for name in names)
    minor = 10 ** exponent(context.currency)
    margin = np.maximum(context.money.margin, 0.0)
    worth = np.where(units > 0, units * margin, -units * context.money.cost) * minor
    return [
        Notice(
            code="demand_drift",
            sku=places.sku[i],
            location=places.location[i],
            at_stake_minor=round(float(worth[i])),
            facts={
                "off_units": round(float(units[i]), 1),
                "off_share": round(float(share[i]), 3),
                "signal": round(float(signal[i]), 1),
            },
        )
        for i in np.flatnonzero((units != 0) & places.active)
    ]
