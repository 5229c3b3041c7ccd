"""Decisions pressed in Slack: the person's own act, bound to what the card showed.

The database decides (engine.service.approve); pressing twice, or being delivered twice, finds the
decision made. Whoever pressed is answered for their eyes only, wherever the card stands.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
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
from agent.slack.identity import person_of_slack
from agent.slack.incoming import home_of
from agent.slack.render.modals import LINE, REASON, UNTIL, WHO, FormOrigin
from agent.surfaces import SLACK
from agent.views.approval import outcome_text
from engine.errors import InvalidInput, PlanningError, Stale, StoreError
from engine.model.people import Person
from engine.purchase.order import OrderContent
from engine.purchase.revise import Change, ChangeUnits, RemoveLine
from engine.service import (
    approve,
    assignments,
    budget,
    conversation,
    inbox,
    people,
    posts,
    purchase,
)
from engine.service.inbox import Incoming
from engine.service.posts import Place
from engine.service.snoozes import Until, snooze

if TYPE_CHECKING:
    from agent.approvals import Approvals


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What is said to whoever pressed, and where."""

    sentence: str
    channel: str
    user: str
    redraws: str = ""  # keys of posts that begin so read differently now
    request: int | None = None  # an approval request that moved
    needs_plan: bool = False


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
        answered = _answer(payload, str(reason))
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
        return _all_lines(company, payload, unpacked(RequestRef, value))
    if action == FEEDBACK:
        verdict, _, turn = value.partition(" ")
        conversation.judge(company.stores, turn, person, verdict, now=company.clock.now())
        return _answer(payload, "Thank you. It is kept with the answer.")
    raise InvalidInput("I do not know that button. Ask in words what you want.")


def _stop(company: Company, payload: Mapping[str, Any]) -> Answered:
    """One question by its button, or all of a person's by `/qm stop`."""
    value, user = str(payload["value"]), str(payload["user"])
    if value:
        progress.stop(company, unpacked(StopRef, value).post, user)
        return _answer(payload, "Stopping: what is being computed ends first.")
    stopped = progress.stop_all(company, home_of(payload), user)
    told = f"Stopping {stopped} questions." if stopped else "I am not working on anything for you."
    return _answer(payload, told)


def _form(company: Company, person: Person, payload: Mapping[str, Any]) -> Answered:
    origin = unpacked(FormOrigin, str(payload["metadata"]))
    placed = {**payload, "channel": origin.channel}
    reason = str(payload["values"].get(REASON, "")).strip()
    match str(payload["form"]), origin.ref:
        case str(form), RequestRef() as ref if form == REJECT_FORM:
            return _decide(company, person, placed, ref, reason=reason, does_approve=False)
        case str(form), RequestRef() as ref if form == EDIT_FORM:
            return _edit(company, person, placed, ref, reason)
        case str(form), FindingRef() as finding if form == SNOOZE_FORM:
            return _snooze(company, person, placed, finding, reason, origin)
        case str(form), FindingRef() as finding if form == ASSIGN_FORM:
            return _assign(company, person, placed, finding, reason, origin)
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
    return _answer(payload, said, request=ref.request)


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
        _answer(payload, sentence), redraws=f"budget:{ref.proposal}", needs_plan=approve_it
    )


def _edit(
    company: Company,
    person: Person,
    payload: Mapping[str, Any],
    ref: RequestRef,
    reason: str,
) -> Answered:
    """A new revision, proposed at once: whoever changed it cannot approve it themselves."""
    now = company.clock.now()
    card = approve.card(company.stores, ref.request, now=now)
    if (card.revision, card.digest) != (ref.revision, ref.digest):
        raise Stale(f"{card.number} was changed since the form was opened. Look at its new card.")
    view = purchase.revise(
        company.stores,
        card.number,
        changes=_changes(card.content, payload["values"]),
        person=person,
        now=now,
        why=reason or "changed in Slack",
        expected_revision=ref.revision,
    )
    if view.revision == ref.revision:
        return _answer(payload, f"{card.number} stays as it was: nothing was changed.")
    proposed = purchase.propose(company.stores, card.number, person=person, now=now)
    sentence = f"{card.number} is changed and waits for approval at revision {proposed.revision}."
    return _answer(payload, sentence, request=ref.request)


def _snooze(
    company: Company,
    person: Person,
    payload: Mapping[str, Any],
    finding: FindingRef,
    reason: str,
    origin: FormOrigin,
) -> Answered:
    until = Until(day=_day(str(payload["values"].get(UNTIL, ""))))
    snooze(
        company.stores, finding.run, [finding.key], until, reason=reason, person=person,
        now=company.clock.now(),
    )  # fmt: skip
    answered = _answer(payload, f"Put off until {until.day}. The reason is kept with it.")
    return replace(answered, redraws=_shown_by(company, origin))


def _assign(
    company: Company,
    person: Person,
    payload: Mapping[str, Any],
    finding: FindingRef,
    note: str,
    origin: FormOrigin,
) -> Answered:
    given = payload["values"]
    due = str(given.get(UNTIL, ""))
    (made,) = assignments.assign(
        company.stores, finding.run, [finding.key], assignee=str(given.get(WHO, "")),
        due=_day(due) if due else None, note=note, person=person, now=company.clock.now(),
    )  # fmt: skip
    with company.stores.database.read() as look:
        name = people.names(look)[made.assignee]
    sentence = (
        f"{name} looks after it now, and is told." if made.assignee != person.id else "Yours."
    )
    return replace(_answer(payload, sentence), redraws=_shown_by(company, origin))


def _shown_by(company: Company, origin: FormOrigin) -> str:
    """The key of the post whose button opened a form; none: ""."""
    message = f"{origin.channel}/{origin.ts}"
    post = posts.find(company.stores.database, surface=SLACK, message=message)
    return "" if post is None else post.key


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput(f"{text!r} is no day. Choose one in the form.") from None


def _all_lines(company: Company, payload: Mapping[str, Any], ref: RequestRef) -> Answered:
    """The whole order as files in the card's thread, for everybody who decides on it."""
    place = Place(team=home_of(payload), channel=str(payload["channel"]), thread=payload["ts"])
    with company.stores.database.write() as work:
        for kind in ("pdf", "csv"):
            posts.want(
                work, key=f"order:{ref.request}:{ref.revision}:{place.channel}:{kind}",
                surface=SLACK, place=place, kind="order",
                ref={"request": ref.request, "format": kind}, now=company.clock.now(),
            )  # fmt: skip
    return _answer(payload, "All lines follow in the thread of the card.")


def _changes(content: OrderContent, values: Mapping[str, str]) -> list[Change]:
    """The lines whose quantity differs; zero takes one out."""
    changes: list[Change] = []
    for place, line in enumerate(content.lines):
        given = values.get(f"{LINE}{place}", "").strip()
        if not given:
            continue
        if not given.isdigit():
            raise InvalidInput(f"{given!r} is no number of units of {line.sku}.")
        units = int(given)
        if units != line.units:
            changes.append(
                ChangeUnits(line=line.line, units=units) if units else RemoveLine(line=line.line)
            )
    return changes


def _answer(payload: Mapping[str, Any], sentence: str, request: int | None = None) -> Answered:
    return Answered(
        sentence=sentence,
        channel=str(payload.get("channel") or payload["user"]),
        user=str(payload["user"]),
        redraws="" if request is None else f"card:{request}:",
        request=request,
    )
