"""The rules: who may approve what, and what the amount is that counts."""

from dataclasses import replace

import pytest
from hypothesis import given, strategies as st

from engine.model.people import Right
from engine.purchase.policy import Limit, Member, Policy, Role, Step
from engine.purchase.rules import (
    Case,
    approves_itself,
    explain,
    may_reject,
    needed_steps,
    rule_on,
    who_may,
)
from support.purchasing import policy_file, pounds

POLICY = policy_file().policy  # manager 2,000 (Furniture 4,000), director 50,000, two from 2,500


def case(amount: int, **other: object) -> Case:
    values = {
        "supplier": "NORDLICHT",
        "ship_to": "LEEDS",
        "categories": ("Lighting/Table",),
        "requester": "bea",
        "drafters": frozenset({"bea"}),
        "own_minor": pounds(amount),
        "judged_minor": pounds(amount),
        **other,
    }
    return Case(**values)


def test_a_limit_is_inclusive_to_the_penny() -> None:
    assert rule_on(POLICY, case(2000), "max").completes
    above = case(2000, judged_minor=pounds(2000) + 1)
    assert rule_on(POLICY, above, "max").cause == "above_limit"
    assert who_may(POLICY, above) == ("dana",)


def test_the_judged_amount_counts_and_not_the_order_alone() -> None:
    half = case(1500, judged_minor=pounds(3000))
    assert not rule_on(POLICY, half, "max").completes
    assert len(needed_steps(POLICY, half.judged_minor)) == 2


def test_a_limit_for_a_category_holds_only_when_every_line_lies_inside() -> None:
    chairs = case(2400, categories=("Furniture/Chairs", "Furniture"))
    assert rule_on(POLICY, chairs, "max").completes
    for mixed in (("Furniture/Chairs", "Lighting"), ("Furniture", None), ("Furniture2",)):
        assert rule_on(POLICY, case(2400, categories=mixed), "max").cause == "above_limit"


@pytest.mark.parametrize(
    ("scope", "inside"),
    [({"suppliers": ("NORDLICHT",)}, True), ({"suppliers": ("OAKHURST",)}, False),
     ({"locations": ("LEEDS",)}, True), ({"locations": ("BATH",)}, False)],
)  # fmt: skip
def test_a_limit_may_be_narrowed_to_suppliers_and_locations(
    scope: dict[str, tuple[str, ...]], *, inside: bool
) -> None:
    narrow = Role(
        name="manager",
        rights=frozenset({Right.APPROVE}),
        limits=(Limit(up_to_minor=pounds(2000), **scope),),
    )
    policy = replace(POLICY, roles=(narrow,))
    ruling = rule_on(policy, case(100), "max")
    assert ruling.allowed == inside
    assert inside or ruling.cause == "out_of_scope"


def test_whoever_asked_or_wrote_a_revision_never_approves() -> None:
    own = case(100, requester="max", drafters=frozenset({"max", "mia"}))
    assert rule_on(POLICY, own, "max").cause == "own_request"
    assert rule_on(POLICY, own, "mia").cause == "own_draft"
    assert who_may(POLICY, own) == ("dana",)


def test_strangers_and_those_without_the_right_approve_nothing() -> None:
    assert rule_on(POLICY, case(1), "mallory").cause == "unknown_person"
    assert rule_on(POLICY, case(1), "ben").cause == "no_right"
    assert rule_on(POLICY, case(1), "quartermaster").cause == "unknown_person"


def test_above_the_threshold_two_people_approve_in_any_order() -> None:
    large = case(10_000)
    assert rule_on(POLICY, large, "max").allowed
    assert not rule_on(POLICY, large, "max").completes
    assert rule_on(POLICY, large, "dana", ["max"]).completes
    # The director may be first: the manager then takes the step that asks for no limit.
    assert rule_on(POLICY, large, "max", ["dana"]).completes


