"""Who may do what: the people file is valid, and it is the one in force."""

from pathlib import Path

from agent.health.check import Check, Verdict
from engine.errors import NotAllowed
from engine.purchase.policy import Policy
from engine.purchase.policy_review import approvers, review
from engine.service import people
from engine.service.stores import Stores


def people_check(stores: Stores, policy_file: Path) -> Check:
    """The policy in force lets somebody draft and somebody else approve."""
    # A broken file raises what is wrong with it, and is a failed check.
    written = people.load_policy(policy_file).policy if policy_file.exists() else None
    in_force = _in_force(stores)
    if written is not None and written != in_force:
        told = f"{policy_file} is not in force yet"
        return _check("warn", told, f"qm policy install --file {policy_file}")
    if in_force is None:
        told = "nobody may do anything: there is no people file"
        return _check(
            "warn", told, f"write {policy_file}: qm policy example prints one to start from"
        )
    return _judged(in_force)


def _in_force(stores: Stores) -> Policy | None:
    try:
        with stores.database.read() as look:
            return people.policy_in_force(look)
    except NotAllowed:
        return None


def _judged(policy: Policy) -> Check:
    remarks = review(policy)
    told = f"{len(policy.members)} people, {len(approvers(policy))} of them may approve"
    if remarks:
        first = f"{remarks[0].subject}: {remarks[0].sentence}"
        return _check("warn", f"{told}; {len(remarks)} remarks: {first}", "qm policy check")
    return _check("ok", told)


def _check(verdict: Verdict, finding: str, next_step: str | None = None) -> Check:
    return Check(
        area="people", name="people", verdict=verdict, finding=finding, next_step=next_step
    )
