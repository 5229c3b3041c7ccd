"""The rows of one source of the mapping: its files found, read, stacked, made long and joined."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from rapidfuzz import fuzz, process

from engine.connect.columns import text_of
from engine.connect.derive import by_rule
from engine.connect.mapping import Join, Reading, Source
from engine.connect.mapping_file import CONVENTION, nearest
from engine.connect.raw import RawTable, origin_of, stacked_tables
from engine.connect.read import READABLE, read_file
from engine.connect.reshape import looked_up, made_long, with_file_columns
from engine.errors import BadSource
from engine.model.contract import BY_NAME
from engine.model.counting import counted
from engine.model.finding import Finding

_CLOSE_NAME = 75  # of 100
INLINE = "mapping"  # where rows written into the mapping itself are said to stand


def sources_by_name(folder: Path) -> dict[str, list[Source]]:
    """Files named after the tables, such as sales.csv.gz or items.xlsx."""
    sources: dict[str, list[Source]] = {}
    for path in files_in(folder):
        table = table_of(path.name)
        if table in BY_NAME:
            sources.setdefault(table, []).append(Source(file=path.name))
    for table, found in sources.items():
        if len(found) > 1:
            names = " and ".join(str(source.file) for source in found)
            raise BadSource(f"{names} both give the table {table}. Remove one, or write a mapping.")
    return sources


def files_in(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.is_file())
    except FileNotFoundError:
        raise BadSource(f"The folder {str(folder)!r} does not exist. Check its name.") from None
    except NotADirectoryError:
        raise BadSource(f"{str(folder)!r} is a file. Name the folder that it is in.") from None
    except OSError as error:
        raise BadSource(f"The folder {str(folder)!r} cannot be read: {error.strerror}.") from None


def table_of(file: str) -> str:
    """The table that a file name means; empty for a file that no reader reads."""
    name = file.lower()
    ending = next((end for end in sorted(READABLE, key=len)[::-1] if name.endswith(end)), None)
    return name.removesuffix(ending) if ending else ""


def gather(folder: Path, table: str, source: Source, shared: Reading) -> RawTable:
    """All rows of a source as text. Raises BadSource for what cannot be read."""
    if source.rows is not None:
        return _inline(source.rows)
    reading = reading_of(source, shared)
    raw = _read(folder, source.file or "", reading, table)
    raw = with_file_columns(raw, source.file_date)
    if source.wide is not None:
        raw = made_long(raw, source.wide)
    for name, rule in source.add.items():
        raw = raw.with_columns({**raw.columns, name: by_rule(raw, rule, reading.decimal or ".")})
    for join in source.join:
        raw = _joined(folder, table, raw, join, shared)
    return raw


def reading_of(stated: Reading, shared: Reading) -> Reading:
    """What is stated for the file itself, else what is stated for all files."""
    own = {
        name: getattr(stated, name)
        for name in Reading.model_fields
        if name in stated.model_fields_set
    }
    return shared.model_copy(update=own)


def _read(folder: Path, pattern: str, reading: Reading, table: str) -> RawTable:
    paths = sorted(path for path in folder.glob(pattern) if path.is_file())
    if not paths:
        hint = nearest(pattern, {path.name: None for path in files_in(folder)})
        raise BadSource(f"No file {pattern!r} in {str(folder)!r}.{hint}")
    return stacked_tables([read_file(path, reading, table) for path in paths])


def _joined(folder: Path, table: str, raw: RawTable, join: Join, shared: Reading) -> RawTable:
    right = _read(folder, join.file, reading_of(join, shared), table)
    joined, missing = looked_up(raw, right, join.on)
    if not missing:
        return joined
    finding = Finding(
        code="join_missing",
        severity="warning",
        table=table,
        rows=missing,
        message=f"{counted(missing, 'row finds', 'rows find')} "
        f"nothing in {join.file} by {', '.join(join.on)}.",
        done="Their joined columns are empty.",
    )
    return RawTable(
        columns=joined.columns,
        origin=joined.origin,
        broken=joined.broken,
        findings=(*joined.findings, *right.findings, finding),
    )


def _inline(rows: list[dict[str, str]]) -> RawTable:
    names = list(dict.fromkeys(name for row in rows for name in row))
    return RawTable(
        columns={name: text_of([row.get(name) or None for row in rows]) for name in names},
        origin=origin_of(INLINE, range(1, len(rows) + 1)),
    )


def ignored_files(folder: Path, read: Iterable[str], tables: Mapping[str, object]) -> list[Finding]:
    """Readable files that nothing asked for; a name close to a table's is pointed out."""
    used = set(read)
    left = [
        path.name
        for path in files_in(folder)
        if table_of(path.name) and path.name not in used and path.name not in CONVENTION
    ]
    return [
        Finding(
            code="ignored_file",
            severity="warning" if _meant(name, tables) else "info",
            table="",
            rows=0,
            message=f"{name} is not read.{_meant(name, tables)}",
            done="Left out; name it after a table, or in a mapping.",
        )
        for name in left
    ]


def _meant(name: str, tables: Mapping[str, object]) -> str:
    close = process.extractOne(
        table_of(name), list(tables), scorer=fuzz.ratio, score_cutoff=_CLOSE_NAME
    )
    return f" Did you mean {close[0]!r}?" if close else ""
