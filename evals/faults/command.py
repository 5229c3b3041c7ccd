"""`qm eval faults`: seeded faults in purchasing, on both databases."""

import json
import tempfile
import time
from collections import Counter
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from evals.faults.scenes import Scene

COMPANY_LASTS = 40  # faults; then a new one, so that looking at all of it stays quick


@dataclass
class Tally:
    """What was broken how often, and what did not hold."""

    tried: Counter[str] = field(default_factory=Counter[str])
    failures: list[str] = field(default_factory=list[str])
    companies: int = 0
    events: int = 0  # of all audits, each verified


def eval_faults(
    count: Annotated[int, typer.Option(min=1, help="Faults on each database.")] = 500,
    seed: Annotated[int, typer.Option(help="Which ones.")] = 7,
    database: Annotated[
        list[str] | None, typer.Option(help="sqlite or postgresql; both by default.")
    ] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Also write the figures here.")
    ] = None,
) -> None:
    """Break purchasing in seeded ways and print how often anything was doubled, lost or untold.

    kill -9 at statements and around commits of proposing, deciding, sending, confirming, receiving
    and amending; several processes at once; a locked, lost or clashing database; a mail server
    that refuses, puts off, drops the line or falls silent; clocks that jump; messages delivered
    three times; rights, prices and rates that change between card and click. After each the
    order's state, decisions, budget, messages and mails are counted, and the audit is verified.
    """
    names = database or ["sqlite", "postgresql"]
    found = {name: _on(name, count, seed) for name in names}
    for name, tally in found.items():
        _print(name, tally)
    if json_file is not None:
        told = {
            name: {
                "faults": tally.tried.total(), "failures": tally.failures, "by_scene": tally.tried,
                "audit_events": tally.events,
            }
            for name, tally in found.items()
        }  # fmt: skip
        json_file.write_text(json.dumps({"seed": seed, **told}, indent=2))
    if any(tally.failures for tally in found.values()):
        raise typer.Exit(1)


def _on(name: str, count: int, seed: int) -> Tally:
    tally = Tally()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="qm-faults-") as place, server_of(name) as server:
        while tally.tried.total() < count:
            home = Path(place) / f"company{tally.companies}"
            home.mkdir()
            wanted = min(COMPANY_LASTS, count - tally.tried.total())
            break_company(server, home, wanted, [seed, tally.companies], tally)
            typer.echo(
                f"{name}: {tally.tried.total()} of {count}, {len(tally.failures)} failures, "
                f"{time.monotonic() - began:.0f} s", err=True,
            )  # fmt: skip
    return tally


def break_company(
    server: str | None, home: Path, count: int, seed: Sequence[int], tally: Tally
) -> None:
    """So many faults in one new company: each scene in turn, drawn apart from there."""
    from engine.service import audit, purchase
    from evals.faults.stage import audit_problems, open_stage, problems_of
    from evals.rigs.smtp import mail_rig

    url = f"sqlite:///{home}/qm.db" if server is None else new_database(server, tally.companies)
    scenes = list(_scenes().items())
    tally.companies += 1
    with mail_rig(home / "mail") as mail:
        stage = open_stage(url, home, mail, seed)
        first = tally.tried.total()
        for number in range(count):
            scene, act = scenes[(first + number) % len(scenes)]
            wrong = act(stage)
            tally.tried[scene] += 1
            tally.failures += [f"{seed} fault {number} {scene}: {each}" for each in wrong]
        tally.failures += [f"{seed} audit: {each}" for each in audit_problems(stage)]
        tally.events += audit.verify(stage.stores).events
        for view in purchase.list_orders(stage.stores):
            later = problems_of(stage, view.number)
            tally.failures += [f"{seed} at the end, {view.number}: {each}" for each in later]
        stage.stores.database.close()


def _scenes() -> "dict[str, Scene]":
    from evals.faults import database_scenes as base, scenes

    return {
        act.__name__.replace("_", " "): act
        for act in (
            scenes.killed_deciding, scenes.killed_sending, scenes.killed_proposing,
            scenes.killed_receiving, scenes.killed_confirming, scenes.killed_amending,
            scenes.two_decide_at_once, scenes.two_propose_at_once, scenes.mail_goes_wrong,
            scenes.delivered_three_times, scenes.clock_jumps, scenes.right_lost,
            scenes.price_or_rate_changed, base.locked, base.dropped, base.clashed,
        )
    }  # fmt: skip


@contextmanager
def server_of(name: str) -> Generator[str | None, None, None]:
    from engine.errors import InvalidInput
    from evals.rigs.postgres import postgres_url

    if name == "sqlite":
        yield None
    elif name == "postgresql":
        with postgres_url() as url:
            yield url
    else:
        raise InvalidInput(f"--database {name!r} is neither sqlite nor postgresql.")


def new_database(server: str, number: int) -> str:
    import psycopg
    import sqlalchemy as sa

    name = f"company{number}"
    with psycopg.connect(server.replace("+psycopg", ""), autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")  # pyright: ignore[reportCallIssue, reportArgumentType]  a name cannot be bound
    return sa.make_url(server).set(database=name).render_as_string(hide_password=False)


def _print(name: str, tally: Tally) -> None:
    for scene, tried in sorted(tally.tried.items()):
        failed = sum(f" {scene}: " in each for each in tally.failures)
        typer.echo(f"{name:11} {scene:24} {tried:5} tried {failed:5} failed")
    typer.echo(
        f"{name:11} {tally.tried.total()} faults, {len(tally.failures)} failures; "
        f"{tally.events:,} audit events verified"
    )
    for failure in tally.failures[:20]:
        typer.echo(f"  {failure}")
