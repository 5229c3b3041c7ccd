"""Texts with a form of their own."""

import pytest

from engine.connect.columns import Numbers, text_of
from engine.connect.formats import (
    Tidied,
    country,
    currency,
    gtin,
    one_of,
    order_days,
    parts,
    period,
    scope,
    tiers,
    time_zone,
)
from engine.connect.parse import Locale, parse_column
from engine.model.contract import BY_NAME


def reason(tidied: Tidied) -> str:
    value, why = tidied
    assert value is None
    assert why is not None
    return why


def test_what_fits_is_stored_in_one_form() -> None:
    assert currency("gbp") == ("GBP", None)
    assert country("gb") == ("GB", None)
    assert time_zone("Europe/London") == ("Europe/London", None)
    assert parts(" a | b ||c ") == ("a|b|c", None)
    assert order_days("Mon, Thu") == ("mon|thu", None)
    assert order_days("1|15") == ("1|15", None)
    assert tiers(" 100: 11.80 | 500:10.9") == ("100:11.80|500:10.9", None)
    assert period("2026-W48") == ("2026-W48", None)
    assert period("2026-11") == ("2026-11", None)
    assert scope("category:Lighting/Desk") == ("category:Lighting/Desk", None)
    assert gtin("4006381333931") == ("4006381333931", None)
    assert one_of(("all_units", "incremental"))("All Units") == ("all_units", None)


@pytest.mark.parametrize(
    ("tidied", "says"),
    [
        (currency("pounds"), "ISO 4217"),
        (country("Britain"), "ISO 3166"),
        (time_zone("London"), "IANA"),
        (order_days("mon|someday"), "'someday'"),
        (order_days("32"), "1..31"),
        (tiers("100-11.80"), "100:11.80"),
        (tiers("500:10|100:11"), "must rise"),
        (tiers("0:10"), "no price break"),
        (period("2026-W54"), "2026-W48"),
        (period("2026-13"), "2026-11"),
        (scope("shop:LEEDS"), "supplier:CODE"),
        (gtin("4006381333930"), "check digit"),
        (one_of(("sale", "return"))("gift"), "none of sale, return"),
    ],
)
def test_what_does_not_fit_says_what_would(tidied: Tidied, says: str) -> None:
    assert says in reason(tidied)


def test_true_and_false_are_shares() -> None:
    table = BY_NAME["stock"]
    text = text_of(["True", "false", "0.5", "50%", "maybe"])
    read = parse_column(table, table.column("in_stock_fraction"), text, Locale())
    assert isinstance(read.cells, Numbers)
    assert read.cells.cells.tolist()[:4] == [1.0, 0.0, 0.5, 0.5]
    assert read.cells.valid.tolist() == [True, True, True, True, False]


def test_true_is_no_quantity() -> None:
    table = BY_NAME["sales"]
    read = parse_column(table, table.column("units"), text_of(["True"]), Locale())
    assert read.reasons.at(0) == "is no number"
