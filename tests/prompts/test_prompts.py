"""Prompts load by name, fill completely, stay small, and change their version with their text."""

from importlib.resources import files

import pytest

import prompts

NAMES = sorted(
    file.name.removesuffix(".md")
    for file in files("prompts").iterdir()
    if file.name.endswith(".md")
)
VALUES = {
    "system": {"currency": "GBP", "today": "2026-11-02", "language": "English"},
    "repair": {"complaints": "- Write no figure."},
}


@pytest.mark.parametrize("name", NAMES)
def test_a_prompt_says_what_it_is_for_and_fills(name: str) -> None:
    prompt = prompts.load(name)
    assert prompt.purpose.endswith(".")
    filled = prompt.filled(**VALUES[name])
    assert "$" not in filled
    assert all(value in filled for value in VALUES[name].values())
    assert len(filled.split()) < 500


@pytest.mark.parametrize("name", NAMES)
def test_a_mark_that_is_not_filled_is_an_error(name: str) -> None:
    with pytest.raises(KeyError):
        prompts.load(name).filled()


def test_the_version_is_the_content_s() -> None:
    assert prompts.load("system").version != prompts.load("repair").version
    assert len(prompts.version_of("system", "repair")) == 12
    assert prompts.version_of("system") != prompts.version_of("system", "repair")
