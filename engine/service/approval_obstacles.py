"""Everything that can stand between a click and its effect, asked in this order.

Is the question still open; is the identity proof enough; is it what was shown; may this person;
does the budget hold.
"""

from engine.model.people import Right
from engine.purchase.diff import difference
from engine.purchase.rules import (
    Cause,
    broken_ceiling,
    may_break_glass,
    may_reject,
    rule_on,
)
from engine.service.approval_card import budgets_of
from engine.service.approval_click import Click, Outcome
from engine.service.rights import undecided_identity
from engine.store.orders import read_revision

_BECAUSE: dict[Cause, str] = {
    "unknown_person": "{name} is not in the people file.",
    "no_right": "{name} has no right to approve.",
    "own_request": "{name} asked for {number} and cannot approve it.",
    "own_draft": "{name} wrote a revision of {number} and cannot approve it.",
    "already_approved": "{name} has approved {number} already; the next step needs another person.",
    "out_of_scope": "{number} lies outside what {name} may approve.",
    "above_limit": "{number} is above the limit of {name}.",
    "other_role": "The open step of {number} is for another role than that of {name}.",
    "step_taken": "The step of {number} that {name} could take is taken.",
}


def first_obstacle(click: Click, revision: int, digest: str) -> Outcome | None:
    """Why nothing may be done; None when nothing stands in the way."""
    return (
        _decided(click)
        or _run_out(click)
        or _identity_in_doubt(click)
        or _not_what_was_shown(click, revision, digest)
        or (_no_emergency(click) if click.breaks_glass else _not_entitled(click))
        or (None if click.breaks_glass else _ceiling_broken(click) or _budget_gone(click))
    )


def _decided(click: Click) -> Outcome | None:
    question = click.question
    if question.request.state in ("approved", "rejected"):
        made = question.decisions[-1] if question.decisions else None
        by = click.called(made.approver) if made else "the policy itself"
        sentence = f"{question.order.number} was {question.request.state} already, by {by}."
        return click.refused("already_decided", sentence, result="already_decided")
    if question.request.state == "void":
        return _stale(click, f"{question.order.number} was changed since the card was shown.")
    return None


def _run_out(click: Click) -> Outcome | None:
    request, number = click.question.request, click.question.order.number
    if request.state == "expired" or request.expires_at <= click.now:
        sentence = f"The request for {number} ran out before it was decided. Propose it again."
        return click.refused("expired", sentence, result="expired")
    return None


def _identity_in_doubt(click: Click) -> Outcome | None:
    lacking = undecided_identity(click.work, click.person, click.question.policy)
    return click.refused("identity", lacking) if lacking else None


def _not_what_was_shown(click: Click, revision: int, digest: str) -> Outcome | None:
    question = click.question
    number = question.order.number
    if revision != question.request.revision or question.order.revision != question.base_revision:
        return _stale(click, f"{number} was changed since the card was shown.", revision)
    if digest != question.digest:
        return _stale(click, f"The rules for {number} changed since the card was shown.", revision)
    return None


def _not_entitled(click: Click) -> Outcome | None:
    question, person = click.question, click.person.id
    ruling = rule_on(question.policy, question.case, person, question.approved_by)
    if click.decision == "reject":
        allowed = may_reject(question.policy, question.case, person)
    else:
        allowed = ruling.allowed
    if allowed:
        return None
    cause = "no_right" if ruling.allowed else ruling.cause
    because = _BECAUSE[cause].format(name=click.person.name, number=question.order.number)
    return click.refused(cause, f"{because} {click.who_may_sentence()}")


def _no_emergency(click: Click) -> Outcome | None:
    """Breaking the glass takes the right to, a reason, and an order of somebody else."""
    question, name = click.question, click.person.name
    number = question.order.number
    if click.decision == "reject":
        return click.refused("no_emergency", f"Rejecting {number} needs no emergency.")
    if Right.BREAK_GLASS not in question.policy.rights_of(click.person.id):
        return click.refused("no_right", f"{name} has no right to approve in an emergency.")
    if not may_break_glass(question.policy, question.case, click.person.id):
        told = f"{name} asked for or wrote {number}; not even an emergency lets them approve it."
        return click.refused("own_request", told)
    if not (click.reason or "").strip():
        return click.refused("no_emergency", f"Say why {number} cannot wait for its approvers.")
    return None


def _ceiling_broken(click: Click) -> Outcome | None:
    """A ceiling may have been lowered since the order was proposed."""
    question = click.question
    ceiling = broken_ceiling(question.case) if click.decision == "approve" else None
    if ceiling is None:
        return None
    told = f"{question.order.number} would break the ceiling {ceiling.name!r} of this period."
    return click.refused("above_ceiling", told)


def _budget_gone(click: Click) -> Outcome | None:
    """The budget may have been cut, or spent by others, since the order was proposed.

    The approval that completes an order above its budget needs somebody with the right to go
    over, and their reason: the one who clicks, or one who has approved before.
    """
    question, policy = click.question, click.question.policy
    ruling = rule_on(policy, question.case, click.person.id, question.approved_by)
    if click.decision == "reject" or not ruling.completes:
        return None
    effects = budgets_of(click.work, question)
    exceeded = [effect for effect in effects if effect.is_exceeded]
    given = [(made.approver, made.reason) for made in question.decisions]
    given.append((click.person.id, click.reason))
    able = [(why or "").strip() for who, why in given if Right.OVER_BUDGET in policy.rights_of(who)]
    if not exceeded or any(able):
        return None
    scope = f"the {exceeded[0].scope} budget of {exceeded[0].period}"
    lacking = "approving it takes a reason" if able else f"{click.person.name} may not go over"
    return click.refused("over_budget", f"{question.order.number} exceeds {scope}; {lacking}.")


def _stale(click: Click, what: str, shown: int | None = None) -> Outcome:
    """With the difference between what the button was for and what the order is now."""
    order = click.question.order
    seen = min(max(shown or click.question.request.revision, 1), order.revision)
    before = read_revision(click.work, order.id, seen).content
    after = read_revision(click.work, order.id, order.revision).content
    return click.refused(
        "stale",
        f"{what} Nothing was done; look at it as it is now.",
        result="stale",
        changed=difference(before, after),
    )
