"""A tool called from a shell: the same facts, sentences and tables as in a conversation."""

import sys
from typing import TYPE_CHECKING, Any

import typer

from agent.bootstrap import Company
from agent.llm.port import Call, Step
from engine.model.people import Person

if TYPE_CHECKING:
    from tools.result import ToolResult


def run_tool(company: Company, person: Person, name: str, given: dict[str, Any]) -> "ToolResult":
    """Arguments that are None are left out; raises what the tool raises."""
    from tools.context import ToolContext
    from tools.registry import BY_NAME

    context = ToolContext(
        stores=company.stores,
        person=person,
        now=company.clock.now(),
        config=company.plan_config,
        compute=company.compute,
    )
    arguments = {key: value for key, value in given.items() if value is not None}
    return BY_NAME[name].call(arguments, context)


def print_tool(
    company: Company, person: Person, name: str, given: dict[str, Any], *, as_json: bool
) -> None:
    """Run it and print what it found, for a person or as JSON for a program."""
    result = run_tool(company, person, name, given)
    if as_json:
        from engine.model.canonical import canonical_json

        facts = {fact.id: fact for fact in result.facts}
        typer.echo(canonical_json({"outcome": result.outcome, "facts": facts}))
        return
    _print(company, Step(call=Call(tool=name, arguments=given), result=result))


def _print(company: Company, step: Step) -> None:
    from rich.console import Console

    from agent.grounding.render import rendered
    from agent.statements.catalogue import statement
    from agent.terminal import loop, render
    from agent.views.answer import answer_view

    assert step.result is not None  # noqa: S101  it was run
    locale = company.settings.terminal.locale
    facts = {fact.id: fact for fact in step.result.facts}
    view = answer_view(
        turn_id="",
        paragraphs=rendered(statement(step), facts, locale),
        steps=[step],
        facts=facts,
        locale=locale,
        outcome=step.result.outcome,
        model="",
    )
    console = Console() if sys.stdout.isatty() else Console(width=loop.PLAIN_WIDTH)
    for part in (*view.paragraphs,):
        console.print("".join(span.text for span in part), highlight=False, markup=False)
    for table in view.tables:
        console.print(render.table(table, console.width))
        if table.rest:
            console.print(f"... and {table.rest} more", highlight=False)
