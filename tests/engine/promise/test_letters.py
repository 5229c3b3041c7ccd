"""What customers read: wholly in their language, with the shop's own words where it has some."""

from datetime import date

import pytest

from engine.errors import InvalidInput
from engine.promise.letters import LETTERS, PLACES, LetterLine, letter, with_own_phrases

NOV = (date(2026, 11, 7), date(2026, 11, 10))
OCT = (date(2026, 10, 28), date(2026, 10, 31))
TODAY = date(2026, 10, 20)


def line(**other: object) -> LetterLine:
    values = {"order_line": "W900-1", "item": "Oak lamp", "units": 2, "window": NOV, "before": OCT}
    return LetterLine(**(values | other))  # type: ignore[arg-type]  given by name in each test


def write(*lines: LetterLine, locale: str = "en_US", **other: object) -> tuple[str, str]:
    values = {"direction": "later", "apology": "plain", "company": "Fern & Oak", "today": TODAY}
    found = letter(lines, locale=locale, **(values | other))  # type: ignore[arg-type]  given by name in each test
    return found.subject, found.text


def test_a_delay_says_what_moved_from_when_to_when_and_what_else_there_is() -> None:
    subject, text = write(line(alternatives=("Ash lamp",)))

    assert subject == "Your order W900-1: a new shipping date"
    assert "we are sorry" in text
    assert "- W900-1: 2 x Oak lamp now ships by Nov 7–10 (before: Oct 28–31)" in text
    assert "You could have at once instead: Ash lamp" in text
    assert text.endswith("Fern & Oak\n")


@pytest.mark.parametrize(
    ("direction", "apology", "words"),
    [
        ("later", "none", "moved a little"), ("later", "sincere", "very sorry"),
        ("earlier", "none", "good news"), ("open", "sincere", "no shipping date for part"),
        ("dated", "none", "we now have a shipping date"),
    ],
)  # fmt: skip
def test_the_tone_follows_what_happened(direction: str, apology: str, words: str) -> None:
    assert words in write(line(), direction=direction, apology=apology)[1]


def test_a_line_without_a_window_says_so() -> None:
    assert "has no shipping date yet" in write(line(window=None), direction="open")[1]
    assert "(before" not in write(line(before=None), direction="dated")[1]


def test_a_letter_is_in_one_language_and_in_english_where_there_are_no_words() -> None:
    assert "Versand nun bis 7.–10. Nov." in write(line(), locale="de_DE")[1]
    assert "now ships by 7–10 Nov" in write(line(), locale="pt_BR")[1]


def test_every_language_has_every_phrase_with_words_it_may_use() -> None:
    for language in LETTERS:
        assert set(LETTERS[language]) == set(PLACES)
        with_own_phrases({language: LETTERS[language]})


def test_a_shops_own_words_take_the_place_of_ours() -> None:
    own = with_own_phrases({"en": {"greeting": "Dear friend of good lamps,"}})

    assert write(line(), phrases=own)[1].startswith("Dear friend of good lamps,")


@pytest.mark.parametrize(
    ("own", "told"),
    [
        ({"en": {"greting": "Hi"}}, "No phrase 'greting'"),
        ({"en": {"line": "{order} {price}"}}, "uses {price}; it may use: item, order"),
        ({"en": {"line": "{order"}}, "cannot be read"),
        ({"it": {"greeting": "Ciao"}}, "lacks the phrase"),
    ],
)
def test_words_that_cannot_be_filled_in_are_refused(
    own: dict[str, dict[str, str]], told: str
) -> None:
    with pytest.raises(InvalidInput, match=told):
        with_own_phrases(own)
