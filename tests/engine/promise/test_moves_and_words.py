"""When a customer hears of a moved window, and how a window reads."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from engine.errors import InvalidInput
from engine.promise.lines import LinePromise
from engine.promise.moves import Move, move_of
from engine.promise.offers import Span
from engine.promise.policy import MessagePolicy, PromisePolicy
from engine.promise.wording import end_of, worded
from support.promises import waiting

NOV_10 = date(2026, 11, 10)


def line(last: date | None, told: date | None = NOV_10, why: str = "") -> LinePromise:
    span = last and Span(first=last - timedelta(days=3), last=last, likeliest=last, late=0.1)
    return LinePromise(
        line=waiting("W1", told_first=told and told - timedelta(days=3), told_last=told),
        rank=1, held=0, ready=False, ahead=0, basis="inbound" if span else "none", span=span,
        why=why, slips=None, at_risk=False,  # type: ignore[arg-type]  a literal among strings
    )  # fmt: skip


@pytest.mark.parametrize("days", [-2, -1, 0, 1, 2])
def test_jitter_within_the_tolerance_is_no_news(days: int) -> None:
    assert move_of(line(NOV_10 + timedelta(days=days)), PromisePolicy()) is None


@pytest.mark.parametrize(
    ("days", "times", "expected"),
    [
        (3, 0, Move(direction="later", days=3, apology="plain")),
        (10, 0, Move(direction="later", days=10, apology="sincere")),
        (3, 1, Move(direction="later", days=3, apology="sincere")),
        (-3, 0, Move(direction="earlier", days=-3, apology="none")),
    ],
)
def test_how_much_is_apologised_for_follows_the_delay_and_how_often(
    days: int, times: int, expected: Move
) -> None:
    moved = move_of(line(NOV_10 + timedelta(days=days)), PromisePolicy(), times_told=times)

    assert moved == expected


def test_a_small_delay_needs_no_apology_and_good_news_may_be_kept() -> None:
    calm = PromisePolicy(messages=MessagePolicy(apology_days=9, tell_earlier=False))

    assert move_of(line(NOV_10 + timedelta(days=5)), calm) == Move(
        direction="later", days=5, apology="none"
    )
    assert move_of(line(NOV_10 - timedelta(days=5)), calm) is None


def test_losing_every_date_and_finding_one_again_are_both_told_once() -> None:
    lost = move_of(line(None, why="nothing on its way"), PromisePolicy())
    found = move_of(line(NOV_10, told=None), PromisePolicy(), times_told=1, told_open=True)

    assert lost == Move(direction="open", days=None, apology="sincere")
    assert found == Move(direction="dated", days=None, apology="none")
    assert move_of(line(NOV_10, told=None), PromisePolicy()) is None


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en_US", "Ships by Nov 7–10"),
        ("en-GB", "Ships by 7–10 Nov"),
        ("de_DE", "Versand bis 7.–10. Nov."),
        ("fr_FR", "Expédié d'ici le 7–10 nov."),
        ("pt_BR", "Ships by 7–10 Nov"),  # no phrases: wholly English rather than half
    ],
)
def test_a_window_reads_as_the_shops_customers_write_dates(locale: str, text: str) -> None:
    span = Span(first=date(2026, 11, 7), last=NOV_10, likeliest=date(2026, 11, 8), late=0.1)

    assert worded("inbound", span, locale=locale, today=date(2026, 11, 1)) == text


def test_a_window_over_the_turn_of_the_year_names_the_years() -> None:
    span = Span(first=date(2026, 12, 28), last=date(2027, 1, 2), likeliest=NOV_10, late=0.1)

    told = worded("inbound", span, locale="en_US", today=date(2026, 12, 1))

    assert told == "Ships by Dec 28, 2026 – Jan 2, 2027"
    assert worded("none", None, locale="en", today=NOV_10) == "No delivery date yet"
    today = Span(first=NOV_10, last=NOV_10, likeliest=NOV_10, late=0.0)
    assert worded("stock", today, locale="en", today=NOV_10) == "In stock, ships today"


def test_what_is_no_locale_is_refused() -> None:
    with pytest.raises(InvalidInput, match="'xx_nowhere!' is no locale"):
        worded("none", None, locale="xx_nowhere!", today=NOV_10)


def test_a_day_ends_when_it_does_in_the_shops_zone_also_when_clocks_change() -> None:
    berlin, new_york = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")

    assert end_of(date(2026, 10, 25), berlin) == datetime(2026, 10, 25, 23, 0, tzinfo=UTC)
    assert end_of(date(2026, 10, 24), berlin) == datetime(2026, 10, 24, 22, 0, tzinfo=UTC)
    spring = end_of(date(2026, 3, 8), new_york) - end_of(date(2026, 3, 7), new_york)
    assert spring == timedelta(hours=23)
