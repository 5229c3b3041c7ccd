"""`qm eval screens`: what people see in Slack, as pictures to look at."""

import tempfile
from pathlib import Path
from typing import Annotated

import typer


def eval_screens(
    to: Annotated[Path, typer.Option(help="Folder of the pictures.")] = Path("screens"),
    only: Annotated[str, typer.Option(help="Only those whose name begins so.")] = "",
) -> None:
    """Draw every message, form and view of Slack in each of its states, as PNG files.

    From the demo company on a fixed Monday, by the renderer that Slack's messages come from; needs
    Chromium on the PATH. Ends with an error when Slack would refuse one of them.
    """
    from agent.html.blocks import page_html
    from engine.errors import PlanningError
    from evals.screens.company import open_office
    from evals.screens.photograph import browser, photograph
    from evals.screens.states import screens

    program = browser()
    to.mkdir(parents=True, exist_ok=True)
    wrong: list[str] = []
    with tempfile.TemporaryDirectory(prefix="qm-screens-") as place:
        page = Path(place) / "page.html"
        with open_office(Path(place) / "home") as office:
            for screen in screens(office):
                wrong += [f"{screen.name}: {problem}" for problem in screen.problems]
                if not screen.name.startswith(only):
                    continue
                page.write_text(page_html(screen.name, [screen.html]), encoding="utf-8")
                photograph(program, page, to / f"{screen.name}.png")
                typer.echo(f"{to / screen.name}.png")
    if wrong:
        raise PlanningError("Slack would refuse this:\n  " + "\n  ".join(wrong))
