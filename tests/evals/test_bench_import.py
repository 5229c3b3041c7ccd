"""The import benchmark measures what it says."""

import json
from pathlib import Path

import typer
from typer.testing import CliRunner

from evals.commands import bench
from evals.messy_sales import write_messy_folder


def test_the_messy_folder_is_the_same_for_a_seed(tmp_path: Path) -> None:
    first = write_messy_folder(tmp_path / "a", rows=2_000, seed=7).path
    second = write_messy_folder(tmp_path / "b", rows=2_000, seed=7).path
    other = write_messy_folder(tmp_path / "c", rows=2_000, seed=8).path
    sales = [(folder / "sales.csv").read_bytes() for folder in (first, second, other)]
    assert sales[0] == sales[1] != sales[2]


def test_a_small_benchmark_reads_every_row_in_a_process_of_its_own(tmp_path: Path) -> None:
    figures = tmp_path / "figures.json"
    app = typer.Typer()
    app.add_typer(bench, name="bench")  # as `qm` does; alone, one command would hide its name
    arguments = ["bench", "import", "--rows", "60000", "--json", str(figures)]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    (run,) = json.loads(figures.read_text())["runs"]
    assert run["read"] == 60_000
    assert run["quarantined"] > 0
    assert run["reconciles"]
    assert run["peak_mb"] > 50
    assert {"reading", "checking", "storing"} <= set(run["stages"])
    assert {"unknown_skus", "bad_rows", "negative_stock"} <= set(run["findings"])
