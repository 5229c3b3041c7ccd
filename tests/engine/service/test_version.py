"""The engine's version follows its code."""

from pathlib import Path

import pytest

import engine
from engine.service.version import ROOMS, engine_version


def test_the_version_is_the_same_until_code_changes() -> None:
    first = engine_version()
    engine_version.cache_clear()
    assert engine_version() == first


def test_every_room_that_makes_figures_takes_part() -> None:
    root = Path(engine.__file__).parent
    assert all((root / room / "__init__.py").is_file() for room in ROOMS)


def test_a_changed_line_of_code_changes_the_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for room in ROOMS:
        (tmp_path / room).mkdir()
        (tmp_path / room / "sums.py").write_text("total = 1\n")
    monkeypatch.setattr("engine.service.version.files", lambda _name: tmp_path)
    engine_version.cache_clear()
    before = engine_version()
    (tmp_path / "replenish" / "sums.py").write_text("total = 2\n")
    engine_version.cache_clear()
    after = engine_version()
    engine_version.cache_clear()
    assert before != after
