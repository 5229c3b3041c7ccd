"""What commands that change orders share: who acts on which company, and what is said after."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from agent.bootstrap import Company
    from engine.model.people import Person
    from engine.service.order_view import OrderView
    from engine.service.stores import Stores

Number = Annotated[str, typer.Argument(help="Order number, such as PO-1001 or 1001.")]
As = Annotated[str | None, typer.Option("--as", help="Act as this person; in a demo company only.")]


@dataclass(frozen=True, kw_only=True)
class Acting:
    """An open company, the person at the terminal and the moment of the command."""

    company: "Company"
    person: "Person"
    now: datetime

    @property
    def stores(self) -> "Stores":
        return self.company.stores

    @property
    def locale(self) -> str:
        return self.company.settings.terminal.locale

    def say(self, view: "OrderView") -> None:
        """Where the order stands now, line by line once it has left."""
        from agent.terminal.order_report import print_progress

        again = " It had been recorded before." if view.already_there else ""
        typer.echo(f"{view.number} is {view.state.value.replace('_', ' ')}.{again}")
        if view.must_answer:
            typer.echo(
                f"It is not as ordered: qm po accept {view.number}, or qm po amend {view.number}."
            )
        print_progress(view, self.locale)


@contextmanager
def acting(context: typer.Context, act_as: str | None) -> Generator[Acting, None, None]:
    """The company, who acts, and when; closed when the block ends."""
    from agent.bootstrap import open_company
    from agent.terminal.identity import person_at_terminal

    with open_company(context.obj) as company:
        yield Acting(
            company=company, person=person_at_terminal(company, act_as), now=company.clock.now()
        )
