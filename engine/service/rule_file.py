"""The file that says which rules our plan is compared with: the one place that reads its text."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, cast

import pandas as pd
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from engine.errors import BadSettings
from engine.simulate.rules import GRIDS, RuleKind
from engine.simulate.tuning import By

Number = Annotated[float, Field(ge=0, le=1000)]
Setting = (
    Number | Annotated[tuple[Number, ...], Field(min_length=1, max_length=20)] | Literal["tune"]
)
_SETTINGS = ("reserve_days", "cycle_days", "service", "weeks")
# What the replay calls its own contenders.
OURS, HISTORY, NOTHING = "our plan", "what was done", "ordering nothing"
RESERVED = frozenset({OURS, HISTORY, NOTHING})
_COLUMNS = ("sku", "min", "max")


class RuleSpec(BaseModel):
    """One rule. A setting is a number, a list to try, or "tune" (also when left out)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(min_length=1, max_length=40)]
    rule: RuleKind
    by: By = "abc"
    fill_rate: Annotated[float, Field(gt=0, lt=1)] | None = None  # least stock that reaches it
    reserve_days: Setting | None = None
    cycle_days: Setting | None = None
    service: Setting | None = None
    weeks: Setting | None = None
    file: str | None = None  # of `levels`, beside this file

    @model_validator(mode="after")
    def _settings_fit_the_rule(self) -> "RuleSpec":
        mine = tuple(GRIDS[self.rule])
        given = {name for name in _SETTINGS if getattr(self, name) is not None}
        if given - set(mine):
            known = ", ".join(mine) or "file"
            raise ValueError(f"{self.rule} has no {min(given - set(mine))}; it is set by {known}")
        if (self.rule == "levels") != (self.file is not None):
            raise ValueError("`levels`, and nothing else, needs `file`: a CSV of sku, min and max")
        for value in self.grid().get("service", ()):
            if not 0 < value < 1:
                raise ValueError(f"service is a probability such as 0.95, got {value:g}")
        return self

    def grid(self) -> Mapping[str, tuple[float, ...]]:
        """The values to try of each setting; a single one where it is given."""
        return {
            name: _values(getattr(self, name), usual) for name, usual in GRIDS[self.rule].items()
        }


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    policies: Annotated[tuple[RuleSpec, ...], Field(min_length=1, max_length=8)]

    @model_validator(mode="after")
    def _names_differ(self) -> "_File":
        names = [each.name for each in self.policies]
        taken = sorted({*names} & RESERVED)
        if taken:
            raise ValueError(f"the name {taken[0]!r} is taken by the replay itself")
        if len(set(names)) < len(names):
            raise ValueError("two policies have the same name; the table needs to tell them apart")
        return self


def usual_rules() -> tuple[RuleSpec, ...]:
    """Where no file says otherwise: what most companies buy by, each at its best before."""
    return (
        RuleSpec(name="min/max", rule="min_max"),
        RuleSpec(name="reorder point", rule="reorder_point"),
        RuleSpec(name="weeks of cover", rule="weeks_of_cover", by="supplier"),
    )


def read_rules(path: Path) -> tuple[RuleSpec, ...]:
    """Read and check a policy file, YAML or TOML; BadSettings names the key and the fix."""
    content = _parsed(path)
    try:
        return _File.model_validate(content).policies
    except ValidationError as error:
        raise BadSettings(f"The policy file {path.name} does not fit: {_told(error)}") from None


def read_levels(path: Path) -> pd.DataFrame:
    """Rows sku, location, min, max of a CSV; an empty location means everywhere."""
    try:
        listed = pd.read_csv(path, dtype={"sku": str, "location": str})
    except (OSError, ValueError) as error:
        raise BadSettings(f"The levels {path.name} cannot be read as CSV: {error}.") from None
    missing = [name for name in _COLUMNS if name not in listed]
    if missing:
        raise BadSettings(
            f"The levels {path.name} lack the column {missing[0]!r}; write sku, min and max "
            "(location is optional)."
        )
    for name in ("min", "max"):
        listed[name] = pd.to_numeric(listed[name], errors="coerce")
    wrong = listed[~(listed["min"].ge(0) & listed["max"].ge(listed["min"]))]
    if len(wrong):
        row = wrong.iloc[0]
        raise BadSettings(
            f"The levels {path.name} give {row['sku']} a minimum of {row['min']:g} and a maximum "
            f"of {row['max']:g}; write numbers with 0 <= min <= max."
        )
    return listed.reindex(columns=["sku", "location", "min", "max"])


def _parsed(path: Path) -> object:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadSettings(f"The policy file {str(path)!r} cannot be read: {error}.") from None
    try:
        return tomllib.loads(text) if path.suffix == ".toml" else yaml.safe_load(text)
    except (tomllib.TOMLDecodeError, yaml.YAMLError) as error:
        kind = "TOML" if path.suffix == ".toml" else "YAML"
        raise BadSettings(f"The policy file {path.name} is no {kind}: {error}") from None


def _values(given: object, usual: tuple[float, ...]) -> tuple[float, ...]:
    if given is None or given == "tune":
        return usual
    if isinstance(given, tuple):
        return cast("tuple[float, ...]", given)
    return (float(cast("float", given)),)


def _told(error: ValidationError) -> str:
    """The first thing that is wrong, as a sentence."""
    first = error.errors()[0]
    place = ".".join(str(each) for each in first["loc"] if not str(each).startswith("tuple["))
    said = str(first["msg"]).removeprefix("Value error, ")
    return f"{place + ': ' if place else ''}{said} (got {first.get('input')!r})."
