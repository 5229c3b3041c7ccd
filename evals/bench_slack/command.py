"""`qm bench slack`: clicks and messages at a real process that is busy computing."""

import asyncio
import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

SEED = 7
BUDGET_MINOR_PER_SKU = 3_000


def bench_slack(
    skus: Annotated[int, typer.Option(min=100, help="SKU-locations of the plan.")] = 30_000,
    weeks: Annotated[int, typer.Option(min=30, help="Weeks of history of each.")] = 104,
    clicks: Annotated[int, typer.Option(min=5, help="Approvals pressed while it is busy.")] = 100,
    turns: Annotated[int, typer.Option(min=5, help="Questions in flight meanwhile.")] = 20,
    what_ifs: Annotated[int, typer.Option(min=1, help="Of them, what-ifs on the budget.")] = 4,
    per_minute: Annotated[int, typer.Option(min=1, help="Messages a minute afterwards.")] = 200,
    minutes: Annotated[float, typer.Option(min=0.1, help="For so long.")] = 5.0,
    workers: Annotated[int, typer.Option(min=1, help="Processes that make the plan.")] = 2,
    only: Annotated[
        list[str] | None, typer.Option(help="clicks or steady; both by default.")
    ] = None,
    keep: Annotated[
        Path | None,
        typer.Option(help="Folder that keeps the planned company; what is there is used again."),
    ] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Also write the figures here.")
    ] = None,
) -> None:
    """Plan a made-up company, start `qm slack` on a Slack of our own, and press its buttons.

    First, approvals are pressed while so many questions are in flight, some of them what-ifs that
    are computed anew each time: milliseconds to the acknowledgement, and to the card that shows
    the decision. Then questions come at a steady rate: answered, lost, answered twice, and the
    memory of all its processes before and after. Goals: acknowledgement p99 300 ms, card p95
    700 ms, ready within 4 s.
    """
    from evals.bench_slack.company import people_and_orders
    from evals.bench_slack.run import PARTS, Load, measured

    parts = tuple(only or PARTS)
    if not set(parts) <= set(PARTS):
        raise typer.BadParameter(f"clicks or steady, not {', '.join(parts)}", param_hint="--only")
    budget = BUDGET_MINOR_PER_SKU * skus
    load = Load(
        parts=parts, turns=turns, what_ifs=what_ifs, budget_minor=budget, per_minute=per_minute,
        seconds=60 * minutes,
    )  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="qm-slack-") as place:
        planned, home = keep or Path(place) / "planned", Path(place) / "home"
        if not planned.exists():
            planned.mkdir(parents=True)
            typer.echo(f"Making up and planning {skus:,} SKU-locations ...", err=True)
            _child("evals.bench_plan.prepare", str(planned), str(skus), str(weeks), str(SEED))
            _child("evals.bench_plan.child", str(planned), str(workers), str(budget))
        shutil.copytree(planned, home)  # whoever runs it again finds no orders of the last time
        cards = people_and_orders(home, clicks, turns)
        found = asyncio.run(measured(home, cards, load))
    result = {"skus": skus, "weeks": weeks, "seed": SEED, "minutes": minutes, **found}
    for part in parts:
        _PRINTS[part](result)
    if json_file is not None:
        json_file.write_text(json.dumps(result, indent=2))


def _child(module: str, *arguments: str) -> None:
    from evals.process_peak import measure

    done = measure([sys.executable, "-m", module, *arguments])
    if done.returncode:
        raise typer.Exit(done.returncode)


def _clicks(result: dict[str, Any]) -> None:
    typer.echo(f"ready after {result['ready_s']:.1f} s")
    typer.echo(
        f"{result['clicks']} clicks with {result['turns_in_flight']:.0f} questions in flight, "
        f"{result['what_ifs_in_flight']:.1f} of them what-ifs being computed "
        f"({result['what_ifs_answered']} answered meanwhile); milliseconds:"
    )
    for name, part in (("acknowledged", result), ("card shows it", result["card"])):
        cells = "  ".join(f"{key[:-3]} {part[key]:8.1f}" for key in part if key.endswith("_ms"))
        typer.echo(f"  {name:14} {cells}")


def _steady(result: dict[str, Any]) -> None:
    typer.echo(
        f"{result['messages']} questions at {result['per_minute']} a minute for "
        f"{result['minutes']:g} minutes: {result['rate_per_s']:.2f} answers a second, "
        f"{result['lost']} lost, {result['doubled']} doubled"
    )
    told = " ".join(f"{each:.0f}" for each in result["memory_mb"])
    typer.echo(f"memory of all its processes on the way, MB: {told}")


_PRINTS: Mapping[str, Callable[[dict[str, Any]], None]] = {"clicks": _clicks, "steady": _steady}
