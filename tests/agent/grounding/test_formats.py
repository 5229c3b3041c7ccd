"""Facts as readers see them."""

from datetime import date

import pytest

from agent.grounding.formats import shown
from tools.facts import Fact, FactKind, Value


def fact(kind: FactKind, value: Value, **other: object) -> Fact:
    return Fact(id="f", value=value, kind=kind, label="", **other)  # type: ignore[arg-type]  pairs


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (fact("money", 123_456, currency="GBP"), "£1,234.56"),
        (fact("money", 120_000, currency="GBP"), "£1,200"),
        (fact("money", -50, currency="GBP"), "-£0.50"),
        (fact("money", 123_456, currency="GBP", is_estimate=True), "£1,235"),
        (fact("money", 1_234, currency="GBP", is_estimate=True), "£12.34"),
        (fact("money", 1_234, currency="JPY"), "JP¥1,234"),
        (fact("money", 1_234_567, currency="KWD"), "KWD1,234.567"),
        (fact("unit_price", 12_345_600, currency="GBP"), "£12.3456"),
        (fact("unit_price", 18_000_000, currency="EUR"), "€18.00"),
        (fact("unit_price", 1_000, currency="GBP"), "£0.001"),
        (fact("units", 144), "144 units"),
        (fact("units", 1), "1 unit"),
        (fact("units", 3.46), "3.5 units"),
        (fact("units", 1234.4), "1,234 units"),
        (fact("packs", 12), "12 packs"),
        (fact("days", 6.5), "6.5 days"),
        (fact("weeks", 4), "4 weeks"),
        (fact("count", 7), "7"),
        (fact("ratio", 0.5656), "0.57"),
        (fact("percent", 0.8), "80%"),
        (fact("percent", 0.215), "21.5%"),
        (fact("date", date(2026, 11, 7)), "7 Nov 2026"),
        (fact("date", "2026-11-07"), "7 Nov 2026"),
        (fact("date_range", "2026-11-07/2026-11-10"), "7–10 Nov 2026"),
        (fact("name", "Oak {{x}} lamp"), "Oak {{x}} lamp"),
        (fact("status", "proposed"), "proposed"),
    ],
)
def test_a_fact_is_written_by_its_kind(given: Fact, text: str) -> None:
    assert shown(given, "en_GB") == text


def test_a_cell_leaves_the_unit_to_its_header() -> None:
    assert shown(fact("units", 144), "en_GB", in_table=True) == "144"


def test_the_reader_s_locale_decides() -> None:
    amount = fact("money", 123_456, currency="EUR")
    assert shown(amount, "en_US") == "€1,234.56"
    assert shown(fact("date", date(2026, 11, 7)), "en_US") == "7 Nov 2026"
    assert "1.234,56" in shown(amount, "de_DE")
