"""The people file: what is misspelt is refused with the nearest right name."""

from pathlib import Path

import pytest

from engine.errors import BadSettings
from engine.model.canonical import canonical_json
from engine.model.people import Right
from engine.purchase.policy import Policy
from engine.purchase.policy_review import review
from engine.service.policy_file import load_policy, parse_policy
from engine.store.content import read_content
from support.purchasing import POLICY, policy_file

EXAMPLE = Path(__file__).parents[3] / "examples" / "people.yaml"


def test_the_example_file_is_valid_and_leaves_nothing_to_remark_but_the_unused_role() -> None:
    policy = load_policy(EXAMPLE).policy
    assert policy.rights_of("bea") == {Right.READ, Right.DRAFT, Right.OVERRIDE}
    assert policy.highest_limit("max") == 40_000_00
    assert policy.highest_limit("bea") is None
    assert [remark.sentence for remark in review(policy)] == ["Role 'viewer' is held by nobody."]


@pytest.mark.parametrize(
    ("written", "instead", "says"),
    [
        ("rights: [read, draft, override]", "rigths: [read]", "Did you mean 'rights'"),
        ("override]", "overide]", "Did you mean 'override'"),
        ("roles: [buyer]", "roles: [byer]", "Did you mean 'buyer'"),
        ("terminal_may_approve", "terminal_may_aprove", "Did you mean 'terminal_may_approve'"),
        ("up_to: 20000 ", "up_to: lots ", "up_to"),
        ("up_to: 20000 ", "up_to: -1 ", "greater than or equal to 0"),
        ("id: max", "id: bea", "the id 'bea' is given to several people"),
        ("os_user: max", "os_user: bea", "os_user 'bea' is given"),
        ("user_id: U0002", "user_id: U0001", "Slack identity 'T0001/U0001'"),
        ("above: 25000", "above: 0", "needs a larger"),
        ("currency: GBP", "currency: pounds", "currency"),
        ("cumulative_days: 7", "cumulative_days: 7\n  cumulative_days: 0", "stands twice"),
        ("people:", "people: [", "not valid YAML"),
        ("expires_after_hours: 72", "expires_after_hours: 0", "expires_after_hours"),
    ],
)
def test_a_mistake_is_named(written: str, instead: str, says: str) -> None:
    text = EXAMPLE.read_text()
    assert written in text
    with pytest.raises(BadSettings, match=says):
        parse_policy(text.replace(written, instead, 1), "people.yaml")


@pytest.mark.parametrize("text", ["", "[]", "people", "a: {b", "\x00"])
def test_what_is_no_people_file_is_refused(text: str) -> None:
    with pytest.raises(BadSettings, match=r"people\.yaml"):
        parse_policy(text, "people.yaml")


def test_a_missing_file_names_the_setting(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match=r"people\.file"):
        load_policy(tmp_path / "none.yaml")


def test_amounts_are_minor_units_of_the_stated_currency() -> None:
    yen = parse_policy(POLICY.replace("GBP", "JPY"), "p").policy
    assert yen.highest_limit("dana") == 50_000
    assert policy_file().policy.highest_limit("dana") == 50_000_00


def test_a_policy_comes_back_from_its_canonical_text_with_the_same_version() -> None:
    policy = policy_file().policy
    back = read_content(Policy, canonical_json(policy))
    assert back == policy
    assert back.version == policy.version
    assert parse_policy(POLICY.replace("2500", "2600"), "p").policy.version != policy.version


@pytest.mark.parametrize(
    ("written", "instead", "remark"),
    [
        ("limits: [{up_to: 50000}]", "limits: []", "has no limit"),
        ("above: 2500}", "above: 60000}", "Starts above every limit"),
        ("roles: [director]", "roles: [buyer]", "Role 'director' is held by nobody"),
        ("categories: [Furniture]", "categories: []", "two limits for the same field"),
        ("set_budget, over_budget]", "over_budget]", None),
        ("rights: [read, draft, override]", "rights: [read]", None),
    ],
)
def test_the_review_asks_what_a_careful_reader_would(
    written: str, instead: str, remark: str | None
) -> None:
    text = POLICY.replace(written, instead)
    assert text != POLICY
    sentences = " ".join(each.sentence for each in review(policy_file(text).policy))
    assert (remark in sentences) if remark else sentences == ""
