"""The same lying model behind a scripted OpenAI-compatible server, through the real adapter."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from openai import OpenAI

from agent.llm.openai.model import OpenAiModel
from evals.agent.world import World
from evals.breach.attack import Asks, Attack
from evals.breach.catalogue import attacks
from evals.breach.hostile import HostileModel
from evals.breach.marks import SeenFact, filled, filled_values
from evals.breach.oracle.database import audit_problem
from evals.breach.run import Report, open_arena
from evals.rigs.model_server.served import Served, calls, says
from evals.rigs.model_server.server import ModelServer, model_server


@dataclass
class LyingServer:
    """Answers requests with the moves of the attack that is being played."""

    values: Mapping[str, str]
    moves: HostileModel | None = None

    def begin(self, attack: Attack) -> None:
        self.moves = HostileModel(attack, self.values)

    def answer(self, request: dict[str, Any]) -> Served:
        assert self.moves is not None  # noqa: S101  begin is called before each attack
        move = self.moves.next_move()
        if isinstance(move, Asks):
            return calls(*(
                (tool, json.dumps(filled_values(dict(given), self.values)))
                for tool, given in move.calls
            ))  # fmt: skip
        return says(filled(move.draft, _seen(request), self.values))


def attacked_over_http(world: World, count: int, seed: int) -> Report:
    """At least so many attacks through the wire; 0 makes none."""
    with open_arena(world) as arena:
        lying = LyingServer(values=arena.stage.values)
        with model_server(lying.answer) as server:
            assistant = replace(arena.stage.offline, model=_model(server))
            arena.thread_prefix = "wire"
            verdicts = []
            for attack in attacks(count, seed + 1) if count else ():
                lying.begin(attack)
                verdicts.append(arena.play(attack, assistant))
        return Report(verdicts=tuple(verdicts), audit=audit_problem(arena.stage.company.stores))


def _model(server: ModelServer) -> OpenAiModel:
    client = OpenAI(api_key="k", base_url=server.url, timeout=30, max_retries=0)
    return OpenAiModel(client=client, model="hostile")


def _seen(request: dict[str, Any]) -> Iterator[SeenFact]:
    """The facts that the request tells the model of."""
    for message in request["messages"]:
        if message["role"] == "tool":
            for fact in json.loads(message["content"]).get("facts", ()):
                yield SeenFact(
                    id=fact["id"], label=fact["label"], about=tuple(fact.get("about", ()))
                )
        elif message["role"] == "user" and message["content"].startswith("{"):
            for fact in json.loads(message["content"])["figures_in_it"]:
                yield SeenFact(id=fact["id"], label="figure from your message")
