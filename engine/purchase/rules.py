"""Who may approve an order, and why: the policy applied to one case. It fails closed.

An order needs every step whose threshold its judged amount exceeds, each taken by a different
person, in any order. The last (largest) step is for somebody whose limit covers the amount; the
earlier ones ask only for the right to approve in that field. A person may approve when that fills
one step more than before, so nobody can block an order by taking the step that another could have.

Whoever stands in for somebody has their roles as well, for orders which that somebody could have
approved: never one that the giver asked for, wrote or has approved already. What was lent cannot
be lent on, and the right to go over budget is not lent.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from engine.model.people import Right
from engine.purchase.policy import Ceiling, Limit, Policy, Step

Cause = Literal[
    "allowed", "unknown_person", "no_right", "own_request", "own_draft", "already_approved",
    "out_of_scope", "above_limit", "other_role", "step_taken",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class StandIn:
    """`taker` may approve what `giver` may."""

    giver: str
    taker: str


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What others of the requester's orders have taken of a ceiling in its period."""

    ceiling: Ceiling
    others_minor: int


@dataclass(frozen=True, kw_only=True)
class Case:
    """What an approver is held against. Amounts are minor units of the base currency."""

    supplier: str
    ship_to: str
    categories: tuple[str | None, ...]  # of every line; None: unknown, inside no narrower field
    requester: str
    drafters: frozenset[str]  # everyone who wrote a revision
    own_minor: int  # this order
    judged_minor: int  # with the requester's other orders to the supplier in the window
    stand_ins: tuple[StandIn, ...] = ()  # in force on the day of the decision
    hands: tuple[str, ...] = ()  # who has approved already, by whosever authority
    asked: tuple["Asked", ...] = ()  # under each ceiling that holds for this order


@dataclass(frozen=True, kw_only=True)
class Ruling:
    """May this person approve now, and would that be the last approval the order needs?"""

    person: str
    cause: Cause
    limit_minor: int | None  # the person's largest limit in this field
    completes: bool = False
    on_behalf_of: str | None = None  # whose authority it takes; None: the person's own is enough

    @property
    def allowed(self) -> bool:
        return self.cause == "allowed"


def needed_steps(policy: Policy, judged_minor: int) -> tuple[Step, ...]:
    """The approvals an order needs; the first step always, also for an order of nothing."""
    first, *larger = policy.steps
    return (first, *(step for step in larger if judged_minor > step.above_minor))


def limit_in_scope(policy: Policy, person: str, case: Case) -> int | None:
    """The person's own largest limit whose field holds the whole order; None: no such field."""
    fitting = [
        limit.up_to_minor
        for role in policy.roles_of(person)
        if Right.APPROVE in role.rights
        for limit in role.limits
        if _covers(limit, case)
    ]
    return max(fitting, default=None)


def rule_on(policy: Policy, case: Case, person: str, approved_by: Sequence[str] = ()) -> Ruling:
    """May `person` approve, given who has approved already? By their own authority, if they can."""
    own = _rule_as(policy, case, person, person, approved_by)
    if own.allowed or not policy.roles_of(person):
        return own
    givers = _givers(case, person, approved_by)
    lent = [_rule_as(policy, case, person, giver, approved_by) for giver in givers]
    # Whoever has no authority of their own is told what stands against the one they were lent.
    otherwise = lent[0] if lent and own.cause == "no_right" else own
    return next((ruling for ruling in lent if ruling.allowed), otherwise)


def _givers(case: Case, person: str, approved_by: Sequence[str]) -> list[str]:
    """Those whose authority the person may use for this order, in a fixed order."""
    closed = {case.requester, *case.drafters, *approved_by}
    lent = {each.giver for each in case.stand_ins if each.taker == person}
    return sorted(lent - closed)


def _rule_as(
    policy: Policy, case: Case, person: str, authority: str, approved_by: Sequence[str]
) -> Ruling:
    """May `person` approve by the authority of `authority`?"""
    limit = limit_in_scope(policy, authority, case)
    barred = _barred(policy, case, person, authority, approved_by, limit)
    lender = authority if authority != person else None
    if barred is not None:
        return Ruling(person=person, cause=barred, limit_minor=limit, on_behalf_of=lender)
    steps = needed_steps(policy, case.judged_minor)
    fits = _step_test(policy, case, steps)
    before = _filled(steps, tuple(approved_by), fits)
    after = _filled(steps, (*approved_by, authority), fits)
    if after == before:
        cause = _why_no_step(policy, case, authority, steps, fits)
        return Ruling(person=person, cause=cause, limit_minor=limit, on_behalf_of=lender)
    return Ruling(
        person=person, cause="allowed", limit_minor=limit, completes=after == len(steps),
        on_behalf_of=lender,
    )  # fmt: skip


