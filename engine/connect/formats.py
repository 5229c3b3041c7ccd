"""Texts with a form of their own: currencies, zones, price breaks, order days, periods."""

import re
from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

from engine.connect.parse_numbers import micros, plain_number, whole

Tidied = tuple[str | None, str | None]  # the value as stored, or why there is none
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LAST_DAY_OF_MONTH = 31


def one_of(choices: Sequence[str]) -> Callable[[str], Tidied]:
    """One of a fixed set, in any case and with spaces or hyphens for underscores."""
    known = {choice.replace("_", ""): choice for choice in choices}

    def tidy(value: str) -> Tidied:
        found = known.get(re.sub(r"[\s_\-]", "", value.lower()))
        return (found, None) if found else (None, f"is none of {', '.join(choices)}")

    return tidy


def currency(value: str) -> Tidied:
    code = value.upper()
    if re.fullmatch(r"[A-Z]{3}", code):
        return code, None
    return None, "is no ISO 4217 currency such as GBP"


def country(value: str) -> Tidied:
    code = value.upper()
    if re.fullmatch(r"[A-Z]{2}(-[A-Z0-9]{1,3})?", code):
        return code, None
    return None, "is no ISO 3166 code such as GB"


def time_zone(value: str) -> Tidied:
    try:
        return ZoneInfo(value).key, None
    except (KeyError, ValueError, OSError):
        return None, "is no IANA time zone such as Europe/London"


def parts(value: str) -> Tidied:
    """A list: parts between bars, without spaces around them."""
    kept = [part.strip() for part in value.split("|") if part.strip()]
    return "|".join(kept) or None, None


def order_days(value: str) -> Tidied:
    days = [part for part in re.split(r"[|,;/\s]+", value.lower()) if part]
    for day in days:
        number = whole(day) if day.isdigit() else None
        if day not in _WEEKDAYS and not (number and 1 <= number <= _LAST_DAY_OF_MONTH):
            return None, f"{day!r} is neither mon..sun nor a day of the month 1..31"
    return "|".join(days) or None, None


def tiers(value: str) -> Tidied:
    """Price breaks as units:price, units rising."""
    read: list[tuple[int, str]] = []
    for part in (part.strip() for part in value.split("|") if part.strip()):
        units, _, price = part.partition(":")
        count, cost = plain_number(units, "."), plain_number(price, ".")
        number = whole(count) if count else None
        if number is None or number < 1 or cost is None or micros(cost) < 0:
            return None, f"{part!r} is no price break such as 100:11.80"
        read.append((number, cost))
    if [units for units, _ in read] != sorted({units for units, _ in read}):
        return None, "price breaks must rise in units, as in 100:11.80|500:10.90"
    return "|".join(f"{units}:{price}" for units, price in read) or None, None


def period(value: str) -> Tidied:
    if re.fullmatch(r"\d{4}-(W(0[1-9]|[1-4]\d|5[0-3])|0[1-9]|1[0-2])", value):
        return value, None
    return None, "is neither a week such as 2026-W48 nor a month such as 2026-11"


def scope(value: str) -> Tidied:
    if value == "total" or re.fullmatch(r"(category|supplier):.+", value):
        return value, None
    return None, "is none of total, category:PATH, supplier:CODE"


def gtin(value: str) -> Tidied:
    from biip import ParseError
    from biip.gtin import Gtin

    try:
        Gtin.parse(value)
    except ParseError:
        return None, "is no GTIN-8, -12, -13 or -14 with a right check digit"
    return value, None


# By table and column; "" stands for every table.
FORMATS: dict[tuple[str, str], Callable[[str], Tidied]] = {
    ("", "currency"): currency,
    ("", "country"): country,
    ("", "time_zone"): time_zone,
    ("", "tiers"): tiers,
    ("", "order_days"): order_days,
    ("", "substitutes"): parts,
    ("", "gtin"): gtin,
    ("locations", "channels"): parts,
    ("budgets", "period"): period,
    ("budgets", "scope"): scope,
}
