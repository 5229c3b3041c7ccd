"""Delimited text files: which encoding, which delimiter, where the header is."""

import csv
import gzip
import io
import zlib
from pathlib import Path

import numpy as np

from engine.connect import arrow
from engine.connect.columns import Text
from engine.connect.mapping import Reading
from engine.connect.raw import BrokenLine, Origin, RawTable, header_names, origin_of
from engine.errors import BadSource
from engine.model.counting import counted
from engine.model.finding import Finding

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_BYTE_ORDER_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
_CHUNK = 1 << 20
_LINES_IN_A_CELL = 50  # more than any address or description has
_LONG = 100  # characters below which a cell has no fifty lines worth counting


def read_text(path: Path, reading: Reading, table: str) -> RawTable:
    """A CSV-like file as text; findings say what had to be guessed."""
    content, findings = _decoded(path, reading, table)
    delimiter = reading.delimiter or _delimiter(content, reading.header_row)
    if delimiter == "\\t":
        delimiter = "\t"
    if reading.delimiter is None and delimiter != ",":
        findings.append(_guessed_delimiter(path.name, delimiter, table))
    names, lines = _header(content, delimiter, reading.header_row, path.name)
    read = arrow.read_delimited(
        content, cells=len(names), skip_lines=lines, delimiter=delimiter, file=path.name
    )
    _require_closed_quotes(path.name, read)
    broken = tuple(
        BrokenLine(
            file=path.name,
            row=number - lines + reading.header_row,
            text=text,
            reason=f"has {counted(cells, 'cell', 'cells')} where the header names {len(names)}",
        )
        for number, cells, text in read.broken
    )
    return RawTable(
        columns={name: text for name, text in zip(names, read.columns, strict=True) if name},
        origin=_origin(path.name, read.columns, broken, reading.header_row),
        broken=broken,
        findings=tuple(findings),
    )


def _require_closed_quotes(file: str, read: arrow.Lines) -> None:
    """A quotation mark that is never closed swallows line after line into one cell."""
    texts = [text for _, _, text in read.broken]
    for column in read.columns:
        if max(map(len, column.distinct), default=0) > _LONG:
            texts += [value for value in column.distinct if len(value) > _LONG]
    swallowed = next((text for text in texts if text.count("\n") > _LINES_IN_A_CELL), None)
    if swallowed is not None:
        raise BadSource(
            f"{file}: a quotation mark is never closed; what follows it became one cell of "
            f"{swallowed.count(chr(10)):,} lines. It begins with {swallowed[:60]!r}. Correct it."
        )


def _origin(
    file: str, columns: tuple[Text, ...], broken: tuple[BrokenLine, ...], header: int
) -> Origin:
    """Row numbers as a spreadsheet shows them, counting the lines that were left out."""
    out = np.asarray([line.row for line in broken], dtype=np.int32)
    first = header + 1
    numbers = np.arange(first, first + len(columns[0]) + len(out), dtype=np.int32)
    return origin_of(file, np.delete(numbers, out - first))


def _decoded(path: Path, reading: Reading, table: str) -> tuple[bytes, list[Finding]]:
    """The file's content in UTF-8."""
    content = _bytes(path)
    marked = next((e for mark, e in _BYTE_ORDER_MARKS.items() if content.startswith(mark)), None)
    encoding = reading.encoding or marked
    if encoding is None:
        if _is_utf8(content):
            return content, []
        text = _decode(content, "cp1252", path.name)
        return text, [_guessed_encoding(path.name, table)]
    return _decode(content, encoding, path.name), []


def _bytes(path: Path) -> bytes:
    try:
        content = path.read_bytes()
        if path.suffix == ".gz":
            content = gzip.decompress(content)
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise BadSource(f"{path.name} is no complete gzip file. Copy or export it again.") from None
    except OSError as error:
        raise BadSource(f"{path} cannot be read: {error.strerror}. Check its rights.") from None
    if not content.strip():
        raise BadSource(f"{path.name} is empty ({len(content)} bytes). Export it again.")
    return content


def _is_utf8(content: bytes) -> bool:
    import codecs

    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(content), _CHUNK):
            decoder.decode(content[start : start + _CHUNK], start + _CHUNK >= len(content))
    except UnicodeDecodeError:
        return False
    return True


def _decode(content: bytes, encoding: str, file: str) -> bytes:
    try:
        return content.decode(encoding).encode()
    except LookupError:
        raise BadSource(f"{file}: {encoding!r} is no encoding. Try utf-8, cp1252 or utf-16.") from (
            None
        )
    except UnicodeDecodeError as error:
        raise BadSource(
            f"{file} is not {encoding}: byte {content[error.start]:#04x} at {error.start} has no "
            "meaning there. State `encoding` in the mapping (cp1252, cp437, utf-16, ...)."
        ) from None


def _delimiter(content: bytes, header_row: int) -> str:
    """The candidate that the header line has most of; a comma where it has none."""
    lines = content[:_CHUNK].decode("utf-8", errors="replace").splitlines()
    header = lines[header_row - 1] if len(lines) >= header_row else ""
    return max(DELIMITERS, key=header.count)


def _header(content: bytes, delimiter: str, row: int, file: str) -> tuple[list[str], int]:
    """The names in the header record, and how many lines end with it."""
    start = io.StringIO(content[:_CHUNK].decode("utf-8", errors="replace"))
    records = csv.reader(start, delimiter=delimiter)
    found: list[str] = []
    for _ in range(row):
        found = next(records, found)
    return header_names(found, file=file, row=row), records.line_num


def _guessed_encoding(file: str, table: str) -> Finding:
    return Finding(
        code="encoding_guessed",
        severity="warning",
        table=table,
        rows=0,
        message=f"{file} is not UTF-8.",
        done="Read as cp1252 (Windows, western Europe); state `encoding` in the mapping if names "
        "look wrong.",
    )


def _guessed_delimiter(file: str, delimiter: str, table: str) -> Finding:
    return Finding(
        code="delimiter_guessed",
        severity="info",
        table=table,
        rows=0,
        message=f"{file} is separated by {DELIMITERS[delimiter]}, not by comma.",
        done="Read so.",
    )
