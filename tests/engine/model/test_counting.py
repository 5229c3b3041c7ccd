"""Counts agree with their words."""

from engine.model.counting import counted


def test_one_is_singular_and_anything_else_plural() -> None:
    said = [counted(number, "item is", "items are") for number in (0, 1, 2, 1200)]
    assert said == ["0 items are", "1 item is", "2 items are", "1,200 items are"]
