"""A folder of CSV files appears whole, or not at all, and never over what is not ours."""

import gzip
from pathlib import Path

import pandas as pd
import pytest
import yaml

from engine.connect.write_folder import csv_bytes, write_folder
from engine.errors import BadSource, InvalidInput
from engine.model.snapshot import CompanyProfile

COMPANY = CompanyProfile(
    name="Bell & Søn: tea", base_currency="GBP", time_zone="Europe/London", country="GB"
)
SALES = pd.DataFrame(
    {
        "date": pd.to_datetime(["2026-11-01", "2026-11-02"]),
        "sku": pd.Categorical(["TEA-01", "TEA-02"]),
        "units": [2, 1],
        "price": [3.5, 12.99],
    }
)


def write(folder: Path, **options: object) -> tuple[Path, ...]:
    return write_folder(folder, COMPANY, {"sales": SALES}, **options)  # type: ignore[arg-type]  given by name in each test


def test_a_table_is_written_as_people_write_it() -> None:
    assert csv_bytes("sales", SALES).decode().splitlines() == [
        "date,sku,units,price",
        "2026-11-01,TEA-01,2,3.5",
        "2026-11-02,TEA-02,1,12.99",
    ]


def test_instants_are_written_in_utc_and_what_is_absent_stays_empty() -> None:
    waiting = pd.DataFrame(
        {"order_line": ["W1", "W2"], "paid_at": pd.to_datetime(["2026-11-01 09:30", None])}
    )

    assert csv_bytes("backorders", waiting).decode().splitlines()[1:] == [
        "W1,2026-11-01T09:30:00Z",
        "W2,",
    ]


def test_text_with_commas_and_quotes_survives(tmp_path: Path) -> None:
    items = pd.DataFrame({"sku": ["A", "B"], "name": ['Lamp, "oak"', "Mug"]})
    path = tmp_path / "items.csv"
    path.write_bytes(csv_bytes("items", items))

    assert pd.read_csv(path)["name"].tolist() == ['Lamp, "oak"', "Mug"]


def test_the_company_is_introduced_in_the_mapping(tmp_path: Path) -> None:
    written = write(tmp_path / "data", files={"note.txt": "hello"})

    block = yaml.safe_load((tmp_path / "data/mapping.yaml").read_text(encoding="utf-8"))["company"]
    assert block["name"] == "Bell & Søn: tea"
    assert block["demo"] is False
    assert [path.name for path in written] == ["sales.csv", "mapping.yaml", "note.txt"]
    assert all(path.is_file() for path in written)


def test_compressed_files_are_the_same_bytes_every_time(tmp_path: Path) -> None:
    write(tmp_path / "data", compress=True)

    content = (tmp_path / "data/sales.csv.gz").read_bytes()
    assert content == csv_bytes("sales", SALES, compress=True)
    assert gzip.decompress(content) == csv_bytes("sales", SALES)


def test_a_folder_with_something_in_it_is_refused_unless_forced(tmp_path: Path) -> None:
    write(tmp_path / "data")

    with pytest.raises(InvalidInput, match=r"holds 2 files, such as 'mapping.yaml'.*--force"):
        write(tmp_path / "data")
    write(tmp_path / "data", replace=True)

    assert sorted(path.name for path in tmp_path.iterdir()) == ["data"]


def test_files_of_others_are_never_replaced(tmp_path: Path) -> None:
    write(tmp_path / "data")
    (tmp_path / "data/thesis.docx").write_text("years of work")

    with pytest.raises(InvalidInput, match=r"holds 'thesis.docx', which did not come from here"):
        write(tmp_path / "data", replace=True)

    assert (tmp_path / "data/thesis.docx").read_text() == "years of work"


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")

    with pytest.raises(InvalidInput, match="is a file"):
        write(tmp_path / "data")


def test_an_interruption_half_way_leaves_the_earlier_folder_as_it_was(tmp_path: Path) -> None:
    write(tmp_path / "data")
    before = (tmp_path / "data/sales.csv").read_bytes()

    def interrupted(stage: str, done: int, total: int | None) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(tmp_path / "data", replace=True, progress=interrupted)

    assert (tmp_path / "data/sales.csv").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_a_place_that_cannot_be_written_is_an_error_in_words(tmp_path: Path) -> None:
    (tmp_path / "wall").write_text("a file where a folder is needed")

    with pytest.raises(BadSource, match="cannot be written"):
        write(tmp_path / "wall" / "data")
