"""The rules file: every key checked, what is left out stays, and each line says its tier."""

from pathlib import Path

import pytest

from agent.plan_rules import as_yaml, with_rules
from engine.errors import BadSettings
from engine.model.automation import DEAR, UNNAMED, UNSURE, Automation, Line, TierRule
from engine.model.config import PlanConfig

CHEAP = Line(
    cost_minor=40_000, confidence="high", category="Lamps/Table", supplier="ACME",
    demand_class="smooth",
)  # fmt: skip


def read(folder: Path, text: str) -> PlanConfig:
    (folder / "rules.yaml").write_text(text)
    return with_rules(PlanConfig(), folder / "rules.yaml")


def test_what_a_file_states_holds_and_the_rest_stays(tmp_path: Path) -> None:
    config = read(
        tmp_path,
        "exceptions: {overstock_days: 90, silenced: [demand_pulse]}\n"
        "automation:\n  always_waits_above_minor: 100000\n  rules:\n"
        "    - {tier: wait, categories: [Lamps]}\n    - {tier: flow, up_to_minor: 60000}\n",
    )
    assert (config.rules.overstock_days, config.rules.late_days) == (90, 3)
    assert config.rules.silenced == ("demand_pulse",)
    assert config.automation.tier_of(CHEAP)[0] == "wait"
    assert [rule.tier for rule in config.automation.rules] == ["wait", "flow"]


def test_what_is_printed_is_read_back_the_same(tmp_path: Path) -> None:
    assert read(tmp_path, as_yaml(PlanConfig())) == PlanConfig()
    assert read(tmp_path, "") == PlanConfig()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("exceptions: {overstok_days: 9}", "Did you mean 'overstock_days'"),
        ("exceptions: {late_days: -1}", "must not be below 0"),
        ("exceptions: {stockout_chance: 2}", "between 0 and 1"),
        ("exceptions: {silenced: [overstok]}", "Did you mean 'overstock'"),
        ("exceptions: {late_days: soon}", "late_days"),
        ("automation: {rules: [{tier: fly}]}", "flow"),
        ("automation: {rules: [{teir: flow}]}", "Did you mean 'tier'"),
        ("automation: {rules: 3}", "must be a list"),
        ("tiers: []", "unknown tiers"),
        ("[1, 2]", "keys and values"),
        ("a: [", "cannot be read"),
    ],
)
def test_a_mistake_is_named_with_its_key(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(BadSettings, match=told.replace("[", r"\[")):
        read(tmp_path, text)


def line(**other: object) -> Line:
    return Line(**{**vars(CHEAP), **other})  # pyright: ignore[reportArgumentType]  one field each


@pytest.mark.parametrize(
    ("automation", "given", "tier"),
    [
        (Automation(), {}, "auto_approve"),
        (Automation(), {"cost_minor": 50_001}, "wait"),
        (Automation(rules=(TierRule(tier="flow", suppliers=("ACME",)),)), {}, "flow"),
        (Automation(rules=(TierRule(tier="flow", suppliers=("OTHER",)),)), {}, "wait"),
        (Automation(rules=(TierRule(tier="flow", categories=("Lamps",)),)), {}, "flow"),
        (Automation(rules=(TierRule(tier="flow", categories=("Lam",)),)), {}, "wait"),
        (Automation(rules=(TierRule(tier="flow", demand_classes=("lumpy",)),)), {}, "wait"),
    ],
)
def test_the_first_rule_that_fits_decides(
    automation: Automation, given: dict[str, object], tier: str
) -> None:
    assert automation.tier_of(line(**given))[0] == tier


def test_low_confidence_and_high_value_wait_whatever_the_rules_say() -> None:
    everything = Automation(rules=(TierRule(tier="auto_approve"),))
    assert everything.tier_of(line(confidence="low")) == ("wait", UNSURE)
    assert everything.tier_of(line(cost_minor=500_001)) == ("wait", DEAR)
    assert Automation(rules=()).tier_of(CHEAP) == ("wait", UNNAMED)
