"""What goes into a write was said by the person or shown to them."""

from dataclasses import replace
from datetime import date

import pytest

from agent.grounding.asked import citable
from agent.grounding.provenance import (
    Provenance,
    arguments_of,
    require_own_figures,
    require_provenance,
)
from engine.errors import InvalidInput
from tools.facts import Fact, FactKind, Value

TODAY = date(2026, 11, 2)
TEXT = "Set the weekly budget to 40k and draft the oak lamp from Nordlicht"
SOURCE = Provenance(
    text=TEXT,
    currency="GBP",
    today=TODAY,
    known=frozenset({"PO-1001"}),
    names={"LAMP-OAK-01": "Oak table lamp", "NORDLICHT": "Nordlicht GmbH", "CHAIR-1": "Fir chair"},
)


@pytest.mark.parametrize(
    "arguments",
    [
        {"cap_minor": 4_000_000},
        {"cap_minor": 4_000_000, "span": "week", "on": None, "supplier": None},
        {"skus": ["LAMP-OAK-01"], "suppliers": ["NORDLICHT"]},
        {"suppliers": ["nordlicht"]},
        {"number": "PO-1001"},
        {},
    ],
)
def test_what_the_person_said_or_saw_may_be_written(arguments: dict[str, object]) -> None:
    require_provenance(arguments, SOURCE)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ({"cap_minor": 4_100_000}, "41000, a figure the person did not say"),
        ({"cap_minor": 40_000}, "400, a figure"),
        ({"units": 12}, "12, a figure"),
        ({"skus": ["LAMP-OAK-01", "CHAIR-1"]}, "'CHAIR-1', which nobody"),
        ({"number": "PO-1002"}, "'PO-1002', which nobody"),
    ],
)
def test_what_nobody_said_is_refused(arguments: dict[str, object], complaint: str) -> None:
    with pytest.raises(InvalidInput, match=complaint):
        require_provenance(arguments, SOURCE)


def test_yen_have_no_minor_unit() -> None:
    text = "cap it at 40k"
    yen = Provenance(text=text, currency="JPY", today=TODAY)
    require_provenance({"cap_minor": 40_000}, yen)


def test_a_day_may_be_written_that_the_person_named() -> None:
    text = "set the budget of week 48 to 40k"
    source = Provenance(text=text, currency="GBP", today=TODAY)
    require_provenance({"cap_minor": 4_000_000, "on": "2026-11-25"}, source)
    with pytest.raises(InvalidInput, match="2026-12-25"):
        require_provenance({"cap_minor": 4_000_000, "on": "2026-12-25"}, source)


def test_reading_takes_a_budget_from_the_person_or_from_the_question_before() -> None:
    require_own_figures({"budget_minor": 4_000_000, "top": 7, "weeks": 9}, SOURCE)
    with pytest.raises(InvalidInput, match="did not say"):
        require_own_figures({"budget_minor": 1_440_000}, SOURCE)
    before = replace(SOURCE, earlier=arguments_of([{"budget_minor": 1_440_000}]))
    require_own_figures({"budget_minor": 1_440_000}, before)


def asked(kind: FactKind, value: Value) -> Fact:
    return Fact(id="x", value=value, kind=kind, label="echo of an argument", is_asked=True)


@pytest.mark.parametrize(
    ("fact", "may"),
    [
        (asked("name", "oak lamp"), True),
        (asked("name", "order 500 units"), False),
        (asked("weeks", 8), True),
        (asked("weeks", 7), False),
        (asked("count", 164), False),
        (asked("date", "2026-11-02"), True),
        (asked("date", "2026-12-24"), False),
    ],
)
def test_an_echo_of_an_argument_is_citable_where_the_person_said_it(fact: Fact, may: bool) -> None:  # noqa: FBT001  a table of cases
    text = "forecast the oak lamp for the next 8 weeks"
    source = Provenance(text=text, currency="GBP", today=TODAY)
    assert ("x" in citable([fact], source)) is may


def test_what_the_engine_found_is_always_citable() -> None:
    found = Fact(id="x", value=164, kind="count", label="lines to buy")
    assert citable([found], SOURCE) == {"x": found}


OVERRIDE = Provenance(
    text="raise LAMP-OAK-01 by 20 % for December because of the fair",
    currency="GBP", today=TODAY, names={"LAMP-OAK-01": "Oak table lamp"},
)  # fmt: skip


def test_an_override_of_the_person_s_own_words_may_be_written() -> None:
    require_provenance(
        {"sku": "LAMP-OAK-01", "direction": "raise", "change_basis_points": 2000, "per": "week",
         "first": "2026-12-01", "last": "2026-12-31", "reason": "the fair"},
        OVERRIDE,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ({"direction": "lower"}, "did not say to lower"),
        ({"change_basis_points": 2500}, "25, a figure"),
        ({"units": 20}, "20, a figure"),  # a percentage is no number of units
        ({"first": "2026-11-30"}, "nobody"),
        ({"last": "2027-01-01"}, "nobody"),
        ({"reason": "the supplier said so"}, "nobody"),
        ({"sku": "CHAIR-1"}, "'CHAIR-1', which nobody"),
    ],
)
def test_what_a_model_adds_to_an_override_is_refused(
    arguments: dict[str, object], complaint: str
) -> None:
    with pytest.raises(InvalidInput, match=complaint):
        require_provenance(arguments, OVERRIDE)


def test_an_answer_to_our_question_completes_what_was_said_before() -> None:
    answer = Provenance(
        text="until Christmas", currency="GBP", today=TODAY, known=frozenset({"LAMP-OAK-01"}),
        waiting=arguments_of([{"sku": "LAMP-OAK-01", "direction": "set", "units": 300}]),
    )  # fmt: skip
    complete = {"sku": "LAMP-OAK-01", "direction": "set", "units": 300, "last": "2026-12-25"}
    require_provenance(complete, answer)
    with pytest.raises(InvalidInput, match="400, a figure"):
        require_provenance({**complete, "units": 400}, answer)


def test_a_percentage_in_mind_is_the_person_s_too() -> None:
    require_own_figures({"off_basis_points": 2000}, OVERRIDE)
    with pytest.raises(InvalidInput, match="30, a figure"):
        require_own_figures({"off_basis_points": 3000}, OVERRIDE)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("drop the last line of PO-1001", -1), ("Drop the second one", 2),
        ("take out the 3rd item", 3), ("remove the first", 1), ("drop line 4 of PO-1001", 4),
    ],
)  # fmt: skip
def test_a_line_of_an_order_may_be_pointed_at_in_words(text: str, line: int) -> None:
    source = replace(SOURCE, text=text)
    require_provenance({"number": "PO-1001", "line": line, "remove": True}, source)
    with pytest.raises(InvalidInput, match="a figure the person did not say"):
        require_provenance({"number": "PO-1001", "line": line + 5}, source)


def test_the_last_week_points_at_no_line() -> None:
    with pytest.raises(InvalidInput, match="line is -1, a figure"):
        require_provenance({"line": -1}, replace(SOURCE, text="what sold in the last week?"))
