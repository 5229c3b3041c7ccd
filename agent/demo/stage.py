"""Show the demo company, then talk: with a person, or by playing the scripted conversation."""

import sys

import structlog
from rich.console import Console
from rich.text import Text

from agent.assistant import open_assistant
from agent.bootstrap import Company
from agent.demo.conversation import script
from agent.demo.prepare import DemoPlace
from agent.terminal import loop, render
from agent.terminal.identity import person_at_terminal
from agent.terminal.session import Session
from agent.views.digest import stored_digest
from engine.errors import PlanningError
from engine.purchase.states import OrderState
from engine.service import audit, purchase
from engine.service.reading import RunHeader


def screen() -> Console:
    return Console() if sys.stdout.isatty() else Console(width=loop.PLAIN_WIDTH)


def introduce(company: Company, place: DemoPlace, run: RunHeader) -> None:
    """The weekly digest as it would be posted, and how to reach this company again."""
    console = screen()
    locale = company.settings.terminal.locale
    digest = stored_digest(company.stores, run, locale, company.clock.now())
    console.print(render.digest(digest, console))
    console.print(
        Text(
            f"This company lives in {place.home}; any command reaches it with that folder as "
            f"QM_HOME, such as: QM_HOME={place.home} qm doctor",
            style="dim",
        ),
        soft_wrap=True,
    )


def talk(company: Company, who: str) -> None:
    """The chat, until the person leaves."""
    console = screen()
    with open_assistant(company) as assistant:
        session = Session(
            assistant=assistant, person=person_at_terminal(company, who), thread_id=f"demo-{who}"
        )
        loop.greet(session, console)
        history = company.settings.home_folder / f"chat-history-{session.person.id}"
        loop.converse(session, loop.ScreenPrinter(console), history)


def play(company: Company, run: RunHeader, who: str) -> None:
    """The scripted conversation; the approved order leaves, and the audit must verify."""
    from agent.worker.run import new_worker

    console = screen()
    with open_assistant(company) as assistant:
        session = Session(
            assistant=assistant, person=person_at_terminal(company, who), thread_id="demo-script"
        )
        loop.play(session, script(company.stores, run), loop.ScreenPrinter(console))
    # The conversation is the output here; of the log only what went wrong belongs beside it.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger("warning"))
    worker = new_worker(company)
    worker.round()
    worker.leave()
    sent = purchase.list_orders(company.stores, states={OrderState.SENT})
    if not sent:
        raise PlanningError(
            "The scripted conversation ended without a purchase order on its way; the lines above "
            "show where it stopped. Try another --seed."
        )
    for order in sent:
        console.print(Text(f"\n{order.number} is approved and on its way.", style="green"))
    report = audit.verify(company.stores).require()
    console.print(Text(f"audit verified: {report.events} events", style="bold green"))
