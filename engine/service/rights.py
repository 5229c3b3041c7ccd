"""Whether a person may do something now: asked of the policy in force, not of the caller."""

import sqlalchemy as sa

from engine.errors import NotAllowed
from engine.model.people import Person, Right
from engine.purchase.policy import Policy
from engine.service import people
from engine.service.company import is_demo


def require_right(look: sa.Connection, person: Person, *wanted: Right) -> Policy:
    """The policy in force; raises NotAllowed, naming who may, unless it grants one of these."""
    policy = people.policy_in_force(look)
    if policy.rights_of(person.id).isdisjoint(wanted):
        names = people.names(look)
        able = [
            names.get(member.id, member.id)
            for member in policy.members
            if not policy.rights_of(member.id).isdisjoint(wanted)
        ]
        what = " or ".join(right.value for right in wanted)
        raise NotAllowed(
            f"{person.name} has no right to {what}. Who has: {', '.join(able) or 'nobody'}."
        )
    return policy


def undecided_identity(look: sa.Connection, person: Person, policy: Policy) -> str | None:
    """Why the way a person was identified is not proof enough for a decision; None: it is."""
    if person.source == "demo" and not is_demo(look):
        return "Acting as somebody counts in a demo company only."
    if person.source == "os-user" and not policy.terminal_may_approve:
        return (
            "A terminal's user is not proof enough for a decision here; decide in Slack, or set "
            "terminal_may_approve in the people file."
        )
    return None


def require_decider(look: sa.Connection, person: Person, policy: Policy) -> None:
    """Raise NotAllowed unless the identity was verified well enough to decide on money."""
    lacking = undecided_identity(look, person, policy)
    if lacking:
        raise NotAllowed(lacking)
