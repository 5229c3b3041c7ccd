"""What waits is called to mind: approvals once a day, exceptions to their owner when due."""

from datetime import datetime, timedelta

from agent.bootstrap import Company
from agent.surfaces import SLACK
from engine.errors import PlanningError
from engine.service import approve, assignments, people, posts
from engine.service.approval_card import ApprovalCard
from engine.service.jobs import Job
from engine.service.posts import Place
from engine.service.reading import latest_run


def run(company: Company, _job: Job) -> None:
    hours = company.settings.worker.remind_hours
    if not hours:
        return
    now = company.clock.now()
    _remind_owners(company, now)
    for card in approve.pending(company.stores, now=now):
        waited = int((now - card.requested_at) / timedelta(hours=hours))
        if waited:
            _remind(company, card, waited, now)


def _remind_owners(company: Company, now: datetime) -> None:
    """Whoever looks after an exception, on the day it is due, once."""
    try:
        run = latest_run(company.stores)
    except PlanningError:  # nothing is planned: nothing is reported
        return
    for each in assignments.due_now(company.stores, run.id, now):
        with company.stores.database.write() as work:
            identity = people.slack_identity(work, each.assignee)
            if identity is None:
                continue
            posts.want_once(
                work, key=f"due:{each.id}:{each.due}", surface=SLACK, kind="assignment", now=now,
                place=Place(team=identity.team_id, channel=identity.user_id),
                ref={"assignment": each.id, "lead": "You look after this, and it is due."},
            )  # fmt: skip


def _remind(company: Company, card: ApprovalCard, waited: int, now: datetime) -> None:
    """To each who may decide, in their own messages; `waited` counts the reminders."""
    with company.stores.database.read() as look:
        able = [people.slack_identity(look, person) for person in card.who_may]
    for identity in filter(None, able):
        with company.stores.database.write() as work:
            posts.want_once(
                work, key=f"reminder:{card.request_id}:{waited}:{identity.user_id}",
                surface=SLACK, kind="reminder", now=now,
                place=Place(team=identity.team_id, channel=identity.user_id),
                ref={"request": card.request_id},
            )  # fmt: skip
