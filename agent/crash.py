"""What a person sees of a bug: a reference and a file, not a traceback."""

import platform
import secrets
import tempfile
import traceback
from collections.abc import Sequence
from datetime import datetime
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path

from agent.redaction import Redaction, redaction_for
from agent.settings import load_settings
from engine.errors import PlanningError


def new_reference() -> str:
    """Eight characters that a person can read out on the telephone."""
    return secrets.token_hex(4)


def save_crash(
    error: BaseException, *, reference: str, folder: Path, now: datetime, redaction: Redaction
) -> Path | None:
    """Write the traceback to a file of its own; None when no place can be written."""
    text = redaction.clean("".join(traceback.format_exception(error)))
    head = (
        f"reference {reference}\nat {now.isoformat(timespec='seconds')}\n"
        f"quartermaster {version('quartermaster')}, Python {platform.python_version()}, "
        f"{platform.platform()}\n\n"
    )
    for place in (folder, Path(tempfile.gettempdir())):
        path = place / f"qm-crash-{now:%Y%m%d-%H%M%S}-{reference}.txt"
        try:
            place.mkdir(parents=True, exist_ok=True)
            path.write_text(head + text, encoding="utf-8")
        except OSError:
            continue
        return path
    return None


def explain_crash(error: BaseException, config: Path | None, now: datetime) -> str:
    """Save the crash under home (or a temporary folder) and say where it is."""
    reference = new_reference()
    folder, redaction = _place(config)
    path = save_crash(error, reference=reference, folder=folder, now=now, redaction=redaction)
    if path is None:
        shown = redaction.clean("".join(traceback.format_exception(error)))
        return f"unexpected error, reference {reference}; no file could be written\n{shown}"
    return f"unexpected error, reference {reference}, details in {path}"


def config_named(arguments: Sequence[str]) -> Path | None:
    """The --config of a command line that ended before it could be parsed whole."""
    for one, following in pairwise([*arguments, ""]):
        if one == "--config" and following:
            return Path(following)
        if one.startswith("--config="):
            return Path(one.removeprefix("--config="))
    return None


def _place(config: Path | None) -> tuple[Path, Redaction]:
    try:
        settings = load_settings(config).settings
    except PlanningError:
        return Path(tempfile.gettempdir()), Redaction()
    return settings.crash_folder, redaction_for(settings)
