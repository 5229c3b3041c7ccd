"""Read a mapping file; what is wrong in it is named with the nearest thing that would be right."""

from collections.abc import Mapping as Dict
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError
from rapidfuzz import fuzz, process

from engine.connect import mapping
from engine.connect.mapping import Mapping
from engine.errors import BadSource
from engine.model.contract import BY_NAME

# What each part is called where a person reads of it.
PARTS: Dict[type[BaseModel], str] = {
    mapping.Mapping: "The file",
    mapping.CompanyBlock: "company",
    mapping.Defaults: "defaults",
    mapping.Checks: "checks",
    mapping.Reading: "read",
    mapping.Source: "A source of a table",
    mapping.Wide: "wide, in a source",
    mapping.Join: "join, in a source",
    mapping.Drop: "drop, in a source",
    mapping.Case: "cases, in a column",
    mapping.Condition: "A condition, in drop and cases",
    mapping.ColumnRule: "A column, in a source",
}
CONVENTION = ("mapping.yaml", "mapping.yml")  # read from the source folder when none is named


class _TextLoader(yaml.SafeLoader):
    """Every scalar stays text, as written: 007 is no number, NO is no truth value."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012  PyYAML's own class attribute


def _mapping_without_repeats(loader: _TextLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    keys = [str(loader.construct_object(key)) for key, _ in node.value]  # pyright: ignore[reportUnknownArgumentType]  # PyYAML's node types are open
    repeated = sorted({key for key in keys if keys.count(key) > 1})
    if repeated:
        raise yaml.constructor.ConstructorError(
            None, None, f"the key {repeated[0]!r} stands twice", node.start_mark
        )
    return loader.construct_mapping(node, deep=True)


_TextLoader.add_constructor(
    yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping_without_repeats
)


def find_mapping(source: Path, named: Path | None) -> Path | None:
    """The mapping to use: the named one, else mapping.yaml in the source folder, if there."""
    if named is not None:
        if not named.is_file():
            raise BadSource(f"The mapping file {str(named)!r} does not exist. Check --mapping.")
        return named
    return next((source / name for name in CONVENTION if (source / name).is_file()), None)


def load_mapping(path: Path | None) -> Mapping:
    """The mapping in a file; without one, files are expected to be named after the tables."""
    if path is None:
        return Mapping()
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_TextLoader)  # noqa: S506  a SafeLoader that also leaves scalars alone
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadSource(f"{path} is not valid YAML: {error}. Correct the place it names.") from None
    except OSError as error:
        raise BadSource(f"{path} cannot be read: {error.strerror}.") from None
    return read_mapping(content or {}, path.name)


def read_mapping(content: object, name: str) -> Mapping:
    """Validate what a mapping file holds; raises BadSource with the first thing to correct."""
    try:
        read = Mapping.model_validate(content)
    except ValidationError as error:
        raise BadSource(f"{name}: {_sentence(error)}") from None
    for table, sources in read.tables.items():
        _require_known(table, BY_NAME, f"{name}: tables", "table")
        columns = {column.name: None for column in BY_NAME[table].columns}
        for source in sources:
            for column in source.columns:
                _require_known(column, columns, f"{name}: tables.{table}.columns", "column")
    return read


def _require_known(given: str, known: Dict[str, object], place: str, kind: str) -> None:
    if given not in known:
        raise BadSource(f"{place} has no {kind} {given!r}.{nearest(given, known)}")


def nearest(name: str, known: Dict[str, object]) -> str:
    """A hint with the closest of the known names, or with all of them."""
    match = process.extractOne(name, list(known), scorer=fuzz.ratio, score_cutoff=60)
    return f" Did you mean {match[0]!r}?" if match else f" Known: {', '.join(sorted(known))}."


def _sentence(error: ValidationError) -> str:
    # A misspelt key also makes the key it stands for look missing: it is the one to name.
    found = sorted(error.errors(), key=lambda each: each["type"] != "extra_forbidden")
    first = found[0]
    place = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        key = str(first["loc"][-1])
        return f"unknown key {place!r}.{nearest(key, _known_keys(first['loc']))}"
    message = first["msg"].removeprefix("Value error, ")
    return f"{place}: {message}, got {str(first['input'])[:80]!r}."


def _known_keys(place: tuple[int | str, ...]) -> Dict[str, object]:
    """The keys allowed beside an unknown one: those of the part of the mapping it stands in."""
    part: type[BaseModel] = Mapping
    for step in place[:-1]:
        inside = _PART_OF_KEY.get((part, str(step)))
        part = inside or part
    return dict(part.model_fields)


_PART_OF_KEY: dict[tuple[type[BaseModel], str], type[BaseModel]] = {
    (mapping.Mapping, "company"): mapping.CompanyBlock,
    (mapping.Mapping, "read"): mapping.Reading,
    (mapping.Mapping, "defaults"): mapping.Defaults,
    (mapping.Mapping, "checks"): mapping.Checks,
    (mapping.Mapping, "tables"): mapping.Source,
    (mapping.Source, "wide"): mapping.Wide,
    (mapping.Source, "join"): mapping.Join,
    (mapping.Source, "drop"): mapping.Drop,
    (mapping.Source, "columns"): mapping.ColumnRule,
    (mapping.Source, "add"): mapping.ColumnRule,
    (mapping.Drop, "where"): mapping.Condition,
    (mapping.ColumnRule, "cases"): mapping.Case,
    (mapping.Case, "where"): mapping.Condition,
}
