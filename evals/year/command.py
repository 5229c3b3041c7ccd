"""`qm eval year`: a made-up company lives a year through the services, beside a tuned rule."""

import json
import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer


def eval_year(
    skus: Annotated[int, typer.Option(min=4, help="Items.")] = 60,
    weeks: Annotated[int, typer.Option(min=2, max=104, help="Weeks to live.")] = 52,
    seed: Annotated[int, typer.Option(help="Another seed makes another company.")] = 7,
    home: Annotated[
        Path | None, typer.Option(help="Keep the company here; default: a folder that is removed.")
    ] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Also write the figures here.")
    ] = None,
) -> None:
    """Import, plan, approve, receive, promise and measure, each week of a year.

    Customers, lead times and cash are the same for a reorder point whose settings are the best of
    a grid on the first half of that very year. Checked on the way: no unit goes to two customers,
    windows hold as often as they say, revenue saved is zero without actions, key figures agree
    with the books of the world, and no week spends more than its cash. Ends with 1 where one fails.
    """
    from engine.model.config import PlanConfig
    from evals.year.run import run_year

    def watch(what: str, week: int) -> None:
        typer.echo(f"{what} {week}", err=True)

    with tempfile.TemporaryDirectory(prefix="qm-year-") as made:
        place = home or Path(made)
        result = run_year(place, PlanConfig(), skus=skus, weeks=weeks, seed=seed, watch=watch)
    _print(result)
    if json_file is not None:
        json_file.write_text(json.dumps(result, indent=2, default=str))
    if not result["holds"]:
        raise typer.Exit(1)


def _print(result: dict[str, Any]) -> None:
    typer.echo(f"{result['skus']} items, {result['series']} series, {result['weeks']} weeks, "
               f"{result['weekly_cap']:,.0f} {result['currency']} of cash a week")  # fmt: skip
    for check in result["checks"]:
        sign = "ok  " if check["holds"] else "FAIL"
        typer.echo(f"  {sign} {check['name']}: {check['told']}")
    learnt = result["learnt"]
    for each in learnt["taken"]:
        typer.echo(f"  learnt {each['kind']} of {each['scope']}: {each['value']:g}; on weeks held "
                   f"back {each['before']:.4f} -> {each['after']:.4f}")  # fmt: skip
    typer.echo(f"  learnt from {learnt['weeks']} weeks: {len(learnt['taken'])} corrections taken, "
               f"{len(learnt['refused'])} refused by held-back weeks")  # fmt: skip
    for title, rows, less in (
        ("whole year", result, result["ours_less_rule"]),
        ("second half", result["second_half"], result["second_half"]["ours_less_rule"]),
    ):
        typer.echo(f"{title:18} {'fill':>7} {'lost margin':>12} {'stock':>12} {'ordered':>12}")
        for who in ("ours", "rule", "rule_without_cap"):
            row = rows[who]
            typer.echo(
                f"  {who:16} {row['fill_rate']:7.1%} {row['lost_margin_minor'] / 100:12,.0f} "
                f"{row['average_stock_minor'] / 100:12,.0f} {row['ordered_minor'] / 100:12,.0f}"
            )
        fill, lost = less["fill_rate"], less["lost_margin"]
        typer.echo(
            f"  ours less the rule's: fill {100 * fill['value']:+.1f} points "
            f"({100 * fill['low']:+.1f} to {100 * fill['high']:+.1f}), "
            f"lost margin {lost['value'] / 100:+,.0f} "
            f"({lost['low'] / 100:+,.0f} to {lost['high'] / 100:+,.0f})"
        )
