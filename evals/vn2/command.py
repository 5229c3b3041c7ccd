"""`qm eval vn2`: what our orders cost in the VN2 game, beside the competition's benchmark."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from evals.histories.history import History
    from evals.vn2.files import Official
    from evals.vn2.planner import Planner

PUBLISHED = {"benchmark": 4334.0, "winner": 3763.2, "record": 3582.0}
GOAL_RATIO, RESOLVE_RATIO = 0.80, 0.85


def eval_vn2(
    data: Annotated[Path, typer.Option("--data", help="Folder of the VN2 files, or its parent.")],
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Also write the figures here.")
    ] = None,
    windows: Annotated[
        int, typer.Option(min=0, help="Only so many windows, evenly spaced (0: all of them).")
    ] = 0,
) -> None:
    """Order for weeks 3 to 8 of every window inside history, and of the competition's own weeks.

    A unit left at the end of a week costs .2, a unit of demand lost 1; orders arrive in two
    weeks. The competition itself is played where the files of weeks 1 to 8 are present.
    """
    from evals.vn2.files import load_history, load_official
    from evals.vn2.planner import Planner

    planner = Planner()
    rolling = _rolling(load_history(data), planner, windows)
    official = load_official(data)
    played = None if official is None else _official(official, planner)
    result: dict[str, Any] = {
        "cost_weeks_3_8": None if played is None else played["ours"],
        "official": played,
        "rolling": rolling,
        "published": PUBLISHED,
    }
    _print(result)
    if json_file is not None:
        json_file.write_text(json.dumps(result, indent=2))


def _rolling(history: "History", planner: "Planner", count: int) -> dict[str, Any]:
    import numpy as np

    from engine.demand.arrays import spaced
    from evals.vn2.rolling import origins
    from evals.vn2.run import play_window, spread_of

    every = np.asarray(origins(history.buckets), dtype=np.int64)
    chosen = spaced(every, count) if count else every
    played: list[dict[str, Any]] = []
    for origin in chosen.tolist():
        played.append(play_window(history, int(origin), planner))
        typer.echo(_line(played[-1]), err=True)
    return {**spread_of(played), "windows": played}


def _official(official: "Official", planner: "Planner") -> dict[str, Any]:
    from evals.vn2.run import play_official

    return play_official(official, planner)


def _line(window: dict[str, Any]) -> str:
    return (
        f"  {window['from']}  {window['series']:4d}  {window['ours']:8.1f}  "
        f"{window['benchmark']:8.1f}  {window['ratio']:6.3f}"
    )


def _print(result: dict[str, Any]) -> None:
    rolling = result["rolling"]
    typer.echo("Cost of weeks 3 to 8, all 599 store-products")
    typer.echo("  window from  series    ours  benchmark   ratio")
    for window in rolling["windows"]:
        typer.echo(_line(window))
    typer.echo(
        f"  ours: mean {rolling['mean']:.1f}, sd {rolling['sd']:.1f}, lowest {rolling['min']:.1f}, "
        f"highest {rolling['max']:.1f}; benchmark: mean {rolling['benchmark_mean']:.1f}"
    )
    typer.echo(
        f"  ratio of means {rolling['ratio']:.4f} (goal {GOAL_RATIO}, resolve {RESOLVE_RATIO}); "
        f"units left {rolling['left_per_week']:.1f}, lost {rolling['lost_per_week']:.1f} a week"
    )
    if result["official"] is None:
        typer.echo("Official replay: needs the files of weeks 1 to 8, which are not here.")
        return
    own = result["official"]
    typer.echo(
        f"Official replay: ours {own['ours']:.1f}, benchmark {own['benchmark']:.1f} here and "
        f"{PUBLISHED['benchmark']:.0f} as published; winner {PUBLISHED['winner']:.1f}"
    )
