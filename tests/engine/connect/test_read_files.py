"""Files of every kind become text columns with the rows they stand in."""

import gzip
from datetime import datetime
from pathlib import Path

import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from engine.connect.mapping import Reading
from engine.connect.raw import RawTable
from engine.connect.read import read_file
from engine.errors import BadSource


def read(path: Path, content: str | bytes, **reading: object) -> RawTable:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_file(path, Reading.model_validate(reading), "sales")


def column(raw: RawTable, name: str) -> list[str | None]:
    return [raw.columns[name].at(row) for row in range(len(raw))]


def codes(raw: RawTable) -> list[str]:
    return [finding.code for finding in raw.findings]


def test_rows_are_numbered_as_a_spreadsheet_shows_them(tmp_path: Path) -> None:
    raw = read(tmp_path / "a.csv", 'sku,name\nA,one\n\nB,"two\nlines"\nC\nD,four\n')
    assert column(raw, "sku") == ["A", "B", "D"]
    assert raw.origin.row.tolist() == [2, 4, 6]
    assert [(line.row, line.text) for line in raw.broken] == [(5, "C")]
    assert raw.broken[0].reason == "has 1 cell where the header names 2"


def test_cells_are_trimmed_and_blank_cells_are_empty(tmp_path: Path) -> None:
    raw = read(tmp_path / "a.csv", "sku , name\n A ,  \n")
    assert column(raw, "sku") == ["A"]
    assert column(raw, "name") == [None]


@pytest.mark.parametrize("sign", [";", "\t", "|"])
def test_another_delimiter_is_found_and_said(tmp_path: Path, sign: str) -> None:
    raw = read(tmp_path / "a.csv", f"sku{sign}units\nA{sign}1,5\n")
    assert column(raw, "units") == ["1,5"]
    assert codes(raw) == ["delimiter_guessed"]


def test_a_stated_delimiter_is_used_without_a_finding(tmp_path: Path) -> None:
    raw = read(tmp_path / "a.csv", "sku;units\nA;1\n", delimiter=";")
    assert column(raw, "units") == ["1"]
    assert codes(raw) == []


def test_windows_text_is_read_and_said(tmp_path: Path) -> None:
    raw = read(tmp_path / "a.csv", "sku,name\nA,Café £5\n".encode("cp1252"))
    assert column(raw, "name") == ["Café £5"]
    assert codes(raw) == ["encoding_guessed"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_names_the_encoding(tmp_path: Path, encoding: str) -> None:
    raw = read(tmp_path / "a.csv", "sku,name\nA,Käse\n".encode(encoding))
    assert column(raw, "sku") == ["A"]
    assert column(raw, "name") == ["Käse"]


def test_bytes_that_no_guess_explains_are_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(BadSource, match=r"a\.csv is not cp1252.*`encoding`"):
        read(tmp_path / "a.csv", b"sku\n\x81\x8d\n")


def test_an_encoding_that_is_none_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(BadSource, match="no encoding"):
        read(tmp_path / "a.csv", "sku\nA\n", encoding="latin-17")


def test_a_header_further_down_is_found_where_the_mapping_says(tmp_path: Path) -> None:
    raw = read(tmp_path / "a.csv", "Report of 2026\n\nsku,units\nA,1\n", header_row=3)
    assert column(raw, "sku") == ["A"]
    assert raw.origin.row.tolist() == [4]


def test_texts_that_mean_nothing_are_empty_where_the_mapping_says(tmp_path: Path) -> None:
    raw = read(tmp_path / "a.csv", "sku,name\nA,(none)\n", empty=["(none)"])
    assert column(raw, "name") == [None]


@pytest.mark.parametrize("content", [b"", b"  \n"])
def test_an_empty_file_is_a_clear_error(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(BadSource, match=r"a\.csv is empty"):
        read(tmp_path / "a.csv", content)


def test_a_column_named_twice_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(BadSource, match="'units' twice"):
        read(tmp_path / "a.csv", "sku,units,units\nA,1,2\n")


def test_a_quotation_mark_that_is_never_closed_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(BadSource, match="quotation mark"):
        read(tmp_path / "a.csv", 'sku,name\n"A,one\n' + "B,two\n" * 100)


def test_gzip_is_read_and_a_cut_one_is_a_clear_error(tmp_path: Path) -> None:
    packed = gzip.compress(b"sku,units\nA,1\n" * 100)
    assert len(read(tmp_path / "a.csv.gz", packed)) == 199
    with pytest.raises(BadSource, match="no complete gzip"):
        read(tmp_path / "a.csv.gz", packed[:-20])


def test_a_workbook_is_read_as_its_cells_mean(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.create_sheet("Sales")
    for row in (
        ["sku", "day", "at", "units", "price", "open"],
        ["A", datetime(2026, 11, 22), datetime(2026, 11, 22, 8, 30), 3.0, 2.55, True],  # noqa: DTZ001  workbooks know no zone
        [None, None, None, None, None, None],
        ["B", None, None, 4, 1, False],
    ):
        sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    raw = read_file(tmp_path / "a.xlsx", Reading(sheet="Sales"), "sales")
    assert column(raw, "day") == ["2026-11-22", None]
    assert column(raw, "at") == ["2026-11-22 08:30:00", None]
    assert column(raw, "units") == ["3", "4"]
    assert column(raw, "price") == ["2.55", "1"]
    assert column(raw, "open") == ["true", "false"]
    assert raw.origin.row.tolist() == [2, 4]


def test_a_sheet_that_is_not_there_is_named_with_those_that_are(tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "a.xlsx")
    with pytest.raises(BadSource, match=r"no sheet 'Sales'. It has Sheet"):
        read_file(tmp_path / "a.xlsx", Reading(sheet="Sales"), "sales")


def test_a_cut_workbook_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(BadSource, match=r"no complete Excel workbook"):
        read(tmp_path / "a.xlsx", b"PK\x03\x04 cut")


def test_parquet_of_any_plain_type_is_read_as_text(tmp_path: Path) -> None:
    table = pa.table(
        {
            "sku": pa.array(["A", "B", "A"]).dictionary_encode(),
            "date": pa.array(np.array(["2026-11-22", "2026-11-23", "NaT"], "datetime64[D]")),
            "units": pa.array([1, None, 3]),
            "price": pa.array([2.55, 0.1, 1e-7]),
            "nested": pa.array([[1], [2], [3]]),
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    raw = read_file(tmp_path / "a.parquet", Reading(), "sales")
    assert column(raw, "sku") == ["A", "B", "A"]
    assert column(raw, "date") == ["2026-11-22", "2026-11-23", None]
    assert column(raw, "units") == ["1", None, "3"]
    assert column(raw, "price") == ["2.55", "0.1", "1e-7"]
    assert "nested" not in raw.columns


def test_a_truncated_parquet_is_a_clear_error(tmp_path: Path) -> None:
    pq.write_table(pa.table({"sku": ["A"] * 1000}), tmp_path / "whole.parquet")
    with pytest.raises(BadSource, match=r"a\.parquet is no complete Parquet file"):
        read(tmp_path / "a.parquet", (tmp_path / "whole.parquet").read_bytes()[:-30])


def test_a_file_of_another_kind_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(BadSource, match=r"\.xls is of no known kind"):
        read(tmp_path / "a.xls", b"\xd0\xcf\x11\xe0")
