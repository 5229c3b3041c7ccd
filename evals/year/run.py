"""Lives the year under us and under the rule, and says what came of it."""

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from engine.model.config import PlanConfig
from engine.service import people
from engine.service.learning import learn
from engine.service.learnt import Correction
from engine.service.policy_file import parse_policy
from engine.service.stores import Stores
from engine.store import migrate
from evals.orders.world import open_stores, policy_text
from evals.year.company import KNOWN_DAYS, MadeUp, made_up
from evals.year.live import Lived, Monday, live
from evals.year.ours import OurMonday
from evals.year.outcome import compared, told
from evals.year.rule import tuned_rule
from evals.year.witness import testify

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
Watch = Callable[[str, int], None]


def run_year(
    home: Path, config: PlanConfig, *, skus: int, weeks: int, seed: int, watch: Watch,
    known_days: int = KNOWN_DAYS,
) -> dict[str, Any]:  # fmt: skip
    """Everything as plain figures; money in minor units."""
    watch("making the company", 0)
    made = made_up(_stores(home, "history"), home / "history-files", config, skus=skus,
                   weeks=weeks, seed=seed, known_days=known_days)  # fmt: skip
    stores = _stores(home, "ours")
    people.sync(stores, parse_policy(policy_text(managers=1), "made up"), now=LONG_AGO)
    ours = OurMonday(stores=stores, made=made, folder=home / "ours", config=config)
    lived = live(made, ours, lambda week: watch("our week", week))
    after = _after(made, lived)
    ours.put_away(after.date)
    ours.bring_in(after, ours.morning_of(after.date))
    testimony = testify(stores, lived, ours, config)
    lesson = learn(stores, config, now=ours.morning_of(after.date))
    watch("tuning the rule", 0)
    rule, settings = tuned_rule(made, config)
    rival = live(made, rule)
    free = live(made, replace(rule, policy=replace(rule.policy, budget=None)))
    half = made.world.days // 14 * 7
    return {
        "skus": skus, "series": len(made.world.series), "weeks": weeks, "seed": seed,
        "currency": made.world.known.company.base_currency, "weekly_cap": made.cap,
        "checks": [asdict(check) for check in testimony.checks],
        "holds": all(check.holds for check in testimony.checks),
        "ours": told(lived), "rule": told(rival), "rule_without_cap": told(free),
        "second_half": {"ours": told(lived, half), "rule": told(rival, half),
                        "rule_without_cap": told(free, half),
                        "ours_less_rule": compared(lived, rival, seed, half)},
        "ours_less_rule": compared(lived, rival, seed),
        "rule_settings": settings,
        "learnt": {
            "weeks": lesson.weeks, "rolled_back": len(lesson.rolled_back),
            "taken": [_told(each) for each in lesson.taken],
            "refused": [_told(each) for each in lesson.refused],
        },
        "kpis": {k.name: {"value": k.value, "low": k.low, "high": k.high, "unit": k.unit}
                 for k in testimony.kpis},
    }  # fmt: skip


def _told(each: Correction) -> dict[str, Any]:
    return {"kind": each.kind, "scope": each.scope, "value": each.value, **each.evidence}


def _stores(home: Path, name: str) -> Stores:
    folder = home / name
    folder.mkdir(parents=True, exist_ok=True)
    stores = open_stores(f"sqlite:///{folder}/quartermaster.db", folder)
    migrate.upgrade(stores.database)
    return stores


def _after(made: MadeUp, lived: Lived) -> Monday:
    """The morning after the last day, to be imported and measured."""
    journal, days = lived.run.journal, made.world.days
    return Monday(week=days // 7, day=days, morning=journal.situation(days), room=lived.room,
                  journal=journal, aside=lived.aside)  # fmt: skip
