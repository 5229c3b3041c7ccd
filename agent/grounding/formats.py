"""A fact as a reader of a locale writes it. The only place where a figure becomes text."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from babel.dates import format_date, format_interval
from babel.numbers import format_currency, format_decimal, format_percent

from engine.model.money import MICROS, Money, exponent
from tools.facts import Fact

# An estimate above this many whole currency units is shown without pence.
WHOLE_FROM = 100
NOUNS = {
    "units": ("unit", "units"),
    "packs": ("pack", "packs"),
    "days": ("day", "days"),
    "weeks": ("week", "weeks"),
}


def shown(fact: Fact, locale: str, *, in_table: bool = False) -> str:
    """The fact's text; a table's header names the unit, so a cell leaves the noun out."""
    write = _WRITERS.get(fact.kind)
    if write is not None:
        return write(fact, locale)
    figure = _number(fact.value, locale)
    if in_table or fact.kind not in NOUNS:
        return figure
    singular, plural = NOUNS[fact.kind]
    return f"{figure} {singular if figure in ('1', '-1') else plural}"


def _number(value: object, locale: str) -> str:
    """Whole numbers as they are; others with one decimal, or none from a hundred on."""
    number = Decimal(str(value))
    pattern = (
        "#,##0"
        if number == number.to_integral_value() or abs(number) >= WHOLE_FROM
        else ("#,##0.0")
    )
    return format_decimal(number, pattern, locale=locale)


def _money(fact: Fact, locale: str) -> str:
    currency = fact.currency or ""
    amount = Money(minor=int(fact.value), currency=currency).decimal()  # type: ignore[arg-type]  a fact of money holds a number
    whole = amount == amount.to_integral_value()
    rounded = fact.is_estimate and abs(amount) >= WHOLE_FROM
    digits = 0 if whole or rounded else exponent(currency)
    pattern = "¤#,##0" + ("." + "0" * digits if digits else "")
    return format_currency(amount, currency, pattern, locale=locale, currency_digits=False)


def _unit_price(fact: Fact, locale: str) -> str:
    """At least the currency's own digits, at most six."""
    currency = fact.currency or ""
    price = Decimal(int(fact.value)) / MICROS  # type: ignore[arg-type]  a fact of money holds a number
    least = exponent(currency)
    pattern = "¤#,##0." + "0" * least + "#" * (6 - least)
    return format_currency(price, currency, pattern, locale=locale, currency_digits=False)


def _percent(fact: Fact, locale: str) -> str:
    share = Decimal(str(fact.value))
    tenths = share * 1000 != (share * 1000).to_integral_value() or share * 100 % 1 != 0
    return format_percent(share, "0.0%" if tenths else "0%", locale=locale)


def _ratio(fact: Fact, locale: str) -> str:
    return format_decimal(Decimal(str(fact.value)), "#,##0.00", locale=locale)


def _day(value: object) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def _date(fact: Fact, locale: str) -> str:
    return format_date(_day(fact.value), "d MMM y", locale=locale)


def _date_range(fact: Fact, locale: str) -> str:
    first, _, last = str(fact.value).partition("/")
    return format_interval(_day(first), _day(last), "yMMMd", locale=locale)


def _text(fact: Fact, _locale: str) -> str:
    return str(fact.value)


_WRITERS: dict[str, Callable[[Fact, str], str]] = {
    "money": _money,
    "unit_price": _unit_price,
    "percent": _percent,
    "ratio": _ratio,
    "date": _date,
    "date_range": _date_range,
    "name": _text,
    "status": _text,
    "sentence": _text,
}
