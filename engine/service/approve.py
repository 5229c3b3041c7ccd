"""Approvals: the database decides, once, bound to what was shown, and says what became of a click.

A decision is one unit of work: it takes its turn (the lock of the audit chain), reads everything
the decision depends on anew, and either moves request, order, budget, outbox and audit together
or records the refusal. What a caller carries (rights, amounts) is never believed.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.errors import Stale
from engine.model.canonical import digest as digest_of
from engine.model.people import Person, Right
from engine.purchase.rules import rule_on, who_may
from engine.purchase.states import OrderState
from engine.service import audit
from engine.service.amendment_steps import approve_amendment, end_amendment
from engine.service.approval_card import (
    ApprovalCard,
    Explanation,
    RequestState,
    card_of,
    explanation_of,
    read_question,
    request_state,
)
from engine.service.approval_click import Click, Decision, Outcome, Result
from engine.service.approval_obstacles import first_obstacle
from engine.service.fulfilment import tell
from engine.service.order_steps import approve_order, close_request, record_step
from engine.service.proposing import expire_request
from engine.service.stores import Stores
from engine.store.orders import move_order
from engine.store.spending import release
from engine.store.tables.purchasing import approval_decisions, approval_requests

__all__ = [
    "ApprovalCard", "Outcome", "card", "decide", "explain", "pending", "pending_for", "status",
]  # fmt: skip


def card(stores: Stores, request_id: int, *, now: datetime) -> ApprovalCard:
    """The card of a request, as it stands now; raises UnknownName."""
    with stores.database.read() as look:
        return card_of(look, read_question(look, request_id, now))


def status(stores: Stores, request_id: int) -> RequestState:
    """Where a request stands; raises UnknownName."""
    with stores.database.read() as look:
        return request_state(look, request_id)


def explain(stores: Stores, number: str, *, now: datetime) -> Explanation:
    """Who may approve an order, who may not, and why; raises UnknownName."""
    with stores.database.read() as look:
        return explanation_of(look, number, now)


def pending(stores: Stores, *, now: datetime) -> tuple[ApprovalCard, ...]:
    """Every request that waits, oldest first."""
    query = (
        sa.select(approval_requests.c.id)
        .where(approval_requests.c.state == "pending")
        .order_by(approval_requests.c.id)
    )
    with stores.database.read() as look:
        waiting = look.execute(query).scalars().all()
        return tuple(card_of(look, read_question(look, request_id, now)) for request_id in waiting)


def pending_for(stores: Stores, person: Person, *, now: datetime) -> tuple[ApprovalCard, ...]:
    """The requests that this person may approve now, oldest first."""
    return tuple(each for each in pending(stores, now=now) if person.id in each.who_may)


def decide(
    stores: Stores,
    *,
    request_id: int,
    revision: int,
    digest: str,
    decision: Decision,
    person: Person,
    now: datetime,
    reason: str | None = None,
    break_glass: bool = False,
) -> Outcome:
    """Decide on a request as its card showed it (`revision`, `digest`).

    `break_glass` approves at once beyond limits, steps, ceilings and budgets: it takes the right
    to and a reason, is marked in the audit, and tells everybody who may decide.

    Every answer that a click can have is an Outcome; a refusal is audited like a decision.
    Approving above the budget takes the right to and a reason. Raises UnknownName for a request
    that does not exist, NotAllowed where no policy is in force.
    """
    with stores.database.write() as work:
        audit.take_turn(work)
        click = Click(
            work=work,
            seal=stores.seal,
            question=read_question(work, request_id, now),
            person=person,
            decision=decision,
            reason=reason,
            now=now,
            breaks_glass=break_glass,
        )
        obstacle = first_obstacle(click, revision, digest)
        if obstacle is not None:
            _record_refusal(click, obstacle, digest)
            return obstacle
        return _reject(click) if decision == "reject" else _approve(click)


def _approve(click: Click) -> Outcome:
    question = click.question
    ruling = rule_on(question.policy, question.case, click.person.id, question.approved_by)
    number = question.order.number
    if not ruling.completes and not click.breaks_glass:
        return _note_step(click)
    work, seal, order, signed = click.work, click.seal, question.order, _signed(click)
    if question.amendment is None:
        what = number
        seq = approve_order(
            work, seal, order, question.request.id, click.person, now=click.now, more=signed
        )
    else:
        what = f"The amendment of {number}"
        seq = approve_amendment(
            work, seal, order, question.amendment, click.person, now=click.now, more=signed
        )
    _insert_decision(click, seq)
    if click.breaks_glass:
        _alert(click)
        what += ", beyond the usual limits,"
    return _done(click, "approved", f"{what} is approved by {click.person.name}.")


def _alert(click: Click) -> None:
    """Everybody who decides, administers, asked or wrote learns that the glass was broken."""
    question = click.question
    policy = question.policy
    decide = {Right.APPROVE, Right.ADMINISTER, Right.OVER_BUDGET}
    able = [m.id for m in policy.members if not policy.rights_of(m.id).isdisjoint(decide)]
    tell(
        click.work, question.order, "break_glass", f"break glass:{question.request.id}", click.now,
        people=[*able, question.request.requested_by, *question.case.drafters],
        more={"request_id": question.request.id, "by": click.person.id},
    )  # fmt: skip


def _note_step(click: Click) -> Outcome:
    """An approval that others must follow: the request stays open at its next step."""
    question = click.question
    _take_step(click)
    seq = record_step(
        click.work, click.seal, question.order.id, click.person, at=click.now,
        kind="approval.step", more=_signed(click),
    )  # fmt: skip
    _insert_decision(click, seq)
    ruling = rule_on(question.policy, question.case, click.person.id, question.approved_by)
    approvers = (*question.approved_by, ruling.on_behalf_of or click.person.id)
    hands = replace(question.case, hands=(*question.case.hands, click.person.id))
    able = who_may(question.policy, hands, approvers)
    names = ", ".join(click.called(person) for person in able) or "nobody at present"
    done = _done(
        click,
        "second_approver_needed",
        f"Noted. {question.order.number} needs another approver: {names}.",
    )
    return replace(done, who_may=able)


def _reject(click: Click) -> Outcome:
    question = click.question
    if question.amendment is not None:
        return _reject_amendment(click, question.amendment)
    close_request(click.work, question.request.id, question.request.revision, "rejected", click.now)
    release(click.work, question.order.id, click.now)
    move_order(click.work, question.order, OrderState.REJECTED, ended_at=click.now)
    seq = record_step(
        click.work, click.seal, question.order.id, click.person, at=click.now,
        kind="order.rejected", more=_signed(click),
    )  # fmt: skip
    _insert_decision(click, seq)
    number = question.order.number
    return _done(click, "rejected", f"{number} is rejected by {click.person.name}.")


def _reject_amendment(click: Click, amendment: sa.Row[Any]) -> Outcome:
    """The order stays as its supplier has it."""
    order = click.question.order
    end_amendment(click.work, amendment, "rejected", click.now)
    seq = record_step(
        click.work, click.seal, order.id, click.person, at=click.now,
        kind="order.amendment_rejected", more=_signed(click),
    )  # fmt: skip
    _insert_decision(click, seq)
    sentence = f"The amendment of {order.number} is rejected by {click.person.name}."
    return _done(click, "rejected", sentence)


def _take_step(click: Click) -> None:
    """Move the request to its next step; two near-identical clicks cannot both find it here."""
    request = click.question.request
    moved = click.work.execute(
        sa.update(approval_requests)
        .where(
            approval_requests.c.id == request.id,
            approval_requests.c.revision == request.revision,
            approval_requests.c.state == "pending",
            approval_requests.c.step == request.step,
        )
        .values(step=request.step + 1)
    )
    if not moved.rowcount:
        raise Stale(f"Approval request {request.id} was decided by somebody else meanwhile.")


def _insert_decision(click: Click, audit_seq: int) -> None:
    question = click.question
    ruling = rule_on(question.policy, question.case, click.person.id, question.approved_by)
    click.work.execute(
        sa.insert(approval_decisions).values(
            request_id=question.request.id,
            step=question.request.step,
            approver=click.person.id,
            on_behalf_of=ruling.on_behalf_of,
            decision=click.decision,
            digest=question.digest,
            policy_version=question.policy.version,
            judged_minor=question.case.judged_minor,
            limit_minor=ruling.limit_minor,
            break_glass=click.breaks_glass,
            source=click.person.source,
            reason=click.reason,
            at=click.now,
            audit_seq=audit_seq,
        )
    )


def _signed(click: Click) -> dict[str, object]:
    """What the audit keeps of a decision: what was shown, the rules, the amount it was held to."""
    question = click.question
    ruling = rule_on(question.policy, question.case, click.person.id, question.approved_by)
    return {
        "request": question.request.id,
        "on_behalf_of": ruling.on_behalf_of,
        "step": question.request.step,
        "requester": question.request.requested_by,
        "shown": question.digest,
        "policy": question.policy.version,
        "judged_minor": question.case.judged_minor,
        "reason": digest_of(click.reason) if click.reason else None,
        **({"break_glass": True} if click.breaks_glass else {}),
    }


def _done(click: Click, result: Result, sentence: str) -> Outcome:
    return Outcome(
        result=result,
        cause=None,
        sentence=sentence,
        number=click.question.order.number,
        request_id=click.question.request.id,
        decided_by=click.person.id,
        decided_at=click.now,
    )


def _record_refusal(click: Click, outcome: Outcome, shown: str) -> None:
    """A refusal changes nothing but the audit; a request that has run out is closed as well."""
    question = click.question
    if outcome.result == "expired" and question.request.state == "pending":
        expire_request(click.work, click.seal, question.order, click.now)
    audit.record(
        click.work,
        click.seal,
        click.person,
        at=click.now,
        kind="approval.refused",
        subject=question.order.number,
        body={
            "request": question.request.id,
            "decision": click.decision,
            "cause": outcome.cause,
            # What a caller sends is outside text: whatever it is, only its digest goes in.
            "shown": shown if shown == question.digest else digest_of(shown),
            "policy": question.policy.version,
        },
    )
