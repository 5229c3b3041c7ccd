"""What the offline model makes of a paraphrase, and whether that is what was wanted.

What is said before is played through the whole agent, so that the conversation remembers what it
really would. Of the paraphrase itself only the understanding is scored: which tool is called first
with which arguments, or whether it asks back or says that it cannot. The words of answers are the
cases' business (`qm eval agent`).
"""

import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

from agent.assistant import chat_model, open_assistant
from agent.bootstrap import Company
from agent.llm.offline import asides
from agent.llm.port import Call, ChatModel, Question, Step
from agent.memory import Memory
from agent.terminal.session import Session
from engine.service import conversation, people, reading
from evals.agent.world import World
from evals.paraphrases.paraphrase import ASK, CANNOT, Paraphrase, filled
from tools.registry import BY_NAME

HELP = "show_help"
SAID_NO = frozenset({"cannot", "not-understood"})
WHO, THREAD = "buyer", "paraphrase"


@dataclass(frozen=True, kw_only=True)
class Understood:
    """`got` is a tool, `cannot` or `ask`, as in a paraphrase; `says` what was said, filled in."""

    paraphrase: Paraphrase
    says: str
    wanted: dict[str, Any] = field(default_factory=dict)
    got: str
    args: dict[str, Any] = field(default_factory=dict)

    @property
    def is_right(self) -> bool:
        if self.got not in self.paraphrase.want:
            return False
        return all(_same(self.args.get(name), value) for name, value in self.wanted.items())

    @property
    def want(self) -> str:
        """The first of what would be right, to sort by."""
        return self.paraphrase.want[0]


def score(lines: Iterable[Paraphrase], world: World) -> tuple[Understood, ...]:
    """Lines that nothing goes before share a company; the others have one each."""
    with tempfile.TemporaryDirectory() as place, world.copied(Path(place)) as company:
        model = chat_model(company)
        return tuple(_scored(line, world, company, model) for line in lines)


def _scored(said: Paraphrase, world: World, company: Company, model: ChatModel) -> Understood:
    run = reading.latest_run(company.stores)
    text = world.filled(said.say)
    question = Question(
        text=text, today=run.as_of, currency=run.currency, tools=(),
        memory=_after(said.before, world) if said.before else Memory(),
    )  # fmt: skip
    got, args = _answered(question, model, said.want)
    wanted = {name: filled(value, world.filled) for name, value in said.args.items()}
    return Understood(paraphrase=said, says=text, wanted=wanted, got=got, args=args)


def _after(before: Sequence[str], world: World) -> Memory:
    """What the conversation remembers once this was said."""
    with (
        tempfile.TemporaryDirectory() as place,
        world.copied(Path(place)) as company,
        open_assistant(company) as assistant,
    ):
        person = people.person_as_demo(company.stores, WHO)
        session = Session(assistant=assistant, person=person, thread_id=THREAD)
        for line in before:
            list(session.handle(world.filled(line)))
        return Memory.from_json(conversation.memory_of(company.stores, THREAD))


def _answered(
    question: Question, model: ChatModel, wanted: Sequence[str]
) -> tuple[str, dict[str, Any]]:
    """The first call, `cannot` or `ask`; the call that waits where a tool needs to know more."""
    reply = model.reply(question)
    waits = reply.pending.call if reply.pending is not None else None
    if not reply.calls and waits is not None and waits.tool in wanted:
        return waits.tool, _with_defaults(waits.tool, waits.arguments)
    if not reply.calls:
        return (CANNOT if reply.draft in asides.REFUSALS else ASK), {}
    first = reply.calls[0]
    if _says_it_cannot(first, question, model):
        return CANNOT, {}
    if reply.pending is not None and first.tool not in wanted:
        return ASK, {}  # what it shows is there to choose from
    return first.tool, _with_defaults(first.tool, first.arguments)


def _with_defaults(tool: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """What the call means, written out."""
    fields = BY_NAME[tool].arguments.model_fields
    left = {name: field.default for name, field in fields.items() if not field.is_required()}
    return {**left, **given}


def _says_it_cannot(first: Call, question: Question, model: ChatModel) -> bool:
    """It shows help because it cannot, or its answer begins with a refusal."""
    if first.tool == HELP:
        return first.arguments.get("topic") in SAID_NO
    step = Step(call=first, prefix="c1.", error="left out here")
    draft = model.reply(replace(question, steps=(step,))).draft
    return any(draft.startswith(refusal) for refusal in asides.REFUSALS)


def _same(got: object, wanted: object) -> bool:
    """Names of things may be written in any case; one name may stand in a list of its own."""
    return _plain(got) == _plain(wanted)


def _plain(value: object) -> object:
    if isinstance(value, str):
        return value.casefold()
    if isinstance(value, list | tuple):
        parts = [_plain(each) for each in cast("list[object]", value)]
        return parts[0] if len(parts) == 1 else parts
    return value


def rates(scored: Sequence[Understood]) -> dict[str, list[int]]:
    """Right ones and all, by what was wanted first."""
    every = Counter(each.want for each in scored)
    right = Counter(each.want for each in scored if each.is_right)
    return {name: [right[name], every[name]] for name in sorted(every)}
