"""`qm eval learn`: what is learnt from past weeks, on real sales in a closed loop."""

import json
import tempfile
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

KINDS = {"bias": "forecast times", "band": "band times", "lead_time": "days later:"}


def eval_learn(
    data: Annotated[Path, typer.Option(help="Folder of the data sets, each in its own folder.")],
    source: Annotated[
        Literal["frat", "vn2", "m5"], typer.Option(help="Whose sales the shop has.")
    ] = "frat",
    series: Annotated[int, typer.Option(min=5, help="Items in shops, drawn by the seed.")] = 60,
    weeks: Annotated[int, typer.Option(min=8, help="Weeks to live, the last of the data.")] = 40,
    seed: Annotated[int, typer.Option(help="Another seed draws another slice.")] = 7,
    home: Annotated[
        Path | None, typer.Option(help="Keep both companies here; default: removed at the end.")
    ] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Also write the figures here.")
    ] = None,
) -> None:
    """Import a slice of real sales week by week, look back (`qm learn`), plan, and go on.

    A second company lives the same weeks and learns nothing. Where a correction was in force, the
    first week ahead of both is held against what came: WAPE for corrections of the mean, interval
    score of the middle 80 % for those of the band. Nobody orders, so lead times teach nothing.
    """
    from engine.model.config import PlanConfig
    from evals.learning.loop import live
    from evals.learning.outcome import told
    from evals.learning.shop import READERS, drawn

    def watch(what: str, week: int) -> None:
        typer.echo(f"{what} {week} of {weeks}", err=True)

    history = drawn(READERS[source](data), series, seed)
    with tempfile.TemporaryDirectory(prefix="qm-learn-") as made:
        lived = live(home or Path(made), history, PlanConfig(), weeks=weeks, watch=watch)
    result = {"source": source, "series": len(history.units), "seed": seed, **told(lived, seed)}
    _print(result)
    if json_file is not None:
        json_file.write_text(json.dumps(result, indent=2, default=str))


def _print(result: dict[str, Any]) -> None:
    typer.echo(f"{result['source']}: {result['series']} series, {result['weeks']} weeks, "
               f"{result['points']} series-weeks that could be bought")  # fmt: skip
    for each in result["corrections"]:
        proof, ended = each["evidence"], ""
        if each["ended_at"]:
            ended = f", ended {each['ended_at']:%d %b %Y}: {each['ended_why']}"
        typer.echo(f"  {each['as_of']} {each['scope']}: {KINDS[each['kind']]} {each['value']:g}, "
                   f"{each['state'].replace('_', ' ')}; held back {proof['before']:.4f} -> "
                   f"{proof['after']:.4f}{ended}")  # fmt: skip
    whole = result["everything"]
    for title, row in (
        ("WAPE where a bias was in force", result["bias"]),
        ("interval score where a band was", result["band"]),
        ("WAPE, everything", whole["wape"]), ("interval score, everything", whole["interval"]),
    ):  # fmt: skip
        typer.echo(f"{title:34}{_line(row)}")
    typer.echo(f"middle 80 % held {whole['inside_with']:.1%}, without learning "
               f"{whole['inside_without']:.1%}")  # fmt: skip


def _line(row: dict[str, Any] | None) -> str:
    if row is None:
        return "none was in force"
    return (
        f"{row['without']:.4f} -> {row['with']:.4f}, change {row['change']:+.4f} "
        f"({row['low']:+.4f} to {row['high']:+.4f}), {row['weeks_better']} of {row['weeks']} weeks "
        "better"
    )
