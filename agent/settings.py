"""The only reader of the environment: one TOML file, QM_* overrides, every value with its origin.

Order: built-in default, then the file (`--config`, else QM_CONFIG, else ./quartermaster.toml),
then the variable QM_<SECTION>_<KEY>, then QM_<SECTION>_<KEY>_FILE for secrets kept in files.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from rapidfuzz import process

from engine.errors import BadSettings

CONFIG_NAME = "quartermaster.toml"


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DatabaseSettings(Section):
    url: str | None = Field(default=None, description="database address; default: a file in home")


class DataSettings(Section):
    snapshots: str | None = Field(
        default=None, description="folder or bucket of the snapshots; default: a folder in home"
    )


class AuditSettings(Section):
    key: SecretStr | None = Field(
        default=None, description="key of the audit chain; default: a file in home made once"
    )
    anchor: str | None = Field(
        default=None, description="file or bucket that receives the chain's head; default: in home"
    )


class PeopleSettings(Section):
    file: Path | None = Field(default=None, description="people, roles and limits as YAML")


class ModelSettings(Section):
    provider: Literal["offline", "openai"] = Field(
        default="offline", description="who understands the questions"
    )
    name: str = Field(default="gpt-5-mini", description="model name at an OpenAI-compatible server")
    base_url: str | None = Field(default=None, description="server address; default: OpenAI's")
    api_key: SecretStr | None = Field(default=None, description="key of the model server")


class WebSettings(Section):
    host: str = Field(default="127.0.0.1", description="address that `qm serve` listens on")
    port: Annotated[int, Field(ge=0, le=65535)] = Field(default=8080, description="its port")


class WorkerSettings(Section):
    processes: Annotated[int, Field(ge=1, le=64)] = Field(
        default=2, description="processes that compute plans, forecasts and charts"
    )
    poll_seconds: Annotated[float, Field(gt=0)] = Field(
        default=1.0, description="how often the worker looks for due jobs"
    )


class PlanSettings(Section):
    bucket: Literal["auto", "day", "week"] = Field(
        default="auto", description="planning bucket; auto: week when sales are weekly or daily"
    )
    seed: int = Field(default=20261122, description="seed of every simulated path")
    workers: Annotated[int, Field(ge=1, le=64)] = Field(
        default=1, description="processes of one plan run; never changes a figure"
    )


class Settings(Section):
    """Everything that can be set; `qm config show` prints it with origins."""

    home: Path = Field(default=Path("./.quartermaster"), description="where local data lives")
    database: DatabaseSettings = DatabaseSettings()
    data: DataSettings = DataSettings()
    audit: AuditSettings = AuditSettings()
    people: PeopleSettings = PeopleSettings()
    model: ModelSettings = ModelSettings()
    web: WebSettings = WebSettings()
    worker: WorkerSettings = WorkerSettings()
    plan: PlanSettings = PlanSettings()

    @property
    def database_url(self) -> str:
        return self.database.url or f"sqlite:///{self.home.absolute()}/quartermaster.db"

    @property
    def snapshots_url(self) -> str:
        return self.data.snapshots or f"{self.home.absolute()}/snapshots"


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """The settings and where each value came from, by dotted key."""

    settings: Settings
    origins: Mapping[str, str]


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
    return Loaded(settings=settings, origins=origins)


def setting_keys() -> dict[str, str]:
    """Every dotted key with its description."""
    keys: dict[str, str] = {}
    for name, field in Settings.model_fields.items():
        section = field.annotation
        if isinstance(section, type) and issubclass(section, Section):
            keys |= {f"{name}.{k}": f.description or "" for k, f in section.model_fields.items()}
        else:
            keys[name] = field.description or ""
    return keys


def _config_path(config: Path | None, env: Mapping[str, str]) -> Path | None:
    named = config or (Path(env["QM_CONFIG"]) if env.get("QM_CONFIG") else None)
    if named is not None and not named.is_file():
        raise BadSettings(f"The settings file {str(named)!r} does not exist. Check --config.")
    fallback = Path(CONFIG_NAME)
    return named or (fallback if fallback.is_file() else None)


def _merge_file(path: Path, values: dict[str, Any], origins: dict[str, str]) -> None:
    try:
        read = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSettings(
            f"{path} is not valid TOML: {error}. Correct the line it names."
        ) from None
    known = setting_keys()
    for name, content in read.items():
        flat = (
            {f"{name}.{k}": v for k, v in content.items()}
            if isinstance(content, dict)
            else {name: content}
        )
        for key, value in flat.items():
            if key not in known:
                raise BadSettings(f"{path}: unknown setting {key!r}.{_nearest(key, known)}")
            _put(values, key, value)
            origins[key] = str(path)


def _merge_environment(
    env: Mapping[str, str], values: dict[str, Any], origins: dict[str, str]
) -> None:
    by_variable = {"QM_" + key.replace(".", "_").upper(): key for key in setting_keys()}
    for variable in sorted(v for v in env if v.startswith("QM_") and v != "QM_CONFIG"):
        plain = variable.removesuffix("_FILE")
        key = by_variable.get(variable) or by_variable.get(plain)
        if key is None:
            raise BadSettings(f"Unknown variable {variable}.{_nearest(variable, by_variable)}")
        if variable in by_variable:
            _put(values, key, env[variable])
        else:
            _put(values, key, _read_secret(variable, Path(env[variable])))
        origins[key] = f"${variable}"


def _read_secret(variable: str, path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise BadSettings(f"${variable} names {str(path)!r}: {error.strerror}.") from None


def _put(values: dict[str, Any], key: str, value: object) -> None:
    section, _, name = key.rpartition(".")
    (values.setdefault(section, {}) if section else values)[name] = value


def _nearest(name: str, known: Mapping[str, str]) -> str:
    match = process.extractOne(name, list(known), score_cutoff=60)
    return f" Did you mean {match[0]!r}?" if match else " `qm config show` lists the settings."


def _sentence(error: ValidationError, origins: Mapping[str, str]) -> str:
    first = error.errors()[0]
    key = ".".join(str(part) for part in first["loc"])
    return f"Setting {key} ({origins.get(key, 'default')}): {first['msg']}, got {first['input']!r}."
