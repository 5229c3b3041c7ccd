"""A replay as a manager reads it, and as another program does."""

import json
from datetime import date
from pathlib import Path

import pytest

from agent.terminal.replay_report import print_replay, write_replay_json
from engine.service.replay import ReplayReport
from engine.service.replay_rules import RuleReport
from engine.service.rule_file import HISTORY, OURS
from engine.simulate.bootstrap import MEASURES, Estimate
from engine.simulate.outcome import Outcome


def outcome(policy: str, sold: int, lost: int, ordered: int) -> Outcome:
    return Outcome(
        policy=policy, first_day=date(2026, 6, 15), days=154, currency="GBP", wanted_units=1_000,
        sold_units=sold, lost_margin_minor=lost, ordered_units=900, ordered_minor=ordered,
        dearest_week_minor=90_000, orders=12, order_lines=34, moved_units=0,
        opening_stock_minor=500_000, average_stock_minor=400_000, closing_stock_minor=300_000,
        series_days=154, series_days_out=3,
    )  # fmt: skip


@pytest.fixture
def report() -> ReplayReport:
    ours, done = outcome(OURS, 975, 123_400, 1_100_000), outcome(HISTORY, 950, 250_000, 1_000_000)
    apart = {name: Estimate(value=0.025, low=-0.01, high=0.06) for name in MEASURES}
    apart["lost_margin"] = Estimate(value=-126_600.0, low=-200_000.0, high=-50_000.0)
    return ReplayReport(
        snapshot_id="s", first_day=date(2026, 5, 18), last_day=date(2026, 11, 15), weeks=26,
        warm_up_weeks=4, currency="GBP", budget_minor=100_000, seed=7, series=1_000, left_out=5,
        outcomes=(ours, done),
        rules=(
            RuleReport(
                name="min/max", rule="min_max", by="abc",
                groups={c: {"reserve_days": 7.0, "cycle_days": 28.0} for c in "ABCD"},
                tuned_from=date(2025, 11, 17), tuned_to=date(2026, 5, 17), tried=20,
            ),
        ),
        estimates=dict.fromkeys((OURS, HISTORY), apart),
        against={HISTORY: apart},
    )  # fmt: skip


def test_the_table_shows_each_policy_and_what_is_left_to_chance(
    report: ReplayReport, capsys: pytest.CaptureFixture[str]
) -> None:
    print_replay(report)

    shown = " ".join(capsys.readouterr().out.split())
    assert "Replayed 26 weeks, 18 May 2026 to 15 Nov 2026; counted from 15 Jun 2026." in shown
    assert "our plan 97.5% £1,234 £4,000 £11,000 50% £900 12 34" in shown
    assert "what was done 95.0% £2,500 £4,000 £10,000 45% £900 12 34" in shown
    assert "Against what was done: fill rate +2.5 points (-1.0 to +6.0)" in shown
    assert "lost margin -£1,266 (-£2,000 to -£500)" in shown
    assert "min/max: best of 20 settings on 17 Nov 2025 to 17 May 2026, by abc. A:" in shown
    assert "; 1 more" in shown
    assert "capped at £1,000" in shown
    assert "5 series that were new are left out" in shown


def test_the_json_holds_every_figure_in_minor_units(report: ReplayReport, tmp_path: Path) -> None:
    write_replay_json(report, tmp_path / "replay.json")

    content = json.loads((tmp_path / "replay.json").read_text(encoding="utf-8"))
    ours = content["policies"][OURS]
    assert content["order"] == [OURS, HISTORY]
    assert (ours["fill_rate"], ours["lost_margin_minor"], ours["orders"]) == (0.975, 123_400, 12)
    assert ours["budget_used"] == 0.5
    assert content["ours_less"][HISTORY]["lost_margin"]["high"] == -50_000.0
    assert content["rules"][0]["tuned_to"] == "2026-05-17"
