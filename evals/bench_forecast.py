"""`qm bench forecast`: how long the demand and forecast steps take, and how much memory."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

SEED = 7


def bench_forecast(
    series: Annotated[int, typer.Option(min=1, help="SKU x location series to make up.")] = 30_000,
    points: Annotated[int, typer.Option(min=1, help="Weeks of history of each.")] = 104,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Also write the figures here.")
    ] = None,
) -> None:
    """Clean and forecast made-up weekly series in a fresh process; print seconds and peak MB.

    13 weeks ahead, 21 quantiles, the configuration that `qm plan` uses. The series are generated
    (season, drift, launches, promotions, stockouts), so their accuracy says that speed was not
    bought with it, not how good forecasts are on real data. The target for 30,000 x 104 is 35 s
    and 2 GB on two cores.
    """
    from evals.process_peak import measure

    command = [sys.executable, "-m", "evals.forecast_child", str(series), str(points), str(SEED)]
    measured = measure(command)
    if measured.returncode:
        raise typer.Exit(measured.returncode)
    result: dict[str, Any] = json.loads(measured.output)
    result = {
        "series": series, "points": points, "data": "generated", "seed": SEED,
        "peak_mb": round(measured.peak_mb), **result,
    }  # fmt: skip
    _print(result)
    if json_file is not None:
        json_file.write_text(json.dumps(result, indent=2))


def _print(result: dict[str, Any]) -> None:
    typer.echo(
        f"{result['series']:,} generated series x {result['points']} weeks: "
        f"{result['seconds']:.1f} s ({result['processor_seconds']:.1f} s of processor time), "
        f"peak {result['peak_mb']:,} MB"
    )
    for stage, seconds in result["stages"].items():
        typer.echo(f"  {stage:12} {seconds:7.2f} s")
    shares = ", ".join(f"{width} % holds {held} %" for width, held in result["coverage"].items())
    typer.echo(f"  WAPE {result['wape']:.3f}, scaled pinball {result['pinball']:.3f}, {shares}")
