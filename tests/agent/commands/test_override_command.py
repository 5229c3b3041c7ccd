"""`qm override`: what people type becomes an override, and what sets nothing is refused."""

import pytest

from agent.commands.override import _size
from engine.errors import InvalidInput


@pytest.mark.parametrize(
    ("typed", "size"),
    [
        ("+20%", {"factor": 1.2}),
        ("-15 %", {"factor": 0.85}),
        ("300/week", {"units": 300.0, "per": "week"}),
        ("40/day", {"units": 40.0, "per": "day"}),
        ("1200", {"units": 1200.0, "per": "period"}),
        ("1200 in all", {"units": 1200.0, "per": "period"}),
        ("1200 (in all)", {"units": 1200.0, "per": "period"}),
        ("200-300/week", {"low": 200.0, "high": 300.0, "per": "week"}),
    ],
)
def test_what_is_typed(typed: str, size: dict[str, object]) -> None:
    assert _size(typed) == pytest.approx(size) if "factor" in size else _size(typed) == size


@pytest.mark.parametrize("typed", ["20%", "lots", "", "300/year", "-5", "in all"])
def test_what_sets_nothing_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput, match="sets nothing"):
        _size(typed)