def test_two_people_without_the_limit_do_not_make_one_with_it() -> None:
    large = case(10_000)
    assert rule_on(POLICY, large, "mia", ["max"]).cause == "step_taken"
    assert who_may(POLICY, large, ["max"]) == ("dana",)


def test_nobody_counts_twice() -> None:
    assert rule_on(POLICY, case(10_000), "dana", ["dana"]).cause == "already_approved"


def test_a_step_may_ask_for_a_role() -> None:
    steps = (POLICY.steps[0], replace(POLICY.steps[1], roles=("director",)))
    policy = replace(POLICY, steps=steps)
    chairs = case(3000, categories=("Furniture",))
    assert rule_on(policy, chairs, "max").allowed
    assert rule_on(policy, chairs, "mia", ["max"]).cause == "step_taken"
    assert rule_on(policy, chairs, "dana", ["max"]).completes


def test_an_order_of_nothing_still_needs_one_approval() -> None:
    assert len(needed_steps(POLICY, 0)) == 1
    assert who_may(POLICY, case(0)) == ("max", "mia", "dana")


def test_a_policy_without_limits_approves_nothing() -> None:
    bare = replace(POLICY, roles=tuple(replace(role, limits=()) for role in POLICY.roles))
    assert who_may(bare, case(0)) == ()
    assert {ruling.cause for ruling in explain(bare, case(0))} == {"no_right", "out_of_scope"}


def test_refusing_takes_the_right_in_that_field_but_no_limit() -> None:
    assert may_reject(POLICY, case(1_000_000), "max")
    assert not may_reject(POLICY, case(1), "ben")
    assert not may_reject(POLICY, case(1, requester="max"), "max")


def test_a_policy_approves_by_itself_only_when_told_and_only_what_flows() -> None:
    assert not approves_itself(POLICY, case(1), all_lines_flow=True)
    told = replace(POLICY, auto_approve_up_to_minor=pounds(100))
    assert approves_itself(told, case(100), all_lines_flow=True)
    assert not approves_itself(told, case(100), all_lines_flow=False)
    assert not approves_itself(told, case(101), all_lines_flow=True)
    split = case(60, judged_minor=pounds(120))
    assert not approves_itself(told, split, all_lines_flow=True)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    roles = tuple(
        Role(
            name=name,
            rights=frozenset(draw(st.sets(st.sampled_from(list(Right))))),
            limits=tuple(
                Limit(up_to_minor=minor) for minor in draw(st.lists(st.integers(0, 50), max_size=2))
            ),
        )
        for name in ("a", "b")
    )
    holds = st.lists(st.sampled_from(["a", "b"]), unique=True, max_size=2).map(tuple)
    members = tuple(Member(id=f"p{n}", roles=draw(holds)) for n in range(4))
    levels = sorted(draw(st.sets(st.integers(1, 40), max_size=2)))
    steps = tuple(Step(name=f"s{level}", above_minor=level) for level in (0, *levels))
    return Policy(currency="GBP", roles=roles, members=members, steps=steps)


@given(policy=policies(), amount=st.integers(0, 60), requester=st.sampled_from(["p0", "x"]))
def test_however_people_click_only_enough_different_and_entitled_ones_complete_it(
    policy: Policy, amount: int, requester: str
) -> None:
    order = case(0, judged_minor=amount, requester=requester, drafters=frozenset({requester}))
    approved: list[str] = []
    completed = False
    for person in [member.id for member in policy.members] * 2:
        ruling = rule_on(policy, order, person, approved)
        if ruling.allowed and not completed:
            approved.append(person)
            completed = ruling.completes
    assert requester not in approved
    assert len(set(approved)) == len(approved)
    assert all(Right.APPROVE in policy.rights_of(person) for person in approved)
    if completed:
        assert len(approved) == len(needed_steps(policy, amount))
        assert max(policy.highest_limit(person) or 0 for person in approved) >= amount
