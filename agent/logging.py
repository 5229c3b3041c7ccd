"""One log line per event, as JSON for machines or as text for people; never a secret."""

import logging
import sys
from collections.abc import Mapping, MutableMapping
from logging.handlers import TimedRotatingFileHandler
from pathlib import Path
from typing import Any, TextIO, cast

import structlog

from agent.redaction import Redaction, redaction_for
from agent.settings import Settings

LOG_ENDING = ".jsonl"
# What the standard library's own log calls may add to a line (`extra=`).
TOLD = (
    "person", "model", "outcome", "refused", "tokens_in", "tokens_out", "milliseconds", "tool",
    "ordinal",
)  # fmt: skip
Items = Mapping[object, object]


def configure_logging(
    settings: Settings,
    stream: TextIO | None = None,
    *,
    name: str = "qm",
    least: str | None = None,
) -> None:
    """Send our log and that of the libraries to one stream; called once by each process.

    With log.folder lines also go to a file of this `name` there, a new one each day. `least` is
    what the stream shows where it is not what the settings say: a terminal shows what went wrong.
    """
    redaction = redaction_for(settings)
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(allow=TOLD),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        Redactor(redaction),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    renderer = (
        structlog.processors.JSONRenderer(sort_keys=True)
        if settings.log.style == "json"
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    shown = logging.StreamHandler(stream or sys.stderr)
    shown.setLevel((least or settings.log.level).upper())
    shown.setFormatter(_formatter(shared, renderer))
    root = logging.getLogger()
    root.handlers = [shown]
    if settings.log.folder is not None:
        root.handlers.append(_daily_file(settings.log.folder, name, shared))
    root.setLevel(settings.log.level.upper())
    # It announces its dialect twice whenever the schema is looked at, so at every /readyz.
    logging.getLogger("alembic").setLevel(max(root.level, logging.WARNING))


def _formatter(shared: list[Any], renderer: Any) -> logging.Formatter:  # noqa: ANN401  structlog's processor
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
    )


def _daily_file(folder: Path, name: str, shared: list[Any]) -> logging.Handler:
    """Lines of JSON; yesterday's file gets its date as an ending."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = TimedRotatingFileHandler(
        folder / f"{name}{LOG_ENDING}", when="midnight", utc=True, encoding="utf-8", delay=True
    )
    kept.setFormatter(_formatter(shared, structlog.processors.JSONRenderer(sort_keys=True)))
    return kept


class Redactor:
    """Replaces secrets in every text of an event, however deep."""

    def __init__(self, redaction: Redaction) -> None:
        self._redaction = redaction

    def __call__(
        self, _logger: object, _method: str, event: MutableMapping[str, Any]
    ) -> MutableMapping[str, Any]:
        return {key: self._clean(value) for key, value in event.items()}

    def _clean(self, value: Any) -> Any:  # noqa: ANN401  a log line may hold anything
        if isinstance(value, str):
            return self._redaction.clean(value)
        if isinstance(value, Mapping):
            return {str(key): self._clean(inner) for key, inner in cast("Items", value).items()}
        if isinstance(value, list | tuple):
            return [self._clean(inner) for inner in cast("list[object]", value)]
        if isinstance(value, int | float | None):
            return value
        return self._redaction.clean(repr(value))
