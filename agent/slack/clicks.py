"""Decisions pressed in Slack: the person's own act, bound to what the card showed.

The database decides (engine.service.approve); pressing twice, or being delivered twice, finds the
decision made. Whoever pressed is answered for their eyes only, wherever the card stands.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from agent.bootstrap import Company
from agent.slack import progress
from agent.slack.actions import (
    APPROVE,
    ASSIGN_FORM,
    CONFIRM_BUDGET,
    DECLINE_BUDGET,
    EDIT_FORM,
    FEEDBACK,
    LINES,
    REJECT_FORM,
    SNOOZE_FORM,
    STOP,
    BudgetRef,
    FindingRef,
    RequestRef,
    StopRef,
    unpacked,
)
from agent.slack.answered import Answered, answer
from agent.slack.finding_clicks import give, put_off
from agent.slack.identity import person_of_slack
from agent.slack.incoming import home_of
from agent.slack.order_clicks import all_lines, edit
from agent.slack.render.modals import REASON, FormOrigin
from agent.views.approval import outcome_text
from engine.errors import InvalidInput, PlanningError, StoreError
from engine.model.people import Person
from engine.service import (
    approve,
    budget,
    conversation,
    inbox,
    posts,
)
from engine.service.inbox import Incoming

if TYPE_CHECKING:
    from agent.approvals import Approvals


def work_click(company: Company, waits: "Approvals", event: Incoming) -> Answered:
    """Do what was pressed or filled in, once; every click has an answer."""
    payload = event.payload
    try:
        person = person_of_slack(company, payload["team"], payload["user"])
        answered = (
            _form(company, person, payload)
            if event.kind == "form"
            else _click(company, person, payload)
        )
    except PlanningError as reason:
        if isinstance(reason, StoreError) and not event.is_last_attempt:
            raise  # it may pass: tried again before anybody is told
        answered = answer(payload, str(reason))
    now = company.clock.now()
    with company.stores.database.write() as work:
        inbox.done(work, event, now)
        if answered.redraws:
            posts.redraw(work, answered.redraws, now)
    if answered.request is not None:
        waits.wake(answered.request)
    return answered


def _click(company: Company, person: Person, payload: Mapping[str, Any]) -> Answered:
    action, value = str(payload["action"]), str(payload["value"])
    if action == APPROVE:
        ref = unpacked(RequestRef, value)
        return _decide(company, person, payload, ref, reason=None, does_approve=True)
    if action in (CONFIRM_BUDGET, DECLINE_BUDGET):
        return _decide_budget(company, person, payload, approve_it=action == CONFIRM_BUDGET)
    if action == STOP:
        return _stop(company, payload)
    if action == LINES:
        return all_lines(company, payload, unpacked(RequestRef, value))
    if action == FEEDBACK:
        verdict, _, turn = value.partition(" ")
        conversation.judge(company.stores, turn, person, verdict, now=company.clock.now())
        return answer(payload, "Thank you. It is kept with the answer.")
    raise InvalidInput("I do not know that button. Ask in words what you want.")


def _stop(company: Company, payload: Mapping[str, Any]) -> Answered:
    """One question by its button, or all of a person's by `/qm stop`."""
    value, home, user = str(payload["value"]), home_of(payload), str(payload["user"])
    if value:
        progress.stop(company, unpacked(StopRef, value).post, home, user)
        return answer(payload, "Stopping: what is being computed ends first.")
    stopped = progress.stop_all(company, home, user)
    told = f"Stopping {stopped} questions." if stopped else "I am not working on anything for you."
    return answer(payload, told)


def _form(company: Company, person: Person, payload: Mapping[str, Any]) -> Answered:
    origin = unpacked(FormOrigin, str(payload["metadata"]))
    placed = {**payload, "channel": origin.channel}
    reason = str(payload["values"].get(REASON, "")).strip()
    match str(payload["form"]), origin.ref:
        case str(form), RequestRef() as ref if form == REJECT_FORM:
            return _decide(company, person, placed, ref, reason=reason, does_approve=False)
        case str(form), RequestRef() as ref if form == EDIT_FORM:
            return edit(company, person, placed, ref, reason)
        case str(form), FindingRef() as finding if form == SNOOZE_FORM:
            return put_off(company, person, placed, finding, reason, origin)
        case str(form), FindingRef() as finding if form == ASSIGN_FORM:
            return give(company, person, placed, finding, reason, origin)
        case _:
            raise InvalidInput("I do not know that form. Ask in words what you want.")


def _decide(
    company: Company,
    person: Person,
    payload: Mapping[str, Any],
    ref: RequestRef,
    *,
    reason: str | None,
    does_approve: bool,
) -> Answered:
    outcome = approve.decide(
        company.stores,
        request_id=ref.request,
        revision=ref.revision,
        digest=ref.digest,
        decision="approve" if does_approve else "reject",
        person=person,
        now=company.clock.now(),
        reason=reason,
    )
    said = outcome_text(outcome, company.settings.terminal.locale)
    return answer(payload, said, request=ref.request)


def _decide_budget(
    company: Company, person: Person, payload: Mapping[str, Any], *, approve_it: bool
) -> Answered:
    ref = unpacked(BudgetRef, str(payload["value"]))
    proposal = budget.decide_budget(
        company.stores,
        proposal_id=ref.proposal,
        shown_digest=ref.digest,
        approve=approve_it,
        person=person,
        now=company.clock.now(),
    )
    verb = "is in force" if approve_it else "is declined"
    sentence = f"The {proposal.scope} budget of {proposal.period} {verb}."
    return replace(
        answer(payload, sentence), redraws=f"budget:{ref.proposal}", needs_plan=approve_it
    )
