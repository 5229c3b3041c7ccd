"""What a mapping file may say, and how its mistakes are named."""

from pathlib import Path

import pytest

from engine.connect.mapping_file import PARTS, find_mapping, load_mapping
from engine.errors import BadSource


def load(folder: Path, text: str) -> None:
    path = folder / "mapping.yaml"
    path.write_text(text)
    load_mapping(path)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("compani: {name: x}", "'compani'. Did you mean 'company'"),
        ("company: {curency: GBP}", "'company.curency'"),
        ("tables: {sale: {file: x.csv}}", "no table 'sale'. Did you mean 'sales'"),
        ("tables: {sales: {fil: x.csv}}", "Did you mean 'file'"),
        (
            "tables: {sales: {file: x, columns: {dates: D}}}",
            "no column 'dates'. Did you mean 'date'",
        ),
        ("tables: {sales: {file: x, columns: {date: {colum: D}}}}", "Did you mean 'column'"),
        ("tables: {sales: {file: x, drop: {reason: r, where: {colunm: A}}}}", "'column'"),
        ("tables: {sales: {file: x, columns: {sku: {upper: true}}}}", "exactly one of"),
        ("tables: {sales: {file: x, rows: [{sku: A}]}}", "exactly one of: file, rows"),
        ("tables: {sales: {file: x, file_date: '('}}", "no regular expression"),
        ("defaults: {case_pack: 0}", "defaults.case_pack"),
        ("as_of: 2026-13-01", "as_of"),
        ("company: {name: A, name: B}", "stands twice"),
        ("company: [", "not valid YAML"),
        ("just a sentence", "mapping.yaml"),
    ],
)
def test_a_mistake_in_a_mapping_is_named_with_what_would_be_right(
    tmp_path: Path, text: str, says: str
) -> None:
    with pytest.raises(BadSource) as error:
        load(tmp_path, text)
    assert says in str(error.value)


def test_scalars_stay_as_they_are_written(tmp_path: Path) -> None:
    path = tmp_path / "mapping.yaml"
    path.write_text("tables: {suppliers: {rows: [{supplier: 007, country: NO, name: 2026-01-01}]}}")
    (source,) = load_mapping(path).tables["suppliers"]
    assert source.rows == [{"supplier": "007", "country": "NO", "name": "2026-01-01"}]


def test_a_named_mapping_must_exist(tmp_path: Path) -> None:
    with pytest.raises(BadSource, match="--mapping"):
        find_mapping(tmp_path, tmp_path / "absent.yaml")


def test_the_mapping_in_the_folder_is_found(tmp_path: Path) -> None:
    assert find_mapping(tmp_path, None) is None
    (tmp_path / "mapping.yaml").touch()
    assert find_mapping(tmp_path, None) == tmp_path / "mapping.yaml"


def test_every_key_of_a_mapping_says_what_it_means() -> None:
    silent = [
        f"{part.__name__}.{name}"
        for part in PARTS
        for name, field in part.model_fields.items()
        if not field.description
    ]
    assert silent == []
