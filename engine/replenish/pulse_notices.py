"""Demand that has jumped or collapsed, and the money that rides on whether it is real."""

from engine.kernels.columns import reals, texts, whole
from engine.model.money import exponent
from engine.replenish.context import Context
from engine.replenish.notice import Notice


def pulse_notices(context: Context) -> list[Notice]:
    """One per open pulse of the forecast.

    At stake are the units by which it moves the next four weeks: of a rise their margin, which is
    lost if it is real and not bought for; of a fall their cost, which lies idle if it is.
    """
    pulses, index, minor = (
        context.forecast.pulses,
        context.places.index(),
        exponent(context.currency),
    )
    rows = zip(
        texts(pulses, "sku"), texts(pulses, "location"), whole(pulses, "direction"),
        reals(pulses, "size"), reals(pulses, "noise"), reals(pulses, "units"),
        pulses["began"], texts(pulses, "cause"), strict=True,
    )  # fmt: skip
    found: list[Notice] = []
    for sku, location, direction, size, noise, units, began, cause in rows:
        place = index[(sku, location)]
        money = context.money.margin if direction > 0 else context.money.cost
        stake = abs(float(units)) * max(float(money[place]), 0.0)
        found.append(
            Notice(
                code="demand_pulse", sku=sku, location=location,
                at_stake_minor=round(stake * 10**minor),
                facts={
                    "direction": "up" if direction > 0 else "down",
                    "percent_of_usual": round(100 * float(size)),
                    "percent_chance_of_noise": round(100 * float(noise)),
                    "days_so_far": context.today - began.toordinal(),
                    "first_day": began.date().isoformat(),
                    "moved_units": round(float(units), 1),
                    "cause": cause,
                },
            )
        )  # fmt: skip
    return found
