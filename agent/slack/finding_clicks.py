"""Exceptions put off or given to somebody, by a form of the digest."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from agent.bootstrap import Company
from agent.slack.actions import FindingRef
from agent.slack.answered import Answered, answer
from agent.slack.render.modals import UNTIL, WHO, FormOrigin
from agent.surfaces import SLACK
from engine.errors import InvalidInput
from engine.model.people import Person
from engine.service import assignments, people, posts
from engine.service.snoozes import Until, snooze


def put_off(
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
    answered = answer(payload, f"Put off until {until.day}. The reason is kept with it.")
    return replace(answered, redraws=_shown_by(company, origin))


def give(
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
    return replace(answer(payload, sentence), redraws=_shown_by(company, origin))


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
