"""Figures as people write them."""

from decimal import Decimal

import pytest

from agent.language.figures import figures


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("with 50k?", [("50000", "bare", None)]),
        ("£1.2m", [("1200000", "money", "GBP")]),
        ("two thousand pounds", [("2000", "money", "GBP")]),
        ("1,234.50 EUR", [("1234.50", "money", "EUR")]),
        ("40 000", [("40000", "bare", None)]),
        ("$ 20k", [("20000", "money", "USD")]),
        ("usd 500", [("500", "money", "USD")]),
        ("half a million", [("500000", "bare", None)]),
        ("a hundred thousand", [("100000", "bare", None)]),
        ("two thousand five hundred and twenty", [("2520", "bare", None)]),
        ("twenty-five units", [("25", "units", None)]),
        ("a dozen packs", [("12", "packs", None)]),
        ("-500", [("-500", "bare", None)]),
        ("minus 500", [("-500", "bare", None)]),
        ("20%", [("20", "percent", None)]),
        ("next 4 weeks", [("4", "weeks", None)]),
        ("one week", [("1", "weeks", None)]),
        ("Why 144 and not 120?", [("144", "bare", None), ("120", "bare", None)]),
        ("LAMP-OAK-01 85123A PO-2026-0007 3rd 10kg", []),
        ("the blue one", []),
        ("", []),
        ("1.2.3", []),
    ],
)
def test_a_figure_is_read_with_its_unit(
    text: str, found: list[tuple[str, str, str | None]]
) -> None:
    read = [(figure.value, figure.kind, figure.currency) for figure in figures(text)]
    assert read == [(Decimal(value), kind, currency) for value, kind, currency in found]


def test_a_figure_knows_where_it_stands() -> None:
    text = "buy for £20k now"
    (figure,) = figures(text)
    assert text[figure.start : figure.end] == "£20k"
