"""Figures as people write them."""

from decimal import Decimal

import pytest

from agent.language.figures import figures, unclear_amount


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
        ("1,5k", []),
        ("1.000,50", []),
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


@pytest.mark.parametrize(
    "text", ["1,5k", "1.000,50", "1.500", "1'500", "£1,23", "1,5 million", "12,34,567", "1e15"]
)
def test_an_amount_that_could_be_read_in_two_ways_is_told(text: str) -> None:
    assert unclear_amount(f"buy with {text}?") is not None


@pytest.mark.parametrize(
    "text", ["1.5k", "1,500", "20000.50", "1,234.50 EUR", "40 000", "£1.2m", "LAMP-OAK-01 85123A",
             "what about 500, or 700?", "PO-2026-0007", "2026-11-02", "0.125", "50k."],
)  # fmt: skip
def test_a_clear_amount_is_no_riddle(text: str) -> None:
    assert unclear_amount(text) is None


def test_an_amount_that_a_word_runs_into_is_read_and_one_inside_a_code_is_not() -> None:
    assert [f.value for f in figures("what should i buy with9k")] == [Decimal(9000)]
    assert figures("chart AT50, with9x and for9-12") == ()
