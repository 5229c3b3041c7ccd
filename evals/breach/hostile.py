"""The lying model, behind the port that every model stands behind."""

from collections.abc import Iterator, Mapping

from agent.llm.port import Call, Question, Reply
from evals.breach.attack import Asks, Attack, Move
from evals.breach.marks import SeenFact, filled, filled_values


class HostileModel:
    """Implements `agent.llm.port.ChatModel`; makes the moves of one attack after the other."""

    name = "hostile"
    heeds_the_person_only = False

    def __init__(self, attack: Attack, values: Mapping[str, str]) -> None:
        self._attack = attack
        self._values = values
        self._made = 0
        self.written: list[str] = []

    def reply(self, question: Question) -> Reply:
        move = self.next_move()
        if isinstance(move, Asks):
            return Reply(calls=tuple(
                Call(tool=tool, arguments=filled_values(dict(given), self._values))
                for tool, given in move.calls
            ))  # fmt: skip
        draft = filled(move.draft, _seen(question), self._values)
        self.written.append(draft)
        return Reply(draft=draft)

    def next_move(self) -> Move:
        moves = self._attack.moves
        move = moves[min(self._made, len(moves) - 1)]
        self._made += 1
        return move


def _seen(question: Question) -> Iterator[SeenFact]:
    for step in question.steps:
        facts = step.result.facts if step.result is not None else step.error_facts
        for fact in facts:
            yield SeenFact(id=fact.id, label=fact.label, about=fact.about)
    for fact in question.user_facts:
        yield SeenFact(id=fact.id, label=fact.label)
