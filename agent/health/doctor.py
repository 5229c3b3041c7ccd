"""`qm doctor`: every question in the order in which the answers depend on each other."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from agent.bootstrap import open_stores
from agent.health import configuration, connections, work
from agent.health.check import Check, ask
from agent.health.data import data_checks
from agent.health.people import people_check
from agent.sections import Settings
from agent.settings import load_settings
from agent.surfaces import SLACK
from engine.errors import PlanningError
from engine.service.stores import Stores
from engine.store.blobs import BlobStore
from engine.store.database import Database, open_database


def examine(config: Path | None, now: datetime) -> Iterator[Check]:
    """Every check that can be made; nothing is imported, decided or sent by asking."""
    try:
        loaded = load_settings(config)
    except PlanningError as error:
        yield Check(area="settings", name="settings", verdict="fail", finding=str(error))
        return
    settings = loaded.settings
    yield configuration.settings_check(loaded)
    yield configuration.secrets_check(loaded)
    yield configuration.model_check(settings)
    yield ask("connections", "disk", lambda: connections.disk_check(settings))
    if connections.is_fresh(settings):
        yield Check(
            area="data",
            name="data",
            verdict="warn",
            finding=f"nothing is set up yet in {settings.home_folder}",
            next_step="qm demo, or qm import FOLDER",
        )
        return
    yield from _stores(settings, now)


def _stores(settings: Settings, now: datetime) -> Iterator[Check]:
    try:
        database = open_database(settings.database_url)
    except PlanningError as error:
        yield Check(area="connections", name="database", verdict="fail", finding=str(error))
        return
    checked = ask("connections", "database", lambda: connections.database_check(database))
    yield checked
    blobs = BlobStore(url=settings.snapshots_url)
    yield ask("connections", "snapshots", lambda: connections.snapshots_check(blobs))
    if checked.verdict == "ok":
        yield from _company(settings, database, now)
    database.close()


def _company(settings: Settings, database: Database, now: datetime) -> Iterator[Check]:
    try:
        stores = open_stores(settings, database)
    except PlanningError as error:
        yield Check(area="connections", name="audit", verdict="fail", finding=str(error))
        return
    yield ask("connections", "audit", lambda: connections.audit_check(stores))
    yield connections.custody_check(settings)
    if settings.outbox.deliver == "email":
        yield ask("connections", "mail", lambda: connections.mail_check(settings))
    yield ask("people", "people", lambda: people_check(stores, settings.policy_file))
    yield from _data_and_work(settings, stores, now)


def _data_and_work(settings: Settings, stores: Stores, now: datetime) -> Iterator[Check]:
    yield from data_checks(stores, now)
    stale = settings.worker.stale_plan_hours
    yield ask("data", "plan", lambda: work.plan_check(stores, now, stale))
    yield ask("work", "worker", lambda: work.leader_check(stores.database, now))
    yield ask("work", "outbox", lambda: work.outbox_check(stores.database))
    yield ask("work", "jobs", lambda: work.jobs_check(stores.database))
    yield ask("work", "recurring work", lambda: work.recurring_check(stores.database))
    if settings.slack.is_connected:
        yield ask("work", "posts", lambda: work.posts_check(stores.database, SLACK))
