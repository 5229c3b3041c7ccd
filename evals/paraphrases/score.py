"""What the offline model makes of a paraphrase, and whether that is what was wanted.

Only the understanding is scored: which tool is called first with which arguments, or whether it
asks back or says that it cannot. The words of answers are the cases' business (`qm eval agent`).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

from agent.llm.offline import asides
from agent.llm.port import Call, ChatModel, Question, Step
from evals.paraphrases.company import CURRENCY, TODAY, memory_after
from evals.paraphrases.paraphrase import ASK, CANNOT, Paraphrase

HELP = "show_help"
SAID_NO = frozenset({"cannot", "not-understood"})


@dataclass(frozen=True, kw_only=True)
class Understood:
    """`got` is a tool, `cannot` or `ask`, as in a paraphrase."""

    paraphrase: Paraphrase
    got: str
    args: dict[str, Any] = field(default_factory=dict)

    @property
    def is_right(self) -> bool:
        wanted = self.paraphrase
        if self.got != wanted.want:
            return False
        return all(_same(self.args.get(name), value) for name, value in wanted.args.items())


def understood(said: Paraphrase, model: ChatModel) -> Understood:
    """Put it to the model as the next message of a conversation."""
    question = Question(
        text=said.say, today=TODAY, currency=CURRENCY, memory=memory_after(said.after), tools=()
    )
    reply = model.reply(question)
    if not reply.calls:
        got = CANNOT if reply.draft in asides.REFUSALS else ASK
        return Understood(paraphrase=said, got=got)
    first = reply.calls[0]
    if _says_it_cannot(first, question, model):
        return Understood(paraphrase=said, got=CANNOT)
    if reply.pending is not None:
        return Understood(paraphrase=said, got=ASK)
    return Understood(paraphrase=said, got=first.tool, args=dict(first.arguments))


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


def rates(scored: Sequence[Understood], of: Callable[[Understood], str]) -> dict[str, list[int]]:
    """Right ones and all, by whatever `of` says of each."""
    every = Counter(of(each) for each in scored)
    right = Counter(of(each) for each in scored if each.is_right)
    return {name: [right[name], every[name]] for name in sorted(every)}


def score(lines: Iterable[Paraphrase], model: ChatModel) -> tuple[Understood, ...]:
    return tuple(understood(line, model) for line in lines)
