"""Digests by themselves: one per name and occasion, whoever asks for it and however often.

The parent is posted first; what stands in its thread follows once it has a place to stand. What is
new and what was resolved is told against the run that the digest before it showed.
"""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from agent.bootstrap import Company
from agent.occasions import DigestSettings
from agent.slack.digests import WHOLE, digest_of, reference, scope_of
from agent.slack.render.digest import DigestPart, parts_of
from agent.surfaces import SLACK
from agent.worker.occasions import Occasion, latest
from engine.errors import PlanningError
from engine.service import posts
from engine.service.company import local_zone
from engine.service.jobs import Job
from engine.service.posts import Place
from engine.service.reading import latest_run
from engine.service.scopes import unknown_names

FRESH = timedelta(hours=1)  # a digest that was set up later than this is not made up for
log = structlog.get_logger("qm.worker")


def run(company: Company, _job: Job) -> None:
    for each in company.settings.digests:
        _look_after(company, each)


def _look_after(company: Company, plan: DigestSettings) -> None:
    now = company.clock.now()
    occasion = latest(plan.at, _zone(company, plan), now, quiet=plan.quiet, holidays=plan.holidays)
    if occasion is None:
        return
    key = f"digest:{plan.name}:{occasion.due:%Y-%m-%dT%H:%MZ}"
    if occasion.tell_at > now:
        if not posts.exists(company.stores.database, f"urgent:{key}"):
            _tell_urgent(company, plan, key, now)
    elif posts.exists(company.stores.database, key):
        _continue_thread(company, plan, key, now)
    elif _is_wanted(company, plan, occasion, now):
        _begin(company, plan, key, now)


def _is_wanted(company: Company, plan: DigestSettings, occasion: Occasion, now: datetime) -> bool:
    """Also after downtime, but not for a time at which nobody had asked for it yet."""
    has_begun = posts.exists(company.stores.database, f"digest:{plan.name}:")
    return has_begun or now - occasion.tell_at <= FRESH


def _begin(company: Company, plan: DigestSettings, key: str, now: datetime) -> None:
    ref = _reference(company, plan, "parent")
    if ref is not None:
        _post(company, plan, key, ref, None, now)
        log.info("digest", name=plan.name, occasion=key)


def _tell_urgent(company: Company, plan: DigestSettings, key: str, now: datetime) -> None:
    """Quiet hours and holidays put a digest off, but not what cannot wait."""
    ref = _reference(company, plan, "urgent")
    if ref is not None and digest_of(company, ref).findings:
        _post(company, plan, f"urgent:{key}", ref, None, now)


def _reference(company: Company, plan: DigestSettings, part: DigestPart) -> dict[str, Any] | None:
    """What the digest shows now; None where there is no plan yet."""
    try:
        run = latest_run(company.stores)
    except PlanningError as reason:
        log.warning("no digest", name=plan.name, reason=str(reason))
        return None
    scope = scope_of(plan)
    unknown = unknown_names(company.stores, run, scope)
    if unknown:
        log.warning("digest names what the plan does not have", name=plan.name, unknown=unknown)
    before = posts.newest_ref(company.stores.database, f"digest:{plan.name}:")
    since = None if before is None or before["run"] == run.id else str(before["run"])
    return reference(run.id, part, scope, since)


def _continue_thread(company: Company, plan: DigestSettings, key: str, now: datetime) -> None:
    message = posts.message_of(company.stores.database, key)
    if message is None or posts.exists(company.stores.database, f"thread:{key}:"):
        return
    parent = posts.newest_ref(company.stores.database, key)
    if parent is None:
        return
    said = parts_of(digest_of(company, parent))
    for part in (part for part in WHOLE[1:] if part in said):
        ref = {**parent, "part": part}
        _post(company, plan, f"thread:{key}:{part}", ref, message.rpartition("/")[2], now)


def _post(
    company: Company,
    plan: DigestSettings,
    key: str,
    ref: dict[str, Any],
    thread: str | None,
    now: datetime,
) -> None:
    place = Place(team=company.settings.slack.team, channel=plan.channel, thread=thread)
    with company.stores.database.write() as work:
        posts.want_once(work, key=key, surface=SLACK, place=place, kind="digest", ref=ref, now=now)


def _zone(company: Company, plan: DigestSettings) -> ZoneInfo:
    if plan.time_zone:
        return ZoneInfo(plan.time_zone)
    with company.stores.database.read() as look:
        return local_zone(look)
