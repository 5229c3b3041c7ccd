"""What a careful reader would ask about a policy before it is put in force."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.model.people import Right
from engine.purchase.policy import Limit, Policy, Role


@dataclass(frozen=True, kw_only=True)
class Remark:
    """A rule that can never apply, or an order nobody could decide on."""

    subject: str
    sentence: str


def review(policy: Policy) -> tuple[Remark, ...]:
    """Remarks on a policy that is formally right; none means nothing struck us."""
    return (
        *_on_roles(policy),
        *_on_people(policy),
        *_on_steps(policy),
        *_on_fields(policy),
        *_on_ceilings(policy),
        *_on_carry_over(policy),
    )


def approvers(policy: Policy) -> tuple[str, ...]:
    """Everyone with the right to approve and a limit."""
    return tuple(m.id for m in policy.members if policy.highest_limit(m.id) is not None)


def _on_roles(policy: Policy) -> Iterator[Remark]:
    held = {name for member in policy.members for name in member.roles}
    for role in policy.roles:
        may_approve = Right.APPROVE in role.rights
        if may_approve and not role.limits:
            yield _remark(role, "may approve but has no limit, so it approves nothing")
        if role.limits and not may_approve:
            yield _remark(role, "has limits but not the right to approve, so they do nothing")
        fields = [(x.suppliers, x.categories, x.locations) for x in role.limits]
        if len(set(fields)) < len(fields):
            yield _remark(role, "has two limits for the same field; the larger one counts")
        if role.name not in held:
            yield _remark(role, "is held by nobody")


def _on_people(policy: Policy) -> Iterator[Remark]:
    rights = [policy.rights_of(member.id) for member in policy.members]
    if not any(Right.DRAFT in each for each in rights):
        yield Remark(subject="people", sentence="Nobody may draft an order.")
    if not approvers(policy):
        yield Remark(subject="people", sentence="Nobody may approve anything.")
    if not any(Right.SET_BUDGET in each for each in rights):
        yield Remark(subject="people", sentence="Nobody may decide on a budget.")
    both = [
        m.id
        for m, r in zip(policy.members, rights, strict=True)
        if {Right.DRAFT, Right.APPROVE} <= r
    ]
    others = [person for person in approvers(policy) if person not in both]
    if len(both) == 1 and not others:
        yield Remark(
            subject=both[0],
            sentence=f"{both[0]} is the only approver and may draft: own orders wait for ever.",
        )


def _on_steps(policy: Policy) -> Iterator[Remark]:
    limits = [policy.highest_limit(person) or 0 for person in approvers(policy)]
    largest = max(limits, default=0)
    for number, step in enumerate(policy.steps, start=1):
        if number > 1 and step.above_minor >= largest:
            yield Remark(
                subject=step.name,
                sentence="Starts above every limit: an order that large cannot be approved at all.",
            )
        elif number > len(limits):
            yield Remark(
                subject=step.name,
                sentence=f"Needs {number} approvers, the policy knows {len(limits)}.",
            )


def _on_fields(policy: Policy) -> Iterator[Remark]:
    """Limits that another one covers, for a role or a person of several, and fields of nobody."""
    for role in policy.roles:
        for small, large in _covered(role.limits):
            yield _remark(
                role,
                f"has a limit of {small.up_to_minor} minor units that can never apply: the one of "
                f"{large.up_to_minor} holds wherever it does",
            )
    for member in policy.members:
        able = [role for role in policy.roles_of(member.id) if role.limits]
        if len(able) > 1:
            names = " and ".join(role.name for role in able)
            told = f"{member.id} is {names}; the larger limit of them counts wherever both hold."
            yield Remark(subject=member.id, sentence=told)
    limits = [x for r in policy.roles if Right.APPROVE in r.rights for x in r.limits]
    if limits and all(limit.suppliers or limit.categories or limit.locations for limit in limits):
        told = (
            "Every limit holds in some field only: an order outside of all of them, or with an "
            "item of no category, can be approved by nobody."
        )
        yield Remark(subject="limits", sentence=told)


def _covered(limits: Sequence[Limit]) -> Iterator[tuple[Limit, Limit]]:
    for small in limits:
        for large in limits:
            if small is not large and large.up_to_minor >= small.up_to_minor:
                narrower = small != large and _lies_within(small, large)
                if narrower:
                    yield small, large
                    break


def _lies_within(small: Limit, large: Limit) -> bool:
    """Whether every order in the field of one lies in the field of the other."""

    def within(inner: tuple[str, ...], outer: tuple[str, ...]) -> bool:
        return not outer or (bool(inner) and set(inner) <= set(outer))

    def below(inner: tuple[str, ...], outer: tuple[str, ...]) -> bool:
        return not outer or (
            bool(inner) and all(any(i == o or i.startswith(f"{o}/") for o in outer) for i in inner)
        )

    return (
        within(small.suppliers, large.suppliers)
        and within(small.locations, large.locations)
        and below(small.categories, large.categories)
    )


def _on_ceilings(policy: Policy) -> Iterator[Remark]:
    """A step whose roles nobody holds; a ceiling of nobody; a tier above every ceiling."""
    held = {name for member in policy.members for name in member.roles}
    for step in policy.steps:
        able = [r for r in policy.roles if r.name in step.roles and Right.APPROVE in r.rights]
        if step.roles and not any(role.name in held for role in able):
            told = f"Step {step.name!r} is for roles of which nobody may approve."
            yield Remark(subject=step.name, sentence=told)
    for ceiling in policy.ceilings:
        if ceiling.roles and held.isdisjoint(ceiling.roles):
            told = f"Ceiling {ceiling.name!r} is for roles that nobody holds."
            yield Remark(subject=ceiling.name, sentence=told)
    highest = max((policy.highest_limit(person) or 0 for person in approvers(policy)), default=0)
    alone = [policy.auto_approve_up_to_minor or 0, *(x.up_to_minor for x in policy.auto_approve)]
    if max(alone) > highest:
        told = "The policy approves by itself what no person may approve."
        yield Remark(subject="auto_approve", sentence=told)


def _on_carry_over(policy: Policy) -> Iterator[Remark]:
    for rule in policy.carry_over:
        of = rule.scope or "every budget"
        if rule.carry == "all" and rule.period in ("week", "month"):
            told = f"What is left of each {rule.period} piles up without a limit ({of})."
            yield Remark(subject="carry_over", sentence=told)
        if rule.carry == "none" and not rule.scope:
            told = f"Nothing is handed on from a {rule.period} anyway: the rule says nothing."
            yield Remark(subject="carry_over", sentence=told)


def _remark(role: Role, what: str) -> Remark:
    return Remark(subject=role.name, sentence=f"Role {role.name!r} {what}.")
