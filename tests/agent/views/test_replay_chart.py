"""A replay as a picture: who held how much stock, and who filled how much with it."""

from datetime import date
from pathlib import Path

import pytest

from agent.views.replay_chart import places_of, replay_picture, replay_words
from engine.service.replay import HISTORY, NOTHING, OURS, ReplayReport
from engine.simulate.bootstrap import Estimate

# Policy: stock in pence, fill rate. Who holds more than us and fills less is on no frontier.
PLAYED = {
    OURS: (50_000_00, 0.99),
    HISTORY: (40_000_00, 0.96),
    "min/max": (60_000_00, 0.98),
    "weeks of cover": (40_000_00, 0.95),
    NOTHING: (10_000_00, 0.40),
}


@pytest.fixture
def report() -> ReplayReport:
    estimates = {
        name: {
            "average_stock": Estimate(value=stock, low=0.9 * stock, high=1.1 * stock),
            "fill_rate": Estimate(value=fill, low=fill - 0.01, high=fill + 0.005),
        }
        for name, (stock, fill) in PLAYED.items()
    }
    return ReplayReport(
        snapshot_id="s", first_day=date(2026, 5, 18), last_day=date(2026, 11, 15), weeks=26,
        warm_up_weeks=4, currency="GBP", budget_minor=None, seed=7, series=1_000, left_out=5,
        outcomes=(), rules=(), estimates=estimates, against={},
    )  # fmt: skip


def test_whom_nobody_beats_with_less_stock_is_the_frontier(report: ReplayReport) -> None:
    places = places_of(report)

    assert [each.policy for each in places if each.on_frontier] == [HISTORY, OURS]
    assert {each.policy for each in places} == set(PLAYED) - {NOTHING}
    assert places[2].stock == (50_000, 45_000, pytest.approx(55_000))


def test_the_picture_is_the_same_each_time_and_holds_its_words(
    report: ReplayReport, tmp_path: Path
) -> None:
    drawn = [replay_picture(report, tmp_path / name / "r.png").read_bytes() for name in "ab"]

    words = replay_words(report)
    assert drawn[0] == drawn[1]
    assert drawn[0].startswith(b"\x89PNG")
    assert words.encode() in drawn[0]
    assert "our plan filled 99.0% with 50,000 on average" in words
    assert words.endswith("less stock than what was done and our plan.")
