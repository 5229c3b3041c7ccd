"""`qm eval m5`: accuracy and calibration on M5's daily sales of one store and department."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

if TYPE_CHECKING:
    from evals.m5.files import M5Data


def eval_m5(
    data: Annotated[Path, typer.Option("--data", help="Folder with the M5 files, or its parent.")],
    origins: Annotated[
        int, typer.Option(min=0, help="Score the last N windows of 28 days instead of the last.")
    ] = 0,
    peers: Annotated[
        Literal["all", "quick"], typer.Option(help="quick: without AutoETS, which takes minutes.")
    ] = "all",
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Also write the figures here.")
    ] = None,
) -> None:
    """Forecast the last 28 days of the files from the days before them, and score as M5 did.

    Files sales_d1_dN.csv, sales_dN+1_dM.csv ... are joined; the last 28 days are held back. With
    --origins N the last N windows of 28 days are forecast one by one, each from what was known
    then, and the mean ratio to the 28-day mean is printed: the way to judge a change.
    """
    from evals.m5.files import load

    loaded = load(data)
    figures = _rolling(loaded, origins) if origins else _last(loaded, slow=peers == "all")
    _print(figures)
    if json_file is not None:
        json_file.write_text(json.dumps(figures, indent=2))


def _last(data: "M5Data", *, slow: bool) -> dict[str, Any]:
    from evals.m5.protocol import HORIZON
    from evals.m5.run import score_window

    return score_window(data, data.units.shape[1] - HORIZON, slow_peers=slow)


def _rolling(data: "M5Data", count: int) -> dict[str, Any]:
    """Mean over windows; origins are 28 days apart, so no day is scored twice."""
    from evals.m5.protocol import HORIZON
    from evals.m5.run import score_window

    end, windows = data.units.shape[1], []
    for back in range(count, 0, -1):
        windows.append(score_window(data, end - back * HORIZON, slow_peers=False))
        typer.echo(_line("ours", windows[-1]), err=True)
    keys = ("weighted_rmsse", "mean_rmsse", "wape", "wspl", "ratio_to_ma28")
    means = {key: round(sum(w[key] for w in windows) / count, 5) for key in keys}
    coverage = {
        width: round(sum(w["coverage"][width] for w in windows) / count, 2)
        for width in windows[0]["coverage"]
    }
    return {**means, "coverage": coverage, "windows": windows}


def _print(figures: dict[str, Any]) -> None:
    for window in figures.get("windows", [figures]):
        first, last = window["scored_days"]
        typer.echo(f"d_{first}..d_{last}: ratio to the 28-day mean {window['ratio_to_ma28']:.4f}")
        typer.echo(_line("ours", window))
        for name, peer in window["peers"].items():
            typer.echo(_line(name, peer))
        typer.echo(_shares("all", window))
        for name, part in window["by_class"].items():
            typer.echo(_shares(f"{name} ({part['items']})", part))
    if "windows" in figures:
        mean, loss = figures["ratio_to_ma28"], figures["weighted_rmsse"]
        typer.echo(f"mean ratio to the 28-day mean {mean:.4f}, weighted RMSSE {loss:.4f}")


def _line(name: str, scores: dict[str, Any]) -> str:
    spread = f"  WSPL {scores['wspl']:.4f}" if "wspl" in scores else ""
    errors = f"weighted RMSSE {scores['weighted_rmsse']:.4f}  mean {scores['mean_rmsse']:.4f}"
    days = f"({scores['rows']:,} item-days)"
    return f"  {name:15} {errors}  WAPE {scores['wape']:.4f}{spread}  {days}"


def _shares(name: str, part: dict[str, Any]) -> str:
    pit = "  ".join(f"{width} % holds {share:5.1f}" for width, share in part["coverage"].items())
    wide = "  ".join(f"{share:5.1f}" for share in part["inclusive"].values())
    return f"  {name:20} PIT {pit}   inclusive {wide}"
