"""`qm eval calibration`: shares of actual demand inside the bands that were stated for it."""

import json
from collections import defaultdict
from pathlib import Path
from typing import Annotated, Any

import typer


def eval_calibration(
    data: Annotated[Path, typer.Option(help="Folder of the data sets, each in its own folder.")],
    only: Annotated[
        str, typer.Option(help="Data sets: m5, vn2, frat, carparts, joined by commas.")
    ] = "m5,vn2,frat,carparts",
    origins: Annotated[int, typer.Option(min=1, help="Origins of each data set.")] = 3,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Also write the figures here.")
    ] = None,
) -> None:
    """Randomised-PIT shares of the central 50, 80 and 95 %, by data set, horizon, demand class.

    Single buckets, sums over protection periods of one to eight weeks, and sums over a period of
    random length. Whatever was known at an origin is what the forecast saw; what came after it
    scores it. Peers, on single buckets: seasonal naive and AutoETS (a sample of 300 series) with
    conformal residuals of four windows, a negative binomial around a moving average.
    """
    from evals.calibration.cases import READERS
    from evals.calibration.table import Judged, judge, judge_peers, shares

    figures: dict[str, Any] = {}
    for name in (part.strip() for part in only.split(",")):
        ours: dict[str, list[Judged]] = defaultdict(list)
        others: dict[str, list[Judged]] = defaultdict(list)
        for case in READERS[name](data, origins):
            typer.echo(f"{case.name}, origin {case.forecast.starts[0].date()}", err=True)
            for part in judge(case):
                ours[part.what].append(part)
            for part in judge_peers(case):
                others[part.what].append(part)
        figures[name] = {
            "ours": {what: shares(parts) for what, parts in ours.items()},
            "peers": {what: shares(parts) for what, parts in others.items()},
        }
    for name, table in figures.items():
        _print(name, table)
    if json_file is not None:
        json_file.write_text(json.dumps(figures, indent=2))


def _print(name: str, table: dict[str, Any]) -> None:
    typer.echo(f"{name}: percent inside the central 50 / 80 / 95 %")
    for kind in ("ours", "peers"):
        for what, by_class in table[kind].items():
            cells = "  ".join(
                f"{part[:12]} {row['50']:.0f}/{row['80']:.0f}/{row['95']:.0f}"
                for part, row in by_class.items()
            )
            typer.echo(f"  {what:25}{cells}")
