"""`qm bench approve`: how long people wait for their click to be committed."""

import json
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

SEED = 7
PERCENTILES = (50, 95, 99)


def bench_approve(
    deciders: Annotated[int, typer.Option(min=1, help="People who decide at once.")] = 20,
    each: Annotated[int, typer.Option(min=1, help="Decisions of each.")] = 15,
    think: Annotated[float, typer.Option(min=0, help="Seconds between two clicks.")] = 1.0,
    database: Annotated[
        list[str] | None, typer.Option(help="sqlite or postgresql; both by default.")
    ] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Also write the figures here.")
    ] = None,
) -> None:
    """Decide on made-up orders, steadily and in bursts; print milliseconds from click to commit.

    Every decision is durable: SQLite with synchronous=FULL, PostgreSQL with its safe defaults, and
    the audit's anchor on disk. Targets: 95 % within 50 ms, 99 % within 250 ms, none over 1 s.
    """
    wanted = database or ["sqlite", "postgresql"]
    found = {name: _measure(name, deciders, each, think) for name in wanted}
    for name, figures in found.items():
        _print(name, figures)
    worse = max(found.values(), key=lambda figures: figures["p95_ms"])
    if json_file is not None:
        told = {**worse, "deciders": deciders, "think_seconds": think, **found}
        json_file.write_text(json.dumps(told, indent=2))


def _measure(name: str, deciders: int, each: int, think: float) -> dict[str, Any]:
    from evals.approve.clicks import burst, lost_and_doubled, steady
    from evals.orders.world import ask, found_company

    rounds = 5
    with tempfile.TemporaryDirectory(prefix="qm-approve-") as place, _address(name, place) as url:
        stores = found_company(url, Path(place), managers=deciders)
        typer.echo(f"{name}: drafting {deciders * (each + rounds)} orders", err=True)
        cards = [ask(stores, number) for number in range(deciders * (each + rounds))]
        apart = deciders * each
        steadily = steady(stores, cards[:apart], deciders, think, SEED)
        at_once = [cards[apart + n * deciders :][:deciders] for n in range(rounds)]
        together = burst(stores, at_once, deciders)
        lost, doubled = lost_and_doubled(stores, cards)
        stores.database.close()
    return {
        **_percentiles(steadily.milliseconds),
        "rate_per_s": round(len(steadily.milliseconds) / steadily.seconds, 1),
        "clicks": steadily.clicks + together.clicks,
        "lost": lost,
        "doubled": doubled,
        "burst": {
            **_percentiles(together.milliseconds),
            "rate_per_s": round(len(together.milliseconds) / together.seconds, 1),
        },
    }


@contextmanager
def _address(name: str, place: str) -> Generator[str, None, None]:
    from engine.errors import InvalidInput
    from evals.rigs.postgres import postgres_url

    if name == "sqlite":
        yield f"sqlite:///{place}/qm.db"
    elif name == "postgresql":
        with postgres_url() as url:
            yield url
    else:
        raise InvalidInput(f"--database {name!r} is neither sqlite nor postgresql.")


def _percentiles(milliseconds: list[float]) -> dict[str, float]:
    import numpy as np

    shown = {f"p{each}_ms": float(np.percentile(milliseconds, each)) for each in PERCENTILES}
    return {name: round(value, 1) for name, value in {**shown, "max_ms": max(milliseconds)}.items()}


def _print(name: str, figures: dict[str, Any]) -> None:
    for what, part in (("steady", figures), ("all at once", figures["burst"])):
        times = "  ".join(f"{key[:-3]} {part[key]:7.1f}" for key in part if key.endswith("_ms"))
        typer.echo(f"{name:11} {what:12} {times} ms   {part['rate_per_s']:6.1f} decisions a second")
    typer.echo(
        f"{name:11} {figures['clicks']} clicks, {figures['lost']} lost, "
        f"{figures['doubled']} doubled"
    )
