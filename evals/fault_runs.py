"""What all runs of seeded faults share: companies broken in turn, counted, printed, kept."""

import json
import tempfile
import time
from collections import Counter
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import typer

SHOWN_FAILURES = 20


@dataclass
class Tally:
    """What was broken how often on one database, and what did not hold."""

    tried: Counter[str] = field(default_factory=Counter[str])
    failures: list[str] = field(default_factory=list[str])
    companies: int = 0
    events: int = 0  # of all audits, each verified


class BreakCompany(Protocol):
    """So many faults in one new company, each scene in turn; told to the tally."""

    def __call__(
        self, server: str | None, home: Path, count: int, seed: Sequence[int], tally: Tally
    ) -> None: ...


def run_faults(
    break_company: BreakCompany,
    *,
    count: int,
    seed: int,
    company_lasts: int,
    databases: Sequence[str] | None,
    json_file: Path | None,
) -> None:
    """So many faults on each database (both by default), a new company every `company_lasts`.

    Prints what was tried and what failed, writes the same to `json_file`, and exits with 1 when
    anything failed.
    """
    names = databases or ["sqlite", "postgresql"]
    found = {name: _on(name, break_company, count, seed, company_lasts) for name in names}
    for name, tally in found.items():
        _print(name, tally)
    if json_file is not None:
        told = {name: _figures(tally) for name, tally in found.items()}
        json_file.write_text(json.dumps({"seed": seed, **told}, indent=2))
    if any(tally.failures for tally in found.values()):
        raise typer.Exit(1)


def database_url(server: str | None, home: Path, number: int) -> str:
    """Where the so-many-th company lives: a file of its own, or a database of its own."""
    if server is None:
        return f"sqlite:///{home}/qm.db"
    import psycopg
    import sqlalchemy as sa

    name = f"company{number}"
    with psycopg.connect(server.replace("+psycopg", ""), autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")  # pyright: ignore[reportCallIssue, reportArgumentType]  a name cannot be bound
    return sa.make_url(server).set(database=name).render_as_string(hide_password=False)


def _on(name: str, break_company: BreakCompany, count: int, seed: int, company_lasts: int) -> Tally:
    tally = Tally()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="qm-faults-") as place, _server_of(name) as server:
        while tally.tried.total() < count:
            home = Path(place) / f"company{tally.companies}"
            home.mkdir()
            wanted = min(company_lasts, count - tally.tried.total())
            break_company(server, home, wanted, [seed, tally.companies], tally)
            typer.echo(
                f"{name}: {tally.tried.total()} of {count}, {len(tally.failures)} failures, "
                f"{time.monotonic() - began:.0f} s", err=True,
            )  # fmt: skip
    return tally


@contextmanager
def _server_of(name: str) -> Generator[str | None, None, None]:
    from engine.errors import InvalidInput
    from evals.rigs.postgres import postgres_url

    if name == "sqlite":
        yield None
    elif name == "postgresql":
        with postgres_url() as url:
            yield url
    else:
        raise InvalidInput(f"--database {name!r} is neither sqlite nor postgresql.")


def _figures(tally: Tally) -> dict[str, object]:
    return {
        "faults": tally.tried.total(),
        "failures": tally.failures,
        "by_scene": tally.tried,
        "audit_events": tally.events,
    }


def _print(name: str, tally: Tally) -> None:
    for scene, tried in sorted(tally.tried.items()):
        failed = sum(f" {scene}: " in each for each in tally.failures)
        typer.echo(f"{name:11} {scene:24} {tried:5} tried {failed:5} failed")
    typer.echo(
        f"{name:11} {tally.tried.total()} faults, {len(tally.failures)} failures; "
        f"{tally.events:,} audit events verified"
    )
    for failure in tally.failures[:SHOWN_FAILURES]:
        typer.echo(f"  {failure}")
