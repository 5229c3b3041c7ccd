"""`qm bench import`: how long a messy million sales rows take, and how much memory."""

import json
import sys
import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer

SEED = 7


def bench_import(
    rows: Annotated[int, typer.Option(min=1_000, help="Sales rows to make up.")] = 1_000_000,
    repeats: Annotated[int, typer.Option(min=1, help="Runs; all are shown.")] = 1,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Also write the figures here.")
    ] = None,
) -> None:
    """Import a made-up messy CSV folder in a fresh process; print seconds, peak MB and stages.

    Sales of 5,000 SKUs at 3 places over two years with unreadable dates and units, bar codes for
    quantities, unknown SKUs, returns and broken lines; items; stock of four weeks. All checks run,
    the snapshot is written and registered. The target is 20 seconds for a million rows.
    """
    from evals.messy_sales import write_messy_folder

    with tempfile.TemporaryDirectory() as place:
        folder = write_messy_folder(Path(place) / "exports", rows=rows, seed=SEED)
        size = sum(path.stat().st_size for path in folder.path.iterdir()) / 2**20
        typer.echo(f"{rows:,} sales rows, {size:,.0f} MB")
        results = [_run(folder.path, Path(place) / f"home{run}") for run in range(repeats)]
    for result in results:
        _print(result)
    if json_file is not None:
        json_file.write_text(json.dumps({"rows": rows, "seed": SEED, "runs": results}, indent=2))


def _run(folder: Path, home: Path) -> dict[str, Any]:
    from evals.process_peak import measure

    home.mkdir()
    measured = measure([sys.executable, "-m", "evals.import_child", str(folder), str(home)])
    if measured.returncode:
        raise typer.Exit(measured.returncode)
    return {
        "seconds": round(measured.seconds, 2),
        "cpu_seconds": round(measured.cpu_seconds, 2),
        "peak_mb": round(measured.peak_mb),
        **json.loads(measured.output),
    }


def _print(result: dict[str, Any]) -> None:
    typer.echo(
        f"{result['seconds']:.2f} s ({result['cpu_seconds']:.2f} s of processor time), "
        f"peak {result['peak_mb']:,} MB"
    )
    for stage, seconds in result["stages"].items():
        typer.echo(f"  {stage:12} {seconds:7.2f} s")
    verdict = "exact" if result["reconciles"] else "NOT EXACT"
    typer.echo(
        f"  {result['read']:,} read = {result['accepted']:,} accepted + "
        f"{result['quarantined']:,} quarantined, reconciliation {verdict}, "
        f"snapshot {result['snapshot']}"
    )
