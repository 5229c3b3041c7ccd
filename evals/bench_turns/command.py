"""`qm bench turns`: how long people wait for whole answers of the offline model."""

import getpass
import json
import sys
import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer

SEED = 7
BUDGET_MINOR_PER_SKU = 3_000
STARTS = 3  # of qm chat; the quickest counts, the first warms the disk
PEOPLE = """\
currency: {currency}
roles:
  everything: {{rights: [read, draft, administer]}}
people:
  - {{id: bench, name: Bench, roles: [everything], os_user: {user}}}
approval:
  steps: [{{name: approval}}]
"""


def bench_turns(
    skus: Annotated[int, typer.Option(min=100, help="SKU-locations of the plan.")] = 30_000,
    weeks: Annotated[int, typer.Option(min=30, help="Weeks of history of each.")] = 104,
    repeats: Annotated[int, typer.Option(min=1, help="Rounds of ten questions.")] = 20,
    workers: Annotated[int, typer.Option(min=1, help="Processes that make the plan.")] = 2,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Also write the figures here.")
    ] = None,
) -> None:
    """Plan the made-up company of `qm bench plan`, then ask the whole agent ten kinds of question.

    A turn is question to stored answer: reading, tools, grounding, rendering, checkpoints. Also the
    memory of the idle agent, the growth of the checkpoint store over 100 turns of one thread, and
    the time from `qm chat` to its prompt. Goals: p95 400 ms, 300 MB, 5 MB, 2 s.
    """
    from evals.bench_turns.first_prompt import seconds_to_prompt

    with tempfile.TemporaryDirectory() as place:
        home = Path(place)
        typer.echo(f"Making up and planning {skus:,} SKU-locations ...", err=True)
        _child("evals.bench_plan.prepare", str(home), str(skus), str(weeks), str(SEED))
        budget = str(BUDGET_MINOR_PER_SKU * skus)
        _child("evals.bench_plan.child", str(home), str(workers), budget)
        settings = _settings(home)
        typer.echo("Asking ...", err=True)
        measured = _child("evals.bench_turns.child", str(settings), str(repeats), str(SEED))
        prompt = min(seconds_to_prompt(settings) for _ in range(STARTS))
    result = {"skus": skus, **json.loads(measured), "first_prompt_s": round(prompt, 2)}
    _print(result)
    if json_file is not None:
        json_file.write_text(json.dumps(result, indent=2))


def _settings(home: Path) -> Path:
    """The company as an installation with one person, who is whoever runs this."""
    from engine.service.company import company_profile
    from evals.bench_plan.prepare import stores_in

    stores = stores_in(home)
    with stores.database.read() as look:
        company = company_profile(look)
    stores.database.close()
    currency = company.base_currency if company else "GBP"
    people = PEOPLE.format(currency=currency, user=getpass.getuser())
    (home / "people.yaml").write_text(people, encoding="utf-8")
    settings = home / "quartermaster.toml"
    settings.write_text(f'home = "{home.as_posix()}"\n', encoding="utf-8")
    return settings


def _child(module: str, *arguments: str) -> str:
    """The last line that a fresh process prints; exits as it does where it fails."""
    from evals.process_peak import measure

    done = measure([sys.executable, "-m", module, *arguments])
    if done.returncode:
        raise typer.Exit(done.returncode)
    return (done.output.splitlines() or [""])[-1]


def _print(result: dict[str, Any]) -> None:
    typer.echo(f"{result['skus']:,} SKU-locations, {result['turns']} turns of the offline model")
    typer.echo(
        f"  a turn, milliseconds: p50 {result['p50']}, p95 {result['p95']}, p99 {result['p99']}, "
        f"max {result['max']}"
    )
    typer.echo(f"  memory of the idle agent: {result['idle_mb']} MB")
    typer.echo(f"  checkpoint store, 100 turns of one thread: +{result['checkpoints_grew_mb']} MB")
    typer.echo(f"  qm chat to its first prompt: {result['first_prompt_s']} s")
