"""The review of the month by itself: made once, posted, and continued in its thread."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from agent.bootstrap import Company
from agent.reviewing import review_now
from agent.slack.reviews import PARTS, ReviewPart
from agent.surfaces import SLACK
from agent.worker.occasions import latest
from engine.errors import PlanningError
from engine.service import posts
from engine.service.company import local_zone
from engine.service.jobs import Job
from engine.service.people import SYSTEM
from engine.service.posts import Place

FRESH = timedelta(hours=12)  # one that was set up later than this is not made up for
log = structlog.get_logger("qm.worker")


def run(company: Company, _job: Job) -> None:
    plan = company.settings.review
    if not plan.channel:
        return
    now = company.clock.now()
    occasion = latest(plan.at, _zone(company), now)
    if occasion is None:
        return
    key = f"review:{occasion.due:%Y-%m-%dT%H:%MZ}"
    if posts.exists(company.stores.database, key):
        _continue_thread(company, key, now)
    elif posts.exists(company.stores.database, "review:") or now - occasion.due <= FRESH:
        _begin(company, key, now)


def _begin(company: Company, key: str, now: datetime) -> None:
    """The month that ended; without data or a plan there is nothing to review yet."""
    try:
        made = review_now(company, None, author=SYSTEM.id, now=now)
    except PlanningError as reason:
        log.warning("no review", reason=str(reason))
        return
    _post(company, key, made.id, "parent", None, now)
    log.info("review", month=made.month, occasion=key)


def _continue_thread(company: Company, key: str, now: datetime) -> None:
    message = posts.message_of(company.stores.database, key)
    parent = posts.newest_ref(company.stores.database, key)
    if message is None or parent is None:
        return
    if posts.exists(company.stores.database, f"thread:{key}:"):
        return
    for part in PARTS[1:]:
        thread = message.rpartition("/")[2]
        _post(company, f"thread:{key}:{part}", int(parent["review"]), part, thread, now)


def _post(
    company: Company, key: str, review: int, part: ReviewPart, thread: str | None, now: datetime
) -> None:
    channel = company.settings.review.channel
    place = Place(team=company.settings.slack.team, channel=channel, thread=thread)
    ref = {"review": review, "part": part}
    with company.stores.database.write() as work:
        posts.want_once(work, key=key, surface=SLACK, place=place, kind="review", ref=ref, now=now)


def _zone(company: Company) -> ZoneInfo:
    if company.settings.review.time_zone:
        return ZoneInfo(company.settings.review.time_zone)
    with company.stores.database.read() as look:
        return local_zone(look)
