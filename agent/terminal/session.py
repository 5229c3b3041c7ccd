"""One person's conversation at a terminal: lines in, views out. Knows nothing of consoles."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from agent.terminal.decisions import Decisions, Shown
from agent.terminal.identity import person_at_terminal
from agent.turns import Assistant, ShowStage, silent
from agent.views.answer import Answer
from agent.views.notices import told
from agent.views.pictures import picture_of
from engine.errors import PlanningError
from engine.model.people import Person
from engine.service import conversation
from tools.result import ChartRequest, OfferedAction

if TYPE_CHECKING:
    from agent.approvals import Approvals

# The whole line and nothing else: a decision is never read into a longer sentence.
_DECIDE = re.compile(
    r"\s*(?P<decision>approve|reject|decline|confirm)\s+#?(?P<number>\d{1,3})"
    r"(?:\s*(?:\s+because\s+|:\s*)(?P<reason>\S.*))?\s*",
    re.IGNORECASE | re.DOTALL,
)
_ALMOST = re.compile(r"\s*(?:approve|reject|decline|confirm)\s+(?:number\s+|#)?\d", re.IGNORECASE)
HELP = (
    "Ask in plain words: what to buy, why a quantity, how sure a forecast is; draft it; what needs "
    "me.\n"
    "approve N, reject N because ...: your decision on a request shown above\n"
    "N: press a numbered button        /approvals: what waits for a decision\n"
    "/sources: where the last figures come from   /as NAME: be somebody else (demo)   /quit"
)
NOT_DECIDED = (
    "Nothing was decided. Type exactly “approve N”, or “reject N because ...”, for one request "
    "that is shown above."
)


@dataclass(frozen=True)
class Note:
    """A line of our own: a notice, a confirmation, a mistake."""

    text: str
    is_error: bool = False


@dataclass(frozen=True)
class Picture:
    path: Path
    alt: str = ""  # what it shows, in words


@dataclass(frozen=True)
class Goodbye:
    """The person wants to leave."""


Output = Answer | Shown | Note | Picture | Goodbye


@dataclass
class Session:
    """Decisions typed here are the person's own click; the language model never sees them."""

    assistant: Assistant
    person: Person
    thread_id: str
    show_stage: ShowStage = silent
    decisions: Decisions = field(init=False)
    _buttons: tuple[OfferedAction, ...] = ()

    def __post_init__(self) -> None:
        company = self.assistant.company
        self.decisions = Decisions(company=company, locale=self.assistant.locale)
        conversation.open_thread(
            company.stores, self.thread_id, surface="terminal", person=self.person,
            now=company.clock.now(),
        )  # fmt: skip

    @cached_property
    def _waits(self) -> "Approvals":
        from agent.approvals import Approvals  # LangGraph is imported when something waits

        company = self.assistant.company
        return Approvals(
            stores=company.stores,
            checkpoints=self.assistant.checkpoints.saver,
            now=company.clock.now,
        )

    def handle(self, line: str) -> Iterator[Output]:
        """Everything that answers one line; what a user can fix comes back as a note."""
        try:
            yield from self._handle(line)
        except PlanningError as error:
            yield Note(str(error), is_error=True)

    def news(self) -> Iterator[Note]:
        """What became of this person's requests since they last looked."""
        company = self.assistant.company
        if conversation.untold_decisions(company.stores):
            self._waits.wake_decided()
        for notice in conversation.take_notices(
            company.stores, self.person.id, now=company.clock.now()
        ):
            kind = str(notice["kind"])
            if kind == "decision":
                yield Note(self.decisions.told(int(notice["request_id"])))
            else:
                yield Note(told(kind, notice))

    def _handle(self, line: str) -> Iterator[Output]:
        word, _, rest = line.strip().partition(" ")
        command = _COMMANDS.get(word.lower())
        decision = _DECIDE.fullmatch(line)
        if command is not None:
            yield from command(self, rest.strip())
        elif word.startswith("/"):
            yield Note(f"There is no command {word}. /help lists them.", is_error=True)
        elif decision is not None:
            yield from self._decide(decision)
        elif _ALMOST.match(line):
            yield Note(NOT_DECIDED, is_error=True)
        elif (said := line.strip()) in (places := [str(n + 1) for n in range(len(self._buttons))]):
            yield from self._ask(self._buttons[places.index(said)].text)
        else:
            yield from self._ask(line)

    def _ask(self, text: str) -> Iterator[Output]:
        answer = self.assistant.ask(self.thread_id, self.person, text, self.show_stage)
        # Decisions come as cards with numbers of their own, so only words are buttons.
        self._buttons = tuple(each for each in answer.actions if each.kind == "say")
        yield answer
        for request in answer.waits:
            self._waits.open(int(request))
        for chart in answer.charts:
            yield self._picture(chart)
        yield from self._offered(answer.actions)

    def _offered(self, actions: Sequence[OfferedAction]) -> Iterator[Output]:
        """Cards for what this person may decide on now."""
        for action in actions:
            if action.kind == "decide":
                yield self.decisions.show_order(int(action.target), self.person)
            elif action.kind == "decide-budget":
                yield self.decisions.show_budget(int(action.target), self.person)

    def _decide(self, typed: re.Match[str]) -> Iterator[Output]:
        approve = typed["decision"].lower() in ("approve", "confirm")
        number, reason = int(typed["number"]), (typed["reason"] or "").strip() or None
        outcome = self.decisions.decide(number, approve=approve, reason=reason, person=self.person)
        yield Note(outcome.sentence, is_error=not outcome.took_effect)
        if outcome.request_id is not None and outcome.took_effect:
            self._waits.wake(outcome.request_id)
        if outcome.needs_plan:
            yield from self._plan_again()

    def _plan_again(self) -> Iterator[Output]:
        self.show_stage("planning again under the new budget")
        run_id = self.decisions.plan_again()
        yield Note(f"Planned again: {run_id} is the plan of record now.")

    def _picture(self, chart: ChartRequest) -> Picture:
        self.show_stage("drawing")
        drawing = picture_of(self.assistant.company, chart)
        return Picture(drawing.path, drawing.words)

    def approvals(self, _rest: str) -> Iterator[Output]:
        shown = tuple(self.decisions.show_pending(self.person))
        if not shown:
            yield Note("Nothing waits for a decision.")
        yield from shown

    def become(self, who: str) -> Iterator[Output]:
        if not who:
            yield Note(f"You are {self.person.name}. /as NAME makes you somebody else.")
            return
        self.person = person_at_terminal(self.assistant.company, who)
        self._buttons = ()
        self.decisions.forget()
        yield Note(f"You are {self.person.name} now.")
        yield from self.news()

    def sources(self, _rest: str) -> Iterator[Output]:
        yield from self._ask("Show the sources")

    def help(self, _rest: str) -> Iterator[Output]:
        yield Note(HELP)

    def quit(self, _rest: str) -> Iterator[Output]:
        yield Goodbye()


_COMMANDS: dict[str, Callable[[Session, str], Iterator[Output]]] = {
    "/approvals": Session.approvals,
    "/as": Session.become,
    "/sources": Session.sources,
    "/help": Session.help,
    "/quit": Session.quit,
    "/exit": Session.quit,
    "quit": Session.quit,
    "exit": Session.quit,
}
