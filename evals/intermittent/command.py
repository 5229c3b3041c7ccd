"""`qm eval intermittent`: car parts, the last 12 months held out, beside the Croston family."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer


def eval_intermittent(
    data: Annotated[Path, typer.Option(help="Folder with carparts.csv, or its parent.")],
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Also write the figures here.")
    ] = None,
) -> None:
    """Score spare parts 1 to 12 months ahead from one origin: WSPL at the M5 levels, mean RMSSE.

    Unweighted; scales are the mean absolute and the mean squared difference between months of
    the history; parts without a scale are dropped and counted. Months run through the general
    engine as consecutive weekly buckets with its default configuration. Peers: Croston, SBA, TSB,
    ADIDA, IMAPA, LightGBM and the plain means, each with quantiles from its own conformal residuals
    and from a negative binomial around its mean; the better one counts.
    """
    from evals.histories.carparts import read_carparts
    from evals.intermittent.scoring import score_all

    figures = score_all(read_carparts(data), progress=lambda text: typer.echo(text, err=True))
    _print(figures)
    if json_file is not None:
        json_file.write_text(json.dumps(figures, indent=2))


def _print(figures: dict[str, Any]) -> None:
    typer.echo(
        f"{figures['parts']:,} parts, {figures['steps']} months ahead; "
        f"{figures['dropped']} dropped without a scale"
    )
    typer.echo(f"  {'':16}{'WSPL':>8}{'RMSSE':>8}   quantiles from")
    rows = {"Quartermaster": figures["ours"], **figures["peers"]}
    for name, row in sorted(rows.items(), key=lambda item: item[1]["wspl"]):
        kind = row.get("quantiles", "the plan's own distribution")
        typer.echo(f"  {name:16}{row['wspl']:8.4f}{row['rmsse']:8.4f}   {kind}")
    shares = figures["ours"]["coverage"].items()
    typer.echo("  PIT: " + ", ".join(f"{width} % holds {held} %" for width, held in shares))
