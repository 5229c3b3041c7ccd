"""Digests by themselves: one per name and occasion, whoever asks for it and however often.

The parent is posted first; what stands in its thread follows once it has a place to stand.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from agent.bootstrap import Company
from agent.occasions import DigestSettings
from agent.worker.occasions import Occasion, latest
from engine.errors import PlanningError
from engine.service import posts
from engine.service.company import local_zone
from engine.service.jobs import Job
from engine.service.posts import Place
from engine.service.reading import latest_run

SURFACE = "slack"
THREAD_PARTS = 2  # what is resolved, what to buy first; an empty one is not posted
FRESH = timedelta(hours=1)  # a digest that was set up later than this is not made up for
log = structlog.get_logger("qm.worker")


def run(company: Company, _job: Job) -> None:
    for each in company.settings.digests:
        _look_after(company, each)


def _look_after(company: Company, plan: DigestSettings) -> None:
    now = company.clock.now()
    occasion = latest(plan.at, _zone(company, plan), now, quiet=plan.quiet, holidays=plan.holidays)
    if occasion is None or occasion.tell_at > now:
        return
    key = f"digest:{plan.name}:{occasion.due:%Y-%m-%dT%H:%MZ}"
    if posts.exists(company.stores.database, key):
        _continue_thread(company, plan, key, now)
    elif _is_wanted(company, plan, occasion, now):
        _post(company, plan, key, 0, None, now)
        log.info("digest", name=plan.name, occasion=key)


def _is_wanted(company: Company, plan: DigestSettings, occasion: Occasion, now: datetime) -> bool:
    """Also after downtime, but not for a time at which nobody had asked for it yet."""
    has_begun = posts.exists(company.stores.database, f"digest:{plan.name}:")
    return has_begun or now - occasion.tell_at <= FRESH


def _continue_thread(company: Company, plan: DigestSettings, key: str, now: datetime) -> None:
    message = posts.message_of(company.stores.database, key)
    if message is None or posts.exists(company.stores.database, f"thread:{key}:"):
        return
    thread = message.rpartition("/")[2]
    for part in range(1, THREAD_PARTS + 1):
        _post(company, plan, f"thread:{key}:{part}", part, thread, now)


def _post(
    company: Company, plan: DigestSettings, key: str, part: int, thread: str | None, now: datetime
) -> None:
    try:
        run_id = latest_run(company.stores).id
    except PlanningError as reason:
        log.warning("no digest", name=plan.name, reason=str(reason))
        return
    place = Place(team=company.settings.slack.team, channel=plan.channel, thread=thread)
    ref = {"run": run_id, "part": part, "digest": plan.name}
    with company.stores.database.write() as work:
        posts.want(work, key=key, surface=SURFACE, place=place, kind="digest", ref=ref, now=now)


def _zone(company: Company, plan: DigestSettings) -> ZoneInfo:
    if plan.time_zone:
        return ZoneInfo(plan.time_zone)
    with company.stores.database.read() as look:
        return local_zone(look)
