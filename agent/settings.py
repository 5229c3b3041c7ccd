"""The only reader of the environment: one TOML file, QM_* overrides, every value with its origin.

Order: built-in default, then the file (`--config`, else QM_CONFIG, else ./quartermaster.toml),
then the variable QM_<SECTION>_<KEY>, or QM_<SECTION>_<KEY>_FILE for a secret kept in a file.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from pydantic import SecretStr, ValidationError
from rapidfuzz import process

from agent.sections import Section, Settings
from engine.errors import BadSettings

CONFIG_NAME = "quartermaster.toml"
DEFAULT = "default"


@dataclass(frozen=True, kw_only=True)
class SettingKey:
    """One setting as it can be written: `web.port` in the file, QM_WEB_PORT as a variable."""

    key: str
    description: str
    is_secret: bool
    is_path: bool

    @property
    def variable(self) -> str:
        return "QM_" + self.key.replace(".", "_").upper()


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """The settings and where each value came from, by dotted key; absent means the default."""

    settings: Settings
    origins: Mapping[str, str]
    file: Path | None

    def origin(self, key: str) -> str:
        return self.origins.get(key, DEFAULT)


def model_variables() -> dict[str, str]:
    """The variables that choose the language model: all that the demo takes from outside."""
    env = os.environ  # noqa: TID251  the one reader
    return {name: value for name, value in env.items() if name.startswith("QM_MODEL_")}


def load_settings(
    config: Path | None = None, environment: Mapping[str, str] | None = None
) -> Loaded:
    """Read the settings; an unknown key or a bad value raises BadSettings with the nearest."""
    env = os.environ if environment is None else environment  # noqa: TID251  the one reader
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    path = _config_path(config, env)
    if path is not None:
        _merge_file(path, values, origins)
    _merge_environment(env, values, origins)
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        raise BadSettings(_sentence(error, origins)) from None
    return Loaded(settings=settings, origins=origins, file=path)


def setting_keys() -> dict[str, SettingKey]:
    """Every setting by its dotted key, in the order they are shown."""
    found: dict[str, SettingKey] = {}
    for name, field in Settings.model_fields.items():
        section = field.annotation
        inner = (
            {f"{name}.{key}": one for key, one in section.model_fields.items()}
            if isinstance(section, type) and issubclass(section, Section)
            else {name: field}
        )
        for key, one in inner.items():
            found[key] = SettingKey(
                key=key,
                description=one.description or "",
                is_secret=SecretStr in _types(one.annotation),
                is_path=Path in _types(one.annotation),
            )
    return found


def value_of(settings: Settings, key: str) -> Any:  # noqa: ANN401  a setting may be of any type
    """The value of a dotted key; a secret stays wrapped."""
    value: Any = settings
    for part in key.split("."):
        value = getattr(value, part)
    return value


def _types(annotation: object) -> tuple[object, ...]:
    return (annotation, *getattr(annotation, "__args__", ()))


def _config_path(config: Path | None, env: Mapping[str, str]) -> Path | None:
    if config is not None:
        named, by = config, "--config"
    elif env.get("QM_CONFIG"):
        named, by = Path(env["QM_CONFIG"]), "QM_CONFIG"
    else:
        fallback = Path(CONFIG_NAME)
        return fallback if fallback.is_file() else None
    if not named.is_file():
        raise BadSettings(f"The settings file {str(named)!r} does not exist. Check {by}.")
    return named


def _merge_file(path: Path, values: dict[str, Any], origins: dict[str, str]) -> None:
    known = setting_keys()
    for key, value in _flat(_read_toml(path)).items():
        if key not in known:
            raise BadSettings(f"{path}: unknown setting {key!r}.{_nearest(key, known)}")
        if known[key].is_path and isinstance(value, str):
            # A file that is moved together with its data keeps working from any folder.
            _put(values, key, str(path.parent / Path(value).expanduser()))
        else:
            _put(values, key, value)
        origins[key] = str(path)


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSettings(
            f"{path} is not valid TOML: {error}. Correct the line it names."
        ) from None
    except OSError as error:
        raise BadSettings(f"{path} cannot be read: {error.strerror}.") from None


def _flat(read: Mapping[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, content in read.items():
        if isinstance(content, dict):
            section = cast("dict[str, Any]", content)
            flat |= {f"{name}.{key}": value for key, value in section.items()}
        else:
            flat[name] = content
    return flat


def _merge_environment(
    env: Mapping[str, str], values: dict[str, Any], origins: dict[str, str]
) -> None:
    by_variable = {one.variable: one for one in setting_keys().values()}
    for variable in sorted(v for v in env if v.startswith("QM_") and v != "QM_CONFIG"):
        one = by_variable.get(variable)
        secret = by_variable.get(variable.removesuffix("_FILE"))
        if one is not None:
            _put(values, one.key, env[variable])
        elif secret is not None and secret.is_secret:
            one = secret
            if secret.variable in env:
                raise BadSettings(f"Both {secret.variable} and {variable} are set; unset one.")
            _put(values, one.key, _read_secret(variable, Path(env[variable])))
        else:
            raise BadSettings(f"Unknown variable {variable}.{_nearest(variable, by_variable)}")
        origins[one.key] = f"${variable}"


def _read_secret(variable: str, path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise BadSettings(
            f"${variable} names {str(path)!r}, which cannot be read: {error}"
        ) from None


def _put(values: dict[str, Any], key: str, value: object) -> None:
    section, _, name = key.rpartition(".")
    (values.setdefault(section, {}) if section else values)[name] = value


def _nearest(name: str, known: Mapping[str, object]) -> str:
    match = process.extractOne(name, list(known), score_cutoff=60)
    return f" Did you mean {match[0]!r}?" if match else " `qm config show` lists the settings."


def _sentence(error: ValidationError, origins: Mapping[str, str]) -> str:
    first = error.errors()[0]
    key = ".".join(str(part) for part in first["loc"][:2])
    known = setting_keys().get(key)
    shown = "" if known is None or known.is_secret else f", got {first['input']!r}"
    return f"Setting {key} ({origins.get(key, DEFAULT)}): {first['msg']}{shown}."
