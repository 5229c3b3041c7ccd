"""`qm review` and `qm playbook`: the month looked at together, and the policy in words."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent.commands.acting import acting
from agent.commands.listing import print_each
from agent.commands.purchase import As, Json

if TYPE_CHECKING:
    from engine.service.review_actions import ReviewAction

PLAYBOOK = Path("docs/playbook.md")


def register(app: typer.Typer) -> None:
    review = typer.Typer(help="The month looked at together, and its actions.")
    review.callback(invoke_without_command=True)(make)
    actions = typer.Typer(
        help="What was agreed: an owner, a day, carried until done.", no_args_is_help=True
    )
    actions.command("add")(add)
    actions.command("done")(done)
    actions.command("drop")(drop)
    actions.command("list")(list_actions)
    review.add_typer(actions, name="actions")
    app.add_typer(review, name="review")
    app.command("playbook")(playbook)


def make(
    context: typer.Context,
    month: Annotated[
        str | None, typer.Option(help="Such as 2026-10; default: the last whole month.")
    ] = None,
    html: Annotated[Path | None, typer.Option(help="Also write the report as a page.")] = None,
    pdf: Annotated[Path | None, typer.Option(help="Also write the report as PDF.")] = None,
    *,
    act_as: As = None,
    as_json: Json = False,
) -> None:
    """Key figures, drift, value added, overrides, suppliers, replay, data, decisions, actions.

    The review is kept as it was made; actions are carried to the next.

        qm review --month 2026-10 --pdf october.pdf
        qm review actions add "Count the mugs in Leeds" --owner buyer --due 2026-12-01
    """
    if context.invoked_subcommand is not None:
        return
    from agent.reviewing import review_now, write_report
    from agent.terminal.review_report import print_review
    from engine.model.canonical import canonical_json

    with acting(context, act_as) as here:
        stored = review_now(here.company, month, author=here.person.id, now=here.now)
        for path, kind in ((html, "html"), (pdf, "pdf")):
            if path is not None:
                path.write_bytes(write_report(here.company, stored.id, kind))
        if as_json:
            typer.echo(canonical_json(stored.review.to_json()))
        else:
            print_review(stored.review, here.company.settings.terminal.locale)


def add(
    context: typer.Context,
    text: Annotated[str, typer.Argument(help="What is to be done.")],
    owner: Annotated[str, typer.Option(help="Who does it: an id from the people file.")],
    due: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Until when.")],
    month: Annotated[
        str | None, typer.Option(help="Of which review; default: the last one made.")
    ] = None,
    act_as: As = None,
) -> None:
    """Record an action of a review; sealed in the audit."""
    from engine.service.review import last_review
    from engine.service.review_actions import add_action

    with acting(context, act_as) as here:
        last = last_review(here.company.stores)
        of = month or (f"{here.now:%Y-%m}" if last is None else last.month)
        made = add_action(
            here.company.stores, month=of, text=text, owner=owner, due=due.date(),
            person=here.person, now=here.now,
        )  # fmt: skip
        typer.echo(_line(made))


def done(
    context: typer.Context,
    number: Annotated[int, typer.Argument(help="Number of the action.")],
    outcome: Annotated[str, typer.Option(help="What came of it.")] = "",
    act_as: As = None,
) -> None:
    """An action has been done."""
    _end(context, number, outcome, act_as, is_done=True)


def drop(
    context: typer.Context,
    number: Annotated[int, typer.Argument(help="Number of the action.")],
    outcome: Annotated[str, typer.Option(help="Why it will not be done.")],
    act_as: As = None,
) -> None:
    """An action will not be done after all."""
    _end(context, number, outcome, act_as, is_done=False)


def _end(
    context: typer.Context, number: int, outcome: str, act_as: str | None, *, is_done: bool
) -> None:
    from engine.service.review_actions import end_action

    with acting(context, act_as) as here:
        ended = end_action(
            here.company.stores, number, state="done" if is_done else "dropped", outcome=outcome,
            person=here.person, now=here.now,
        )  # fmt: skip
        typer.echo(_line(ended))


def list_actions(context: typer.Context, *, as_json: Json = False) -> None:
    """Open actions, by the day on which they are due."""
    from agent.bootstrap import open_company
    from engine.service.review_actions import actions

    with open_company(context.obj) as company:
        found = actions(company.stores)
    print_each(found, _line, as_json=as_json, nothing="No action is open.")


def _line(action: "ReviewAction") -> str:
    came = f"; {action.outcome}" if action.outcome else ""
    return (
        f"{action.id}. {action.text}  ({action.owner}, by {action.due:%d %b %Y}, taken in "
        f"{action.month}, {action.state}{came})"
    )


def playbook(
    context: typer.Context,
    target: Annotated[Path, typer.Argument(help="Where to; - is the screen.")] = PLAYBOOK,
) -> None:
    """Write the policy in force as a page, and say what changed since the last review."""
    from agent.bootstrap import open_company
    from agent.reviewing import playbook_now
    from agent.views.playbook import changed_lines
    from engine.service.review import last_review

    with open_company(context.obj) as company:
        text = playbook_now(company, company.clock.now())
        last = last_review(company.stores)
    if str(target) == "-":
        typer.echo(text)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
    changes = [] if last is None else changed_lines(last.playbook, text)
    typer.echo(f"{target} is written.")
    for line in changes or ["Nothing has changed since the last review."]:
        typer.echo(line)
