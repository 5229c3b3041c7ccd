"""What was said, turns that never ended and log files are kept for as long as the settings say.

The audit, orders, plans and people's decisions are kept for ever.
"""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from agent.bootstrap import Company
from agent.checkpoints import open_checkpoints
from agent.logging import LOG_ENDING
from engine.service import approve, chat_records, inbox
from engine.service.jobs import Job

if TYPE_CHECKING:
    from agent.checkpoints import Saver

log = structlog.get_logger("qm.worker")
WAITS = "po:"  # threads that wait for a decision, by approval request


def run(company: Company, _job: Job) -> None:
    settings, now = company.settings.retention, company.clock.now()
    said = _forget_chat(company, now - timedelta(days=settings.chat_days))
    with open_checkpoints(company.stores.database, company.settings.home_folder) as saver:
        cut_off = _forget_checkpoints(
            company, saver, now - timedelta(days=settings.checkpoint_days)
        )
    files = _forget_logs(company.settings.log.folder, now - timedelta(days=settings.log_days))
    log.info("old records deleted", turns=said, checkpoints=cut_off, log_files=files)


def _forget_chat(company: Company, before: datetime) -> int:
    database = company.stores.database
    with database.read() as look:
        old = chat_records.old_turns(look, before)
    with database.write() as work:
        chat_records.delete_turns(work, old)
        chat_records.delete_told(work, before)
        inbox.forget(work, ended_before=before)
    return len(old)


def _forget_checkpoints(company: Company, saver: "Saver", before: datetime) -> int:
    """Threads whose newest checkpoint is older, but for those that still wait for people."""
    newest: dict[str, datetime] = {}
    for each in saver.list(None):
        thread = str(each.config.get("configurable", {})["thread_id"])
        at = datetime.fromisoformat(each.checkpoint["ts"])
        newest[thread] = max(at, newest.get(thread, at))
    old = [thread for thread, at in sorted(newest.items()) if at < before]
    gone = [thread for thread in old if not _still_waits(company, thread)]
    for thread in gone:
        saver.delete_thread(thread)
    return len(gone)


def _still_waits(company: Company, thread: str) -> bool:
    if not thread.startswith(WAITS):
        return False
    return approve.status(company.stores, int(thread.removeprefix(WAITS))) == "pending"


def _forget_logs(folder: Path | None, before: datetime) -> int:
    """Files of `agent.logging` that were last written before then."""
    gone = 0
    for file in sorted(folder.glob(f"*{LOG_ENDING}*")) if folder is not None else ():
        if datetime.fromtimestamp(file.stat().st_mtime, tz=UTC) < before:
            with suppress(FileNotFoundError):  # another worker was first
                file.unlink()
                gone += 1
    return gone
