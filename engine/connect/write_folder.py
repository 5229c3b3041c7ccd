"""Frames of the data contract as a folder of CSV files that `qm import` reads."""

import gzip
import io
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.csv as pacsv
import yaml

from engine.errors import BadSource, InvalidInput
from engine.model import contract
from engine.model.progress import Progress, silent
from engine.model.snapshot import CompanyProfile

MAPPING_FILE = "mapping.yaml"


def write_folder(
    folder: Path,
    company: CompanyProfile,
    tables: Mapping[str, pd.DataFrame],
    *,
    files: Mapping[str, str] | None = None,
    replace: bool = False,
    compress: bool = False,
    progress: Progress = silent,
) -> tuple[Path, ...]:
    """Write one CSV file per table, a mapping that names the company, and `files` (name -> text).

    The folder appears whole or not at all: everything is written beside it and renamed. A folder
    that holds something is refused unless `replace` is set, and replaced only where all it holds
    could have come from here. Raises InvalidInput or BadSource; returns the paths written.
    """
    texts = {MAPPING_FILE: _mapping_text(company), **(files or {})}
    _require_replaceable(folder, set(texts), replace=replace)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    except OSError as error:
        raise _unwritable(folder, error) from None
    try:
        names = _fill(beside, tables, texts, compress=compress, progress=progress)
        _swap(beside, folder)
    except OSError as error:
        raise _unwritable(folder, error) from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return tuple(folder / name for name in names)


def _fill(
    place: Path,
    tables: Mapping[str, pd.DataFrame],
    texts: Mapping[str, str],
    *,
    compress: bool,
    progress: Progress,
) -> list[str]:
    place.chmod(0o755)  # mkdtemp makes it private; the finished folder is an ordinary one
    names: list[str] = []
    for done, (table, frame) in enumerate(tables.items()):
        progress("writing files", done, len(tables))
        names.append(f"{table}.csv.gz" if compress else f"{table}.csv")
        (place / names[-1]).write_bytes(csv_bytes(table, frame, compress=compress))
    for name, text in texts.items():
        names.append(name)
        (place / name).write_text(text, encoding="utf-8")
    progress("writing files", len(tables), len(tables))
    return names


def csv_bytes(table: str, frame: pd.DataFrame, *, compress: bool = False) -> bytes:
    """A table of the contract as CSV: ISO dates, instants in UTC, a point as decimal sign."""
    columns = contract.BY_NAME[table].columns if table in contract.BY_NAME else ()
    instants = [one.name for one in columns if one.kind == "instant" and one.name in frame]
    texts = {name: frame[name].dt.strftime("%Y-%m-%dT%H:%M:%SZ") for name in instants}
    coded = frame.select_dtypes("category").astype(object)
    rows = pa.Table.from_pandas(
        frame.assign(**texts, **{str(name): coded[name] for name in coded}), preserve_index=False
    )
    types = [pa.date32() if pa.types.is_timestamp(kind) else kind for kind in rows.schema.types]
    rows = rows.cast(pa.schema(list(zip(rows.column_names, types, strict=True))))
    sink = io.BytesIO()
    sink.write((",".join(rows.column_names) + "\n").encode())
    sink.write(_rows_as_csv(rows))
    # A time in the gzip header would make equal contents differ.
    return gzip.compress(sink.getvalue(), compresslevel=5, mtime=0) if compress else sink.getvalue()


def _rows_as_csv(rows: pa.Table) -> bytes:
    """Plain where no text needs quotes, which reads and compresses better; else all text quoted."""
    for style in ("none", "needed"):
        sink = io.BytesIO()
        options = pacsv.WriteOptions(include_header=False, quoting_style=style)
        try:
            pacsv.write_csv(rows, sink, options)
        except pa.ArrowInvalid:
            continue
        return sink.getvalue()
    raise BadSource("A table holds text that no CSV file can hold, such as a zero byte.")


def _mapping_text(company: CompanyProfile) -> str:
    block = {
        "name": company.name,
        "base_currency": company.base_currency,
        "time_zone": company.time_zone,
        "country": company.country,
        "demo": company.is_demo,
    }
    text = yaml.safe_dump({"company": block}, sort_keys=False, allow_unicode=True)
    return f"# The files are named after the tables; only the company has to be introduced.\n{text}"


def _require_replaceable(folder: Path, texts: set[str], *, replace: bool) -> None:
    if folder.is_dir():
        held = sorted(entry.name for entry in folder.iterdir())
        ours = texts | {f"{name}{end}" for name in contract.BY_NAME for end in (".csv", ".csv.gz")}
        strange = [name for name in held if name not in ours]
        if held and not replace:
            raise InvalidInput(
                f"The folder {str(folder)!r} holds {len(held)} files, such as {held[0]!r}. "
                "Name another folder, or add --force to replace earlier demo data."
            )
        if strange:
            raise InvalidInput(
                f"The folder {str(folder)!r} holds {strange[0]!r}, which did not come from here. "
                "Name a folder of its own for the demo data."
            )
    elif folder.exists() or folder.is_symlink():
        raise InvalidInput(f"{str(folder)!r} is a file. Name a folder that does not exist yet.")


def _swap(beside: Path, folder: Path) -> None:
    """Put the finished folder in its place; an earlier one steps aside first."""
    if not folder.exists() or not any(folder.iterdir()):
        os.replace(beside, folder)  # noqa: PTH105  Path.replace refuses a folder on some systems
        return
    aside = Path(tempfile.mkdtemp(prefix=f".{folder.name}.old.", dir=folder.parent))
    os.replace(folder, aside)  # noqa: PTH105  as above
    try:
        os.replace(beside, folder)  # noqa: PTH105  as above
    finally:
        if not folder.exists():
            os.replace(aside, folder)  # noqa: PTH105  as above
    shutil.rmtree(aside, ignore_errors=True)


def _unwritable(folder: Path, error: OSError) -> BadSource:
    return BadSource(
        f"The folder {str(folder)!r} cannot be written: {error.strerror or error}. "
        "Check its rights and the free space; nothing was changed."
    )
