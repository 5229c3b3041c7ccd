"""`qm bench tools`: how long people wait for an answer's facts on a large stored plan."""

import json
import sys
import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer

SEED = 7
BUDGET_MINOR_PER_SKU = 3_000


def bench_tools(
    skus: Annotated[int, typer.Option(min=100, help="SKU-locations of the plan.")] = 30_000,
    weeks: Annotated[int, typer.Option(min=30, help="Weeks of history of each.")] = 104,
    repeats: Annotated[
        int, typer.Option(min=3, help="Calls of each tool, another item each.")
    ] = 40,
    workers: Annotated[int, typer.Option(min=1, help="Processes that make the plan.")] = 2,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Also write the figures here.")
    ] = None,
) -> None:
    """Plan the made-up company of `qm bench plan`, then time each reading tool on the stored run.

    Each call asks of another item, supplier or budget, so nothing is answered from an earlier
    call; the first call of the process is not counted. What-ifs compute in the same process; a
    fifth as many of them are asked. The goal is 200 ms for reads and 3 s for what-ifs on the
    budget at the 95th percentile.
    """
    with tempfile.TemporaryDirectory() as place:
        home = Path(place)
        typer.echo(f"Making up and planning {skus:,} SKU-locations ...", err=True)
        _child("evals.bench_plan.prepare", str(home), str(skus), str(weeks), str(SEED))
        budget = str(BUDGET_MINOR_PER_SKU * skus)
        _child("evals.bench_plan.child", str(home), str(workers), budget)
        typer.echo("Asking ...", err=True)
        measured = _child("evals.bench_tools.child", str(home), str(repeats), str(SEED))
    result = {"skus": skus, "weeks": weeks, "seed": SEED, **json.loads(measured)}
    _print(result)
    if json_file is not None:
        json_file.write_text(json.dumps(result, indent=2))


def _child(module: str, *arguments: str) -> str:
    """The last line that a fresh process prints; exits as it does where it fails."""
    from evals.process_peak import measure

    done = measure([sys.executable, "-m", module, *arguments])
    if done.returncode:
        raise typer.Exit(done.returncode)
    return (done.output.splitlines() or [""])[-1]


def _print(result: dict[str, Any]) -> None:
    typer.echo(f"{result['skus']:,} SKU-locations, {result['lines']:,} lines, milliseconds:")
    typer.echo(f"  {'tool':28} {'calls':>6} {'p50':>9} {'p95':>9} {'p99':>9} {'max':>9}")
    for name, row in result["tools"].items():
        cells = " ".join(f"{row[key]:9,.1f}" for key in ("p50", "p95", "p99", "max"))
        typer.echo(f"  {name:28} {row['calls']:6} {cells}")
