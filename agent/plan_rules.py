"""The rules file: thresholds of exceptions and automation tiers as YAML, each key checked."""

from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any, TypeVar, cast

import yaml
from pydantic import TypeAdapter, ValidationError
from rapidfuzz import process

from engine.errors import BadSettings
from engine.model.automation import Automation, TierRule
from engine.model.config import PlanConfig
from engine.model.plan import EXCEPTION_CODES
from engine.model.rules import Rules

T = TypeVar("T", Rules, Automation, TierRule)
_TOP = ("exceptions", "automation")


def with_rules(config: PlanConfig, path: Path) -> PlanConfig:
    """The configuration with what the file states; what it leaves out stays as built in.

    Raises BadSettings naming the file, the key and what is expected.
    """
    try:
        read = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BadSettings(f"{path} cannot be read: {error}") from None
    content = _mapping(read if read is not None else {}, str(path))
    try:
        _known(content, _TOP, "")
        rules = _part(Rules, content.get("exceptions") or {}, "exceptions")
        automation = _automation(content.get("automation") or {})
        _known(dict.fromkeys(rules.silenced), tuple(EXCEPTION_CODES), "exceptions.silenced ")
    except BadSettings as error:
        raise BadSettings(f"{path}: {error}") from None
    return replace(config, rules=rules, automation=automation)


def as_yaml(config: PlanConfig) -> str:
    """The rules of a configuration as such a file."""
    content = {"exceptions": asdict(config.rules), "automation": asdict(config.automation)}
    return yaml.safe_dump(_plain(content), sort_keys=False, allow_unicode=True)


def _plain(value: object) -> object:
    if isinstance(value, dict):
        named = cast("dict[str, object]", value)
        return {key: _plain(each) for key, each in named.items()}
    if isinstance(value, tuple):
        return [_plain(each) for each in cast("tuple[object, ...]", value)]
    return value


def _automation(given: object) -> Automation:
    content = _mapping(given, "automation")
    listed = content.get("rules")
    if listed is not None and not isinstance(listed, list):
        raise BadSettings("automation.rules must be a list.")
    rules = [
        _part(TierRule, each, f"automation.rules[{n}]")
        for n, each in enumerate(cast("list[object]", listed or []), start=1)
    ]
    rest = {key: value for key, value in content.items() if key != "rules"}
    made = _part(Automation, rest, "automation")
    return made if listed is None else replace(made, rules=tuple(rules))


def _part(kind: type[T], given: object, where: str) -> T:
    content = _mapping(given, where)
    _known(content, tuple(each.name for each in fields(kind)), f"{where}.")
    try:
        return TypeAdapter(kind).validate_python(content)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = ".".join(str(part) for part in first["loc"])
        raise BadSettings(f"{where}.{key}: {first['msg']}, got {first['input']!r}.") from None


def _mapping(given: object, where: str) -> Mapping[str, Any]:
    if not isinstance(given, dict):
        raise BadSettings(f"{where} must hold keys and values, got {given!r}.")
    return cast("dict[str, Any]", given)


def _known(given: Mapping[str, Any], names: tuple[str, ...], where: str) -> None:
    for key in given:
        if key not in names:
            near = process.extractOne(str(key), names, score_cutoff=60)
            meant = f" Did you mean {near[0]!r}?" if near else f" Known: {', '.join(names)}."
            raise BadSettings(f"unknown {where}{key}.{meant}")
