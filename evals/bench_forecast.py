"""`qm bench forecast`: how long the demand and forecast steps take, and how much memory."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

SEED = 7


def bench_forecast(
    series: Annotated[int, typer.Option(min=1, help="Series to clean and forecast.")] = 30_000,
    points: Annotated[int, typer.Option(min=1, help="Weeks of history of each.")] = 104,
    data: Annotated[
        Path | None,
        typer.Option(help="Folder with VN2, Breakfast at the Frat and M5; without it, made up."),
    ] = None,
    peer_series: Annotated[
        int | None,
        typer.Option(min=0, help="AutoETS on only the first so many; 0: no peer. Default: all."),
    ] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Also write the figures here.")
    ] = None,
) -> None:
    """Clean and forecast weekly series in a fresh process; print seconds and peak MB.

    13 weeks ahead, 21 quantiles, the configuration that `qm plan` uses. With --data the series are
    a seeded draw with replacement from real weekly sales, without it they are generated and say
    nothing of accuracy. The peer is statsforecast's AutoETS(season_length=1) with conformal
    intervals over 4 windows on 2 processes, warm, in the same run on the same series; both are
    scored on the 13 weeks held out. The target for 30,000 x 104 is 35 s and 2 GB on two cores.
    """
    compared = series if peer_series is None else min(peer_series, series)
    arguments = [str(series), str(points), str(SEED), str(compared)]
    arguments += [] if data is None else [str(data)]
    ours, peak = _run("evals.forecast_child", arguments)
    result: dict[str, Any] = {
        "series": series, "points": points, "data": "generated" if data is None else "drawn",
        "seed": SEED, "peak_mb": peak, **ours,
    }  # fmt: skip
    if compared:
        typer.echo(f"AutoETS on {compared:,} of them ...", err=True)
        peer, _ = _run("evals.peers.autoets_child", arguments)
        result["peers"] = {"autoets": {"series": compared, **peer}}
        # The peer's cost is per series; ours, too, above a few thousand.
        result["ratio_seconds"] = round(peer["seconds"] * series / compared / result["seconds"], 2)
        result["ratio_pinball"] = round(result["pinball_compared"] / peer["pinball"], 4)
    _print(result)
    if json_file is not None:
        json_file.write_text(json.dumps(result, indent=2))


def _run(module: str, arguments: list[str]) -> tuple[dict[str, Any], int]:
    """What a child process reports, and its peak in MB."""
    from evals.process_peak import measure

    measured = measure([sys.executable, "-m", module, *arguments])
    if measured.returncode:
        raise typer.Exit(measured.returncode)
    report: dict[str, Any] = json.loads(measured.output.splitlines()[-1])
    return report, round(measured.peak_mb)


def _print(result: dict[str, Any]) -> None:
    typer.echo(
        f"{result['series']:,} {result['data']} series x {result['points']} weeks: "
        f"{result['seconds']:.1f} s ({result['processor_seconds']:.1f} s of processor time), "
        f"peak {result['peak_mb']:,} MB"
    )
    for stage, seconds in result["stages"].items():
        typer.echo(f"  {stage:12} {seconds:7.2f} s")
    shares = ", ".join(f"{width} % holds {held} %" for width, held in result["coverage"].items())
    typer.echo(f"  WAPE {result['wape']:.3f}, scaled pinball {result['pinball']:.4f}, {shares}")
    if "peers" in result:
        peer = result["peers"]["autoets"]
        typer.echo(
            f"  AutoETS on {peer['series']:,}: {peer['seconds']:.1f} s, pinball "
            f"{peer['pinball']:.4f} (ours on the same {result['pinball_compared']:.4f}, "
            f"{result['ratio_pinball']:.3f} of it); per series it takes "
            f"{result['ratio_seconds']:.1f} times as long"
        )
