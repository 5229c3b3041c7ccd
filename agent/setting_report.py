"""Settings as people read them: value, origin and meaning, with every secret hidden."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, cast

from pydantic import SecretStr

from agent.sections import Settings
from agent.settings import DEFAULT, Loaded, SettingKey, setting_keys, value_of
from engine.errors import StoreError
from engine.store.address import parse_address, show_address

HIDDEN = "set, hidden"


@dataclass(frozen=True, kw_only=True)
class SettingRow:
    key: str
    value: Any  # JSON; a secret is HIDDEN
    origin: str
    description: str
    variable: str

    @property
    def is_default(self) -> bool:
        return self.origin == DEFAULT

    @property
    def shown(self) -> str:
        return "-" if self.value is None else str(self.value)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def settings_report(loaded: Loaded) -> tuple[SettingRow, ...]:
    """One row per setting, defaults resolved to what is really used."""
    plain = loaded.settings.model_dump(mode="json")
    return tuple(
        SettingRow(
            key=one.key,
            value=_shown_value(loaded.settings, one, plain),
            origin=loaded.origin(one.key),
            description=one.description,
            variable=one.variable,
        )
        for one in setting_keys().values()
    )


def example_file() -> str:
    """A settings file in which every line is a comment holding the default."""
    lines = ["# Quartermaster settings. Remove the # of what you change; the rest are defaults."]
    section = ""
    for one in setting_keys().values():
        head, _, name = one.key.rpartition(".")
        if head != section:
            lines += ["", f"[{head}]"]
            section = head
        value = value_of(Settings(), one.key)
        lines += [f"# {one.description}", f"# {name} = {_toml(value)}".rstrip()]
    return "\n".join(lines)


def _shown_value(settings: Settings, one: SettingKey, plain: dict[str, Any]) -> Any:  # noqa: ANN401  any setting
    used = {
        "home": str(settings.home_folder),
        "data.snapshots": settings.snapshots_url,
        "audit.anchor": settings.anchor_url,
        "people.file": str(settings.policy_file),
        "outbox.folder": str(settings.outgoing_folder),
    }
    if one.key == "database.url":
        return shown_url(settings.database_url)
    if one.key in used:
        return used[one.key]
    value = value_of(settings, one.key)
    if isinstance(value, SecretStr):
        return HIDDEN
    if one.key == "audit.key":
        return f"kept in {settings.key_file}"
    return _plain(plain, one.key)


def shown_url(url: str) -> str:
    """A database address without its password; hidden whole when it cannot be parsed."""
    try:
        return show_address(parse_address(url))
    except StoreError:
        return HIDDEN


def _plain(plain: dict[str, Any], key: str) -> Any:  # noqa: ANN401  any setting
    value: Any = plain
    for part in key.split("."):
        value = value[part]
    return value


def _toml(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        parts = cast("tuple[object, ...]", value)
        return f"[{', '.join(map(_toml, parts))}]"
    return f'"{value}"' if isinstance(value, str | Path) else str(value)
