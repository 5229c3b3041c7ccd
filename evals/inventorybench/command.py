"""`qm eval inventorybench`: single items, single places, ordered for by the general engine."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

_RULES = {
    "rule_a": "(a) a lost order stays in the visible in-transit for ever",
    "rule_b": "(b) a lost order is missing there from the observation after placing",
}
# Published under the rules that are named; the engine's own row stands below.
_PUBLISHED = "capped base stock .4447 (a), .5208 (b); best published of nine .5380"


def eval_inventorybench(
    data: Annotated[Path, typer.Option(help="Folder of the instances, or its parent.")],
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Also write the figures here.")
    ] = None,
    sample: Annotated[
        int | None, typer.Option(min=1, help="Only so many instances, drawn by their names.")
    ] = None,
    workers: Annotated[int, typer.Option(min=1, help="Processes; no figure depends on it.")] = 2,
) -> None:
    """Order for one item at a time through about 50 periods; reward is profit less holding.

    Each period: observe, order, arrivals, demand, lost sales. The engine knows past demand and
    dates, profit and holding cost, the promised lead time, its orders and their arrivals, and the
    visible in-transit. Every instance starts from nothing.
    """
    from evals.inventorybench.instances import load_instances, sampled
    from evals.inventorybench.scoring import score

    instances = sampled(load_instances(data), sample)
    result = score(instances, workers, lambda words: typer.echo(words, err=True))
    _print(result)
    if json_file is not None:
        json_file.write_text(json.dumps(result, indent=2))


def _print(result: dict[str, Any]) -> None:
    typer.echo(
        f"{result['instances']:,} instances in {result['seconds']:,.0f} s "
        f"({result['processor_seconds']:,.0f} s of work); published: {_PUBLISHED}"
    )
    for rule, says in _RULES.items():
        own = result[rule]
        typer.echo(f"{says}: {own['overall']:.4f}")
        kinds = [f"{name} {own[name]:.4f}" for name in ("real", "synthetic") if name in own]
        typer.echo("  " + ", ".join(kinds))
        for family, reward in own["families"].items():
            typer.echo(f"  {family:32}{reward:8.4f}")
