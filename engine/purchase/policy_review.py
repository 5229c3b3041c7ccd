"""What a careful reader would ask about a policy before it is put in force."""

from collections.abc import Iterator
from dataclasses import dataclass

from engine.model.people import Right
from engine.purchase.policy import Policy, Role


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


def _remark(role: Role, what: str) -> Remark:
    return Remark(subject=role.name, sentence=f"Role {role.name!r} {what}.")