def who_may(policy: Policy, case: Case, approved_by: Sequence[str] = ()) -> tuple[str, ...]:
    """Everyone who may approve now, in the policy's order."""
    people = [member.id for member in policy.members]
    return tuple(p for p in people if rule_on(policy, case, p, approved_by).allowed)


def explain(policy: Policy, case: Case, approved_by: Sequence[str] = ()) -> tuple[Ruling, ...]:
    """A ruling on everyone the policy knows."""
    return tuple(rule_on(policy, case, member.id, approved_by) for member in policy.members)


def may_reject(policy: Policy, case: Case, person: str) -> bool:
    """Refusing needs the right to approve in that field, not the limit: saying no costs nothing.

    Whoever asked withdraws the order instead.
    """
    able = (person, *_givers(case, person, ()))
    return person != case.requester and any(
        limit_in_scope(policy, each, case) is not None for each in able
    )


def approves_itself(policy: Policy, case: Case, *, all_lines_flow: bool) -> bool:
    """Does the policy approve without a person? Off unless somebody has set a limit for it."""
    single = len(needed_steps(policy, case.judged_minor)) == 1
    anywhere = policy.auto_approve_up_to_minor
    fields = [] if anywhere is None else [anywhere]
    fields += [limit.up_to_minor for limit in policy.auto_approve if _covers(limit, case)]
    return all_lines_flow and single and case.judged_minor <= max(fields, default=-1)


def broken_ceiling(case: Case) -> Ceiling | None:
    """The first ceiling that this order would break; None: it fits under all of them."""
    return next(
        (
            each.ceiling
            for each in case.asked
            if each.others_minor + case.own_minor > each.ceiling.up_to_minor
        ),
        None,
    )


def may_break_glass(policy: Policy, case: Case, person: str) -> bool:
    """Beyond one's own limits, never for an order that the person asked for or wrote."""
    able = Right.BREAK_GLASS in policy.rights_of(person)
    return able and person != case.requester and person not in case.drafters


def _barred(
    policy: Policy,
    case: Case,
    person: str,
    authority: str,
    approved_by: Sequence[str],
    limit: int | None,
) -> Cause | None:
    if not policy.roles_of(person):
        return "unknown_person"
    if Right.APPROVE not in policy.rights_of(authority):
        return "no_right"
    if person == case.requester:
        return "own_request"
    if person in case.drafters:
        return "own_draft"
    if person in approved_by or person in case.hands:
        return "already_approved"
    return "out_of_scope" if limit is None else None


def _covers(limit: Limit, case: Case) -> bool:
    return (
        (not limit.suppliers or case.supplier in limit.suppliers)
        and (not limit.locations or case.ship_to in limit.locations)
        and all(_in_field(category, limit.categories) for category in case.categories)
    )


def _in_field(category: str | None, fields: tuple[str, ...]) -> bool:
    if not fields:
        return True
    return category is not None and any(
        category == field or category.startswith(f"{field}/") for field in fields
    )


StepTest = Callable[[str, Step], bool]


def _step_test(policy: Policy, case: Case, steps: Sequence[Step]) -> StepTest:
    final = steps[-1]

    def fits(person: str, step: Step) -> bool:
        roles = {role.name for role in policy.roles_of(person)}
        if step.roles and not roles.intersection(step.roles):
            return False
        limit = limit_in_scope(policy, person, case)
        return limit is not None and (step is not final or limit >= case.judged_minor)

    return fits


def _filled(steps: Sequence[Step], people: tuple[str, ...], fits: StepTest) -> int:
    """The most steps that different people can fill: a handful of either, so try every way."""
    if not people or not steps:
        return 0
    first, rest = people[0], people[1:]
    ways = [_filled(steps, rest, fits)]
    for position, step in enumerate(steps):
        if fits(first, step):
            left = (*steps[:position], *steps[position + 1 :])
            ways.append(1 + _filled(left, rest, fits))
    return max(ways)


def _why_no_step(
    policy: Policy, case: Case, person: str, steps: Sequence[Step], fits: StepTest
) -> Cause:
    if any(fits(person, step) for step in steps):
        return "step_taken"
    limit = limit_in_scope(policy, person, case)
    return "above_limit" if limit is None or limit < case.judged_minor else "other_role"
