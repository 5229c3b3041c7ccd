"""Play a case and score it: database state first, then tools, facts, grounding, words."""

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import sqlalchemy as sa

from agent.assistant import open_assistant
from agent.bootstrap import Company
from agent.llm.port import ChatModel
from agent.terminal.session import Note, Session
from agent.views.answer import Answer
from engine.service import conversation, people
from engine.store.tables import metadata
from evals.agent.case import Case, Turn
from evals.agent.world import World

# Talking itself is recorded; these may grow in any case.
TALK = frozenset({"threads", "turns", "tool_calls", "facts", "notices", "sequences"})
# A what-if is stored so that it can be drafted from; it never becomes the plan of record.
WHAT_IF = frozenset({"plan_runs", "plan_lines", "plan_cuts", "plan_transfers", "plan_exceptions"})
MakeModel = Callable[[ChatModel], ChatModel]  # of the company's own, the offline one


@dataclass(frozen=True, kw_only=True)
class Played:
    """`failures` are sentences; none means that the case passed."""

    case: Case
    failures: tuple[str, ...]
    transcript: str

    @property
    def passed(self) -> bool:
        return not self.failures


@dataclass(frozen=True, kw_only=True)
class _Said:
    answer: Answer | None
    notes: str
    tools: tuple[str, ...]
    outcome: str | None
    cited: frozenset[str]

    @property
    def text(self) -> str:
        return f"{self.answer.text if self.answer else ''} {self.notes}".strip()


def play(case: Case, world: World, model: MakeModel) -> Played:
    """One conversation on a copy of the company."""
    with (
        tempfile.TemporaryDirectory() as place,
        world.copied(Path(place)) as company,
        open_assistant(company) as own,
    ):
        assistant = replace(own, model=model(own.model))
        person = people.person_as_demo(company.stores, case.who)
        session = Session(assistant=assistant, person=person, thread_id="case")
        before = _rows(company)
        said = [_say(session, company, world.filled(turn.say)) for turn in case.turns]
        after = _rows(company)
    failures = [
        *_database(case, before, after),
        *(problem for turn, heard in zip(case.turns, said, strict=True)
          for problem in _turn(case, turn, heard, world)),
    ]  # fmt: skip
    return Played(
        case=case,
        failures=tuple(failures),
        transcript="\n".join(
            f"> {world.filled(turn.say)[:200]}\n{heard.text}"
            for turn, heard in zip(case.turns, said, strict=True)
        ),
    )


def _say(session: Session, company: Company, text: str) -> _Said:
    outputs = list(session.handle(text))
    answers = [each for each in outputs if isinstance(each, Answer)]
    notes = " ".join(each.text for each in outputs if isinstance(each, Note))
    if not answers or not answers[0].turn_id:
        return _Said(answer=answers[0] if answers else None, notes=notes, tools=(), outcome=None,
                     cited=frozenset())  # fmt: skip
    answer = answers[0]
    calls, facts = conversation.parts_of(company.stores, answer.turn_id)
    labels = {fact.id: fact.label for fact in facts}
    cited = {labels[s.fact_id] for line in answer.paragraphs for s in line if s.fact_id}
    last = calls[-1].result if calls else None
    return _Said(
        answer=answer,
        notes=notes,
        tools=tuple(call.tool for call in calls),
        outcome=None if last is None else str(last["outcome"]),
        cited=frozenset(cited),
    )


def _rows(company: Company) -> dict[str, int]:
    with company.stores.database.read() as look:
        return {
            name: look.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for name, table in metadata.tables.items()
            if name not in TALK | WHAT_IF
        }


def _database(case: Case, before: Mapping[str, int], after: Mapping[str, int]) -> list[str]:
    problems: list[str] = []
    for name in sorted(before):
        changed, wanted = after[name] - before[name], case.database.get(name, 0)
        if wanted not in (changed, "ANY"):
            problems.append(f"database: {name} changed by {changed}, expected {wanted}")
    return problems


def _turn(case: Case, turn: Turn, heard: _Said, world: World) -> list[str]:
    problems: list[str] = []
    if turn.tools is not None and heard.tools != turn.tools:
        problems.append(f"tools: {heard.tools}, expected {turn.tools}")
    problems += [f"tools: {name} is forbidden" for name in heard.tools if name in case.forbidden]
    if turn.outcome is not None and heard.outcome != turn.outcome:
        problems.append(f"outcome: {heard.outcome}, expected {turn.outcome}")
    problems += [f"facts: {label!r} not cited" for label in turn.cites if label not in heard.cited]
    if heard.answer is not None and heard.answer.outcome not in ("clean", "repaired"):
        problems.append(f"grounding: {heard.answer.outcome}")
    text = heard.text.casefold()
    problems += [
        f"words: {piece!r} missing" for piece in map(world.filled, turn.text)
        if piece.casefold() not in text
    ]  # fmt: skip
    problems += [
        f"words: {piece!r} present" for piece in map(world.filled, turn.never)
        if piece.casefold() in text
    ]  # fmt: skip
    return [f"“{turn.say[:60]}” {problem}" for problem in problems]
