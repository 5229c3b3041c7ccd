"""`qm eval promotions`: demand under promotions and prices, against four peers."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer


def eval_promotions(
    data: Annotated[Path, typer.Option(help="Folder of Breakfast at the Frat, or its parent.")],
    holdout: Annotated[int, typer.Option(min=1, help="Last weeks that are scored.")] = 26,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Also write the figures here.")
    ] = None,
) -> None:
    """Forecast store x product weeks four weeks ahead; promotions and prices are known plans.

    Scored are the rows of the last weeks that the file has, from origins every four weeks, for
    all methods alike; prices, features, displays and price cuts of the scored weeks are known,
    sales are not. Peers: the same week a year ago, the mean of 13 weeks, AutoETS without a season
    and LightGBM with the same inputs as ours.
    """
    from evals.promotions.frat import load_frat
    from evals.promotions.rolling import METHODS, score

    frat = load_frat(data)
    scored = score(frat, holdout, METHODS, lambda words: typer.echo(words, err=True))
    figures = {name: scored.figures(name) for name in METHODS}
    result: dict[str, Any] = {
        "weeks": frat.weeks, "holdout": holdout, "rows": len(scored.actual),
        "rows_promoted": int(scored.promoted.sum()), "ours": figures.pop("ours"),
        "peers": figures,
    }  # fmt: skip
    _print(result)
    if json_file is not None:
        json_file.write_text(json.dumps(result, indent=2))


def _print(result: dict[str, Any]) -> None:
    base = result["peers"]["autoets"]
    typer.echo(
        f"{result['rows']:,} rows of the last {result['holdout']} of {result['weeks']} weeks, "
        f"{result['rows_promoted']:,} of them promoted"
    )
    typer.echo(f"{'':16}{'WAPE':>8}{'of ETS':>8}{'promoted':>10}{'of ETS':>8}{'bias':>8}")
    for name, own in {"ours": result["ours"], **result["peers"]}.items():
        whole, on = own["wape"], own["wape_promoted"]
        typer.echo(
            f"{name:16}{whole:8.4f}{whole / base['wape']:8.3f}{on:10.4f}"
            f"{on / base['wape_promoted']:8.3f}{own['bias']:8.3f}"
        )
