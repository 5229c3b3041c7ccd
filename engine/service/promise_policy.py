"""The file that says what is promised to customers: the one place that reads its text."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from rapidfuzz import process

from engine.errors import BadSettings, InvalidInput
from engine.promise.policy import Carrier, MessagePolicy, Partial, PromisePolicy, Telling

Days = Annotated[int, Field(ge=0, le=730)]
_USUAL, _MESSAGES = PromisePolicy(), MessagePolicy()


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Messages(_Part):
    telling: Telling = _MESSAGES.telling
    carrier: Carrier = _MESSAGES.carrier
    tell_earlier: bool = _MESSAGES.tell_earlier
    apology_days: Days = _MESSAGES.apology_days
    strong_days: Days = _MESSAGES.strong_days


class _File(_Part):
    confidence: float = _USUAL.confidence
    tolerance_days: Days = _USUAL.tolerance_days
    maximum_wait_days: Days = _USUAL.maximum_wait_days
    risk_chance: float = _USUAL.risk_chance
    handling_days: Days = _USUAL.handling_days
    lead_time_promise: bool = _USUAL.lead_time_promise
    order_within_days: Days = _USUAL.order_within_days
    partial_fills: Partial = _USUAL.partial_fills
    unpaid: bool = _USUAL.unpaid
    classes: tuple[str, ...] = ()
    channel_reserve: Mapping[str, float] = Field(default_factory=dict[str, float])
    messages: _Messages = _Messages()


def read_promise_policy(path: Path) -> PromisePolicy:
    """Read and check a file; BadSettings names the key, the value and the fix."""
    try:
        written: object = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadSettings(
            f"The promise policy {path.name} cannot be read: {error}. Check promises.policy."
        ) from None
    except yaml.YAMLError as error:
        raise BadSettings(f"The promise policy {path.name} is no YAML: {error}") from None
    return parse_promise_policy(written or {}, path.name)


def parse_promise_policy(written: object, source: str) -> PromisePolicy:
    """From what a file or a stored run holds; `source` names it in errors."""
    try:
        file = _File.model_validate(written)
        values: dict[str, Any] = {**file.model_dump(), "messages": _messages(file.messages)}
        return PromisePolicy(**values)
    except ValidationError as error:
        raise BadSettings(f"The promise policy {source}: {_told(error)}") from None
    except InvalidInput as error:
        raise BadSettings(f"{source}: {error}") from None


def _messages(messages: _Messages) -> MessagePolicy:
    return MessagePolicy(**messages.model_dump())


def _told(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    place = ".".join(str(part) for part in first["loc"]) or "the file"
    if first["type"] == "extra_forbidden":
        known = [*_File.model_fields, *_Messages.model_fields]
        near = process.extractOne(str(first["loc"][-1]), known, score_cutoff=60)
        hint = f" Did you mean {near[0]!r}?" if near else f" Known: {', '.join(known)}."
        return f"unknown key {place!r}.{hint}"
    return f"{place}: {first['msg']}, got {first['input']!r}."
