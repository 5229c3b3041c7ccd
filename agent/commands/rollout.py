"""`qm rollout`: the first ninety days, with checks that pass or say what is missing."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agent.commands.purchase import Json

if TYPE_CHECKING:
    from engine.service.rollout import Rollout
    from engine.service.rollout_check import Step

SHOWN = 8


def register(app: typer.Typer) -> None:
    app.command("rollout")(rollout)


def rollout(
    context: typer.Context,
    *,
    every: Annotated[bool, typer.Option("--all", help="List every item concerned.")] = False,
    as_json: Json = False,
) -> None:
    """Connect and clean, forecast validation, replenishment pilot, close the loop: how far we are.

    Each step names its items: the cleanest to begin with and what the others lack, forecasts that
    stand on a proxy or need a person, the fast items for the pilot.

        qm rollout
    """
    from agent.bootstrap import open_company
    from engine.model.canonical import canonical_json
    from engine.service.rollout import rollout as state_of

    with open_company(context.obj) as company:
        found = state_of(company.stores, company.plan_config, now=company.clock.now())
    if as_json:
        content = {
            "begun": found.begun, "day": found.day, "share": found.share,
            "step": None if found.step is None else found.step.name,
            "steps": [{**asdict(step), "passes": step.passes} for step in found.steps],
        }  # fmt: skip
        typer.echo(json.dumps(json.loads(canonical_json(content)), indent=2, ensure_ascii=False))
        return
    _print(found, every=every)


def _print(found: "Rollout", *, every: bool) -> None:
    day = f"Day {found.day} of 90, begun on {found.begun:%d %b %Y}. " if found.begun else ""
    passed, total = (sum(n) for n in zip(*((s.passed, len(s.checks)) for s in found.steps),
                                         strict=True))  # fmt: skip
    typer.echo(f"{day}{passed} of {total} checks pass.")
    for step in found.steps:
        typer.echo(f"\n{step.name.capitalize()}, days {step.first_day} to {step.last_day}: "
                   f"{step.passed} of {len(step.checks)}")  # fmt: skip
        for each in step.checks:
            todo = f"  -> {each.missing}" if each.missing else ""
            typer.echo(
                f"  {'ok     ' if each.passes else 'missing'} {each.name}: {each.told}{todo}"
            )
        for line in _facts(step, every=every):
            typer.echo(f"          {line}")
    if found.step is not None:
        typer.echo(f"\nNow: {found.step.name}.")


def _facts(step: "Step", *, every: bool) -> list[str]:
    """What a person needs of a step's lists."""
    facts: dict[str, Any] = dict(step.facts)
    lines: list[str] = []
    for name, title in (("cleanest", "begin with"), ("fast_items", "fast items")):
        if facts.get(name):
            lines.append(f"{title}: {_some(facts[name], every=every)}")
    for name, count in facts.get("lacks", {}).items():
        lines.append(f"{count} lack {name}: {facts['how'][name]}")
    for name, title in (("proxies", "on a proxy"), ("overrides_needed", "look at")):
        if facts.get(name):
            lines.append(f"{title}: {_some([row['sku'] for row in facts[name]], every=every)}")
    return lines


def _some(names: list[str], *, every: bool) -> str:
    shown = names if every else names[:SHOWN]
    rest = len(names) - len(shown)
    return ", ".join(shown) + (f" and {rest} more (--all)" if rest else "")
