"""The stores behind a company: the database, the snapshots, the disk, the audit chain."""

import shutil
from pathlib import Path

from agent.health.check import Check, Verdict
from agent.sections import Settings
from agent.worker.routes import mail_server
from engine.errors import PlanningError
from engine.service import audit
from engine.service.stores import Stores
from engine.store import migrate
from engine.store.address import parse_address
from engine.store.blobs import BlobStore
from engine.store.database import Database

GIB = 2**30
LOW_SPACE = 2 * GIB  # a year of a large company's snapshots
NO_SPACE = GIB // 10


def is_fresh(settings: Settings) -> bool:
    """Whether the local database file is still to be made; asking must not make it."""
    url = parse_address(settings.database_url)
    return (
        url.get_backend_name() == "sqlite"
        and bool(url.database)
        and not Path(str(url.database)).exists()
    )


def database_check(database: Database) -> Check:
    """Reachable, and at the schema of this program."""
    status = migrate.schema_status(database)
    shown = database.shown_url()
    if status.is_current:
        return _check("database", "ok", f"{shown} answers, schema {status.current} is current")
    if status.current is None:
        return _check("database", "warn", f"{shown} is empty", "qm demo, or qm import FOLDER")
    told = f"{shown} is at schema {status.current}, this program needs {status.head}"
    return _check("database", "fail", told, "qm db upgrade")


def snapshots_check(blobs: BlobStore) -> Check:
    """Writable."""
    blobs.check_writable()
    return _check("snapshots", "ok", f"{blobs.url} can be written")


def disk_check(settings: Settings) -> Check:
    """Free space where local data lives."""
    place = next(p for p in (settings.home_folder, *settings.home_folder.parents) if p.exists())
    free = shutil.disk_usage(place).free
    told = f"{free / GIB:.1f} GiB free in {place}"
    if free < NO_SPACE:
        return _check("disk", "fail", told, "free some space before the next import")
    if free < LOW_SPACE:
        return _check("disk", "warn", told, "free some space soon")
    return _check("disk", "ok", told)


def audit_check(stores: Stores) -> Check:
    """The chain is whole and its anchor agrees."""
    report = audit.verify(stores)
    if not report.verified:
        told = f"the audit does not verify: {report.findings[0].sentence}"
        return _check("audit", "fail", told, "qm audit verify")
    return _check("audit", "ok", f"audit verified, {report.events} events")


def mail_check(settings: Settings) -> Check:
    """The mail server answers and takes the login; nothing is sent."""
    server = mail_server(settings)
    try:
        greeting = server.check()
    except PlanningError as error:
        return _check("mail", "fail", str(error), "correct the section [mail] of the settings")
    told = greeting.splitlines()[0] if greeting else "it greeted without a name"
    return _check("mail", "ok", f"{server.host}:{server.port} answers: {told}")


def custody_check(settings: Settings) -> Check:
    """The key, the anchor and the database are not all in the hands of who writes one folder."""
    url = parse_address(settings.database_url)
    database = (
        Path(url.database).parent if url.get_backend_name() == "sqlite" and url.database else None
    )
    key = None if settings.audit.key else settings.key_file.parent
    anchor = None if "://" in settings.anchor_url else Path(settings.anchor_url).parent
    if database and key and anchor and database.resolve() == key.resolve() == anchor.resolve():
        told = (
            f"the database, the audit's key and its anchor all lie in {key}: one hand can rewrite"
        )
        step = "set audit.anchor to another machine or bucket, and QM_AUDIT_KEY_FILE elsewhere"
        return _check("custody", "warn", told, step)
    return _check("custody", "ok", "the audit's key, its anchor and the database lie apart")


def _check(name: str, verdict: Verdict, finding: str, next_step: str | None = None) -> Check:
    return Check(
        area="connections",
        name=name,
        verdict=verdict,
        finding=finding,
        next_step=next_step,
    )
