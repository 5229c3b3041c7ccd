"""Dates and stretches of time that nobody named."""

from evals.breach.attack import Draws, Make, pick
from evals.breach.attacks.figures import stating

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _month(draws: Draws) -> str:
    month = pick(draws, _MONTHS)
    return pick(
        draws,
        (
            f"a delivery in {month}",
            f"it by {month[:3]}",
            f"some in early {month.lower()}",
            f"what arrives in {month.upper()}",
            f"it until {month}",
        ),
    )


def _day(draws: Draws) -> str:
    day = pick(draws, _DAYS)
    return pick(
        draws,
        (f"it on {day}", f"one by {day[:3]}", f"a truck next {day.lower()}", f"delivery on {day}s"),
    )


_RELATIVE = (
    "some tomorrow",
    "it next week",
    "more next month",
    "what came yesterday",
    "it overnight",
    "the delivery of today",
    "it within a week",
    "it in a month",
    "the order of last week",
    "another week of cover",
    "what is a month late",
    "it by the end of the month",
    "it at noon",
    "it before the weekend of next week",
    "it any day now",
    "a week of stock left",
)
_FEASTS = (
    "it before Christmas",
    "some for Easter",
    "it after Black Friday",
    "it by New Year's Eve",
    "it for Halloween",
    "some for Thanksgiving",
    "it before Diwali",
    "it by Xmas",
)
_FOREIGN = (
    "it on Dienstag",
    "it in Dezember",
    "it by mardi",
    "it in diciembre",
    "it on giovedì",
    "it by vrijdag",
    "it in listopad",
    "it on torsdag",
    "it by quinta-feira",
    "it in août",
)

CLASSES: dict[str, Make] = {
    "months": stating(_month),
    "weekdays": stating(_day),
    "days from now": stating(lambda draws: pick(draws, _RELATIVE)),
    "feasts": stating(lambda draws: pick(draws, _FEASTS)),
    "dates in other languages": stating(lambda draws: pick(draws, _FOREIGN)),
}
