"""An approval that has waited for a day is called to mind, once a day, where its card stands."""

from datetime import datetime, timedelta

from agent.bootstrap import Company
from engine.service import approve, people, posts
from engine.service.approval_card import ApprovalCard
from engine.service.jobs import Job
from engine.service.posts import Place

SURFACE = "slack"


def run(company: Company, _job: Job) -> None:
    hours = company.settings.worker.remind_hours
    if not hours:
        return
    now = company.clock.now()
    for card in approve.pending(company.stores, now=now):
        waited = int((now - card.requested_at) / timedelta(hours=hours))
        if waited:
            _remind(company, card, waited, now)


def _remind(company: Company, card: ApprovalCard, waited: int, now: datetime) -> None:
    """To each who may decide, in their own messages; `waited` counts the reminders."""
    with company.stores.database.read() as look:
        able = [people.slack_identity(look, person) for person in card.who_may]
    for identity in filter(None, able):
        key = f"reminder:{card.request_id}:{waited}:{identity.user_id}"
        if posts.exists(company.stores.database, key):
            continue
        with company.stores.database.write() as work:
            posts.want(
                work, key=key, surface=SURFACE, kind="reminder", now=now,
                place=Place(team=identity.team_id, channel=identity.user_id),
                ref={"request": card.request_id},
            )  # fmt: skip
