"""`qm bench plan`: database to stored plan in a cold process, seconds and memory by stage."""

import json
import sys
import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer

SEED = 7
BUDGET_MINOR_PER_SKU = 3_000  # base currency; about half of what would be bought without a cap


def bench_plan(
    skus: Annotated[int, typer.Option(min=100, help="SKU-locations to plan.")] = 30_000,
    weeks: Annotated[int, typer.Option(min=30, help="Weeks of history of each.")] = 104,
    workers: Annotated[int, typer.Option(min=1, help="Processes that share the work.")] = 2,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Also write the figures here.")
    ] = None,
) -> None:
    """Plan a made-up company in a fresh process; print seconds, peak MB and stages.

    A warehouse supplies four stores; 13 weeks ahead, 21 quantiles, 256 paths; 200 suppliers with
    order days, minimums, freight and duty; price breaks on a fifth of the SKUs, a second supplier
    on a tenth; orders under way, a budget, a full warehouse's capacity. The time runs from the
    start of the interpreter to the stored plan. The target for 30,000 is 60 s and 2 GB on two
    cores.
    """
    with tempfile.TemporaryDirectory() as place:
        home = Path(place)
        _prepare(home, skus, weeks)
        result = {
            "skus": skus, "weeks": weeks, "seed": SEED, "workers": workers,
            **_run(home, workers, BUDGET_MINOR_PER_SKU * skus),
        }  # fmt: skip
    _print(result)
    if json_file is not None:
        json_file.write_text(json.dumps(result, indent=2))


def _prepare(home: Path, skus: int, weeks: int) -> None:
    """In a process of its own, so that none of it is in memory when the plan is measured."""
    from evals.process_peak import measure

    typer.echo(f"Making up {skus:,} SKU-locations x {weeks} weeks ...", err=True)
    arguments = [str(home), str(skus), str(weeks), str(SEED)]
    made = measure([sys.executable, "-m", "evals.bench_plan.prepare", *arguments])
    if made.returncode:
        raise typer.Exit(made.returncode)


def _run(home: Path, workers: int, budget_minor: int) -> dict[str, Any]:
    from evals.process_peak import measure

    typer.echo("Planning ...", err=True)
    arguments = [str(home), str(workers), str(budget_minor)]
    measured = measure([sys.executable, "-m", "evals.bench_plan.child", *arguments])
    if measured.returncode:
        raise typer.Exit(measured.returncode)
    return {
        "seconds": round(measured.seconds, 2),
        "cpu_seconds": round(measured.cpu_seconds, 2),
        "peak_mb": round(measured.peak_mb),
        **json.loads(measured.output.splitlines()[-1]),
    }


def _print(result: dict[str, Any]) -> None:
    typer.echo(
        f"{result['skus']:,} SKU-locations x {result['weeks']} weeks: {result['seconds']:.1f} s "
        f"({result['cpu_seconds']:.1f} s of processor time), peak {result['peak_mb']:,} MB"
    )
    for stage, seconds in result["stages"].items():
        worked = result["processor"][stage]
        typer.echo(f"  {stage:24} {seconds:7.2f} s ({worked:.2f} s of processor time)")
    typer.echo(
        f"  {result['lines']:,} lines, {result['cuts']:,} cuts, "
        f"certified gap {100 * result['gap']:.3f} %, digest {result['digest'][:16]}"
    )
