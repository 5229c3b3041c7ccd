"""`qm bench allocate`: certified gap and seconds of the budget decision, beside its peers."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

SEED = 7


def bench_allocate(
    skus: Annotated[int, typer.Option(min=6, help="Items.")] = 30_000,
    suppliers: Annotated[int, typer.Option(min=1, help="Suppliers, each with a minimum.")] = 200,
    seeds: Annotated[int, typer.Option(min=1, help="Instances, from seed 7 on.")] = 6,
    budgets: Annotated[
        str, typer.Option(help="Percent of unconstrained spend; the first 50 is the headline.")
    ] = "50,5,95",
    peer_seconds: Annotated[
        float, typer.Option(min=0, help="Time limit of each peer; 0: no peers.")
    ] = 60.0,
    coupled: Annotated[  # noqa: FBT002  a flag of the command line
        bool, typer.Option(help="Also with capped volume, containers and transfers.")
    ] = True,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Also write the figures here.")
    ] = None,
) -> None:
    """Solve seeded instances and certify each gap by an evaluator that shares no code with us.

    Packs, item and supplier minimums, price tiers, a budget; `coupled` adds capped volume,
    containers and transfers. The gap is (bound - value) / value, both recomputed from the stored
    choice and certificate; the worst over seeds and budgets counts. HiGHS and CP-SAT get the
    first instance (half the unconstrained spend): the same feasible set and value tables, two
    threads, never our solution. The goals at 30,000 are .01 % in 2 s, coupled .1 % in 10 s.
    """
    from evals.allocation.run import run, run_peers

    shares = [float(each) / 100 for each in budgets.split(",")]
    kinds = ("base", "coupled") if coupled else ("base",)
    result: dict[str, Any] = {"skus": skus, "suppliers": suppliers, "budgets": shares}
    for kind in kinds:
        result[kind] = run(kind, skus, suppliers, range(SEED, SEED + seeds), shares)
    if peer_seconds > 0:
        result["peers"] = run_peers("base", skus, suppliers, SEED, peer_seconds)
        if coupled:
            result["coupled"]["peers"] = run_peers("coupled", skus, suppliers, SEED, peer_seconds)
    _print(result, kinds)
    if json_file is not None:
        json_file.write_text(json.dumps(result, indent=2))


def _print(result: dict[str, Any], kinds: tuple[str, ...]) -> None:
    typer.echo(f"{result['skus']:,} items, {result['suppliers']} suppliers")
    typer.echo("  kind     seed budget      value      gap   seconds  minimums that bind")
    for kind in kinds:
        for row in result[kind]["instances"]:
            typer.echo(
                f"  {kind:8} {row['seed']:4} {row['budget_share']:5.0%} {row['value']:13,.0f} "
                f"{row['gap']:8.4%} {row['seconds']:8.2f} {row['minimums_bind']:8.0%}"
            )
        worst = result[kind]
        typer.echo(f"  {kind:8} worst gap {worst['gap']:.4%}, longest {worst['seconds']:.2f} s")
    tables = [("base", result.get("peers", {}))]
    tables += [("coupled", result.get("coupled", {}).get("peers", {}))]
    for kind, peers in tables:
        for name, row in peers.items():
            typer.echo(
                f"  {kind:8} {name:7} {row['value']:13,.0f}, its own gap {_percent(row['gap'])}, "
                f"{row['seconds']:.0f} s with building the model"
            )


def _percent(gap: float | None) -> str:
    return "without a solution" if gap is None else f"{gap:.2%}"
