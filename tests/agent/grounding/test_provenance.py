"""What goes into a write was said by the person or shown to them."""

import pytest

from agent.grounding.provenance import Provenance, require_provenance
from agent.grounding.user_facts import user_facts
from engine.errors import InvalidInput

TEXT = "Set the weekly budget to 40k and draft the oak lamp from Nordlicht"
SOURCE = Provenance(
    text=TEXT,
    currency="GBP",
    said=user_facts(TEXT),
    known=frozenset({"PO-1001"}),
    names={"LAMP-OAK-01": "Oak table lamp", "NORDLICHT": "Nordlicht GmbH", "CHAIR-1": "Fir chair"},
)


@pytest.mark.parametrize(
    "arguments",
    [
        {"cap_minor": 4_000_000},
        {"cap_minor": 4_000_000, "span": "week", "on": "2026-11-02", "supplier": None},
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
    yen = Provenance(text=text, currency="JPY", said=user_facts(text))
    require_provenance({"cap_minor": 40_000}, yen)
