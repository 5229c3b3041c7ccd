"""Reading lines and printing what answers them: with a prompt, from a pipe, or given beforehand."""

import json
import sys
import threading
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

from rich.console import Console
from rich.text import Text

from agent.terminal import render
from agent.terminal.decisions import Shown
from agent.terminal.harmless import visible
from agent.terminal.session import Goodbye, Note, Output, Picture, Session
from agent.views.answer import Answer

PLAIN_WIDTH = 130  # columns, where nothing says how wide the reader's page is


class Printer(Protocol):
    """Where outputs go."""

    def show(self, output: Output) -> None: ...

    def said(self, session: Session, line: str) -> None:
        """Echo a line that nobody typed here."""
        ...


class ScreenPrinter:
    """Rich text on a terminal, plain text in a pipe."""

    def __init__(self, console: Console) -> None:
        self.console = console

    def show(self, output: Output) -> None:
        if isinstance(output, Answer):
            self.console.print(render.answer(output, self.console))
        elif isinstance(output, Shown):
            self.console.print(render.card(output.number, output.view, self.console))
        elif isinstance(output, Picture):
            link = f"link {output.path.as_uri()}" if self.console.is_terminal else ""
            self.console.print(Text.assemble("Chart: ", (str(output.path), link)), soft_wrap=True)
        elif isinstance(output, Note):
            self.console.print(
                Text(visible(output.text), style="red" if output.is_error else "green")
            )

    def said(self, session: Session, line: str) -> None:
        shown = line if len(line) <= 200 else f"{line[:200]}… ({len(line):,} characters)"  # noqa: PLR2004  an echo
        self.console.print(
            Text(visible(f"\n{session.person.name}> {shown}"), style="bold"), soft_wrap=True
        )


class JsonPrinter:
    """One JSON object per output, for programs."""

    def show(self, output: Output) -> None:
        sys.stdout.write(json.dumps(_as_json(output), ensure_ascii=False, default=str) + "\n")

    def said(self, session: Session, line: str) -> None:
        said = {"kind": "message", "person": session.person.id, "text": line}
        sys.stdout.write(json.dumps(said, ensure_ascii=False) + "\n")


def _as_json(output: Output) -> dict[str, Any]:
    if isinstance(output, Answer):
        return {"kind": "answer", "text": output.text, **output.to_json()}
    if isinstance(output, Shown):
        return {"kind": "request", "number": output.number, **asdict(output.view)}
    return {"kind": type(output).__name__.lower(), **asdict(output)}


def play(session: Session, lines: Iterable[str], printer: Printer) -> None:
    """Say each line in turn, echoing it; used for `--message`, pipes and the scripted demo."""
    for note in session.news():
        printer.show(note)
    for line in lines:
        printer.said(session, line.rstrip("\n"))
        for output in session.handle(line.rstrip("\n")):
            if isinstance(output, Goodbye):
                return
            printer.show(output)
        for note in session.news():
            printer.show(note)


def converse(session: Session, printer: ScreenPrinter, history: Path) -> None:
    """Talk until the person leaves. Ctrl-C stops what is under way, Ctrl-D leaves."""
    ask = _prompt(session, history)
    while True:
        for note in session.news():
            printer.show(note)
        try:
            line = ask()
        except KeyboardInterrupt:
            continue
        except EOFError:
            return
        if line.strip() and not _answered(session, line, printer):
            return


def _answered(session: Session, line: str, printer: ScreenPrinter) -> bool:
    """False when the person said goodbye."""
    try:
        with _stages(session, printer.console):
            for output in session.handle(line):
                if isinstance(output, Goodbye):
                    return False
                printer.show(output)
    except KeyboardInterrupt:
        printer.show(Note("Stopped. Nothing that was not confirmed above was done.", is_error=True))
    return True


@contextmanager
def _stages(session: Session, console: Console) -> Generator[None, None, None]:
    """A spinner that says what is being done."""
    with console.status("thinking") as status:
        session.show_stage = lambda stage: status.update(Text(stage))
        yield


def _prompt(session: Session, history: Path) -> Callable[[], str]:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.completion import WordCompleter
    from prompt_toolkit.history import FileHistory

    history.parent.mkdir(parents=True, exist_ok=True)
    commands = WordCompleter(["/approvals", "/as", "/help", "/sources", "/quit"], sentence=True)
    prompt: PromptSession[str] = PromptSession(
        history=FileHistory(str(history)), completer=commands, complete_while_typing=False
    )
    return lambda: prompt.prompt(f"{session.person.name}> ")


def greet(session: Session, console: Console) -> None:
    """Say who talks to whom, and warm up what the first question needs while that is read."""
    company = session.assistant.company
    model = session.assistant.model.name
    console.print(
        Text.assemble(
            ("Quartermaster", "bold"), f"  you are {session.person.name}; {model} answers. ",
            ("/help", "bold"), " shows what can be typed.",
        )
    )  # fmt: skip
    for warm in (session.assistant.warm, lambda: company.compute.call(warmed)):
        threading.Thread(target=warm, daemon=True).start()


def warmed() -> None:
    """In a compute process: import what a what-if needs, so that the first one is quick."""
    from importlib import import_module

    import_module("engine.replenish")
