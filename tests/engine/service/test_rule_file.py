"""What the policy file of a replay may say, and how a slip in it is told."""

from pathlib import Path

import pytest

from engine.errors import BadSettings
from engine.service.rule_file import read_levels, read_rules, usual_rules
from engine.simulate.rules import GRIDS

EXAMPLE = Path(__file__).parents[3] / "examples" / "replay_policies.yaml"


def file(folder: Path, text: str, name: str = "rules.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_example_shows_every_rule_and_can_be_read() -> None:
    rules = read_rules(EXAMPLE)

    assert {each.rule for each in rules} == set(GRIDS)
    levels = next(each for each in rules if each.rule == "levels")
    assert len(read_levels(EXAMPLE.parent / str(levels.file))) > 0


def test_a_setting_is_a_number_a_list_to_try_or_tuned(tmp_path: Path) -> None:
    yaml = "policies:\n- {name: a, rule: min_max, reserve_days: 7, cycle_days: [7, 28]}\n"
    toml = '[[policies]]\nname = "b"\nrule = "reorder_point"\nservice = "tune"\nfill_rate = 0.97\n'

    (first,) = read_rules(file(tmp_path, yaml))
    (second,) = read_rules(file(tmp_path, toml, "rules.toml"))

    assert dict(first.grid()) == {"reserve_days": (7.0,), "cycle_days": (7.0, 28.0)}
    assert dict(second.grid()) == dict(GRIDS["reorder_point"])
    assert (second.fill_rate, second.by) == (0.97, "abc")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("policies: [{name: a, rule: eoq}]", r"policies\.0\.rule: .*'min_max'.*\(got 'eoq'\)"),
        ("policies: [{name: a, rule: min_max, weeks: 4}]", "min_max has no weeks; it is set by"),
        ("policies: [{name: a, rule: min_max, resrve_days: 4}]", "resrve_days: Extra inputs"),
        ("policies: [{name: a, rule: reorder_point, service: 95}]", "a probability such as 0.95"),
        ("policies: [{name: a, rule: weeks_of_cover, weeks: -1}]", "greater than or equal to 0"),
        ("policies: [{name: a, rule: levels}]", "needs `file`"),
        ("policies: []", "at least 1 item"),
        ("policies: [{name: a, rule: min_max}, {name: a, rule: min_max}]", "the same name"),
        ("policies: [{name: our plan, rule: min_max}]", "is taken by the replay itself"),
        ("{", "is no YAML"),
    ],
)
def test_a_slip_is_named_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(BadSettings, match=said):
        read_rules(file(tmp_path, text))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match=r"nowhere\.yaml' cannot be read"):
        read_rules(tmp_path / "nowhere.yaml")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sku,min\nA,1\n", "lack the column 'max'"),
        ("sku,min,max\nA,5,3\n", "give A a minimum of 5 and a maximum of 3"),
        ("sku,min,max\nA,few,3\n", "give A a minimum of nan"),
    ],
)
def test_levels_that_cannot_be_meant_are_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(BadSettings, match=said):
        read_levels(file(tmp_path, text, "levels.csv"))


def test_the_usual_rivals_are_all_tuned() -> None:
    assert all(len(values) > 1 for rule in usual_rules() for values in rule.grid().values())
