"""The log: one JSON object per event, ours and the libraries', and never a secret."""

import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from agent.logging import configure_logging
from agent.settings import load_settings
from engine.store.database import Database
from engine.store.migrate import schema_status

SECRETS = {
    "QM_MODEL_API_KEY": "sk-very-secret",
    "QM_DATABASE_URL": "postgresql://qm:hush-hush@db/qm",
}


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    root.handlers, root.level = handlers, level
    logging.getLogger("alembic").setLevel(logging.NOTSET)
    structlog.reset_defaults()


def said(**more: str) -> io.StringIO:
    stream = io.StringIO()
    configure_logging(load_settings(None, {**SECRETS, **more}).settings, stream)
    return stream


def test_an_event_is_one_json_object(tmp_path: Path) -> None:
    stream = said()
    structlog.get_logger("qm.test").info("delivered", order="PO-1001", lines=3)
    event = json.loads(stream.getvalue())
    assert (event["event"], event["order"], event["lines"]) == ("delivered", "PO-1001", 3)
    assert (event["level"], event["logger"]) == ("info", "qm.test")
    assert event["timestamp"].endswith("Z")


def test_secrets_are_hidden_wherever_they_stand() -> None:
    stream = said()
    log = structlog.get_logger("qm.test")
    log.info("call with sk-very-secret", headers={"key": ["Bearer sk-very-secret"]})
    logging.getLogger("library").warning("connecting to %s", SECRETS["QM_DATABASE_URL"])
    refused = RuntimeError("refused sk-very-secret")
    log.error("failed", url="postgresql://qm:hush-hush@db/qm", exc_info=refused)
    text = stream.getvalue()
    assert len(text.splitlines()) == 3
    assert "RuntimeError: refused [hidden]" in text
    assert "sk-very-secret" not in text
    assert "hush-hush" not in text


def test_looking_at_the_schema_is_no_event(empty_database: Database) -> None:
    stream = said()
    schema_status(empty_database)
    logging.getLogger("alembic.runtime.migration").warning("a warning")
    logging.getLogger("library").info("another library")
    events = [json.loads(line)["event"] for line in stream.getvalue().splitlines()]
    assert events == ["a warning", "another library"]


def test_a_person_may_read_it_as_text_and_choose_how_much() -> None:
    stream = said(QM_LOG_STYLE="text", QM_LOG_LEVEL="warning")
    structlog.get_logger("qm.test").info("too much detail")
    structlog.get_logger("qm.test").warning("disk is nearly full", free="1 GiB")
    assert "too much" not in stream.getvalue()
    assert "disk is nearly full" in stream.getvalue()


def test_lines_also_go_to_a_file_and_a_terminal_sees_only_what_went_wrong(tmp_path: Path) -> None:
    stream = io.StringIO()
    settings = load_settings(None, {**SECRETS, "QM_LOG_FOLDER": str(tmp_path)}).settings
    configure_logging(settings, stream, name="chat", least="error")
    with structlog.contextvars.bound_contextvars(turn="t/1"):
        told = {"tool": "sk-very-secret", "milliseconds": 3}
        logging.getLogger("qm.turn").info("tool called", extra=told)
    for handler in logging.getLogger().handlers:
        handler.close()
    assert stream.getvalue() == ""
    line = json.loads((tmp_path / "chat.jsonl").read_text(encoding="utf-8"))
    assert (line["event"], line["turn"], line["tool"]) == ("tool called", "t/1", "[hidden]")
    assert line["milliseconds"] == 3
