"""The same conversations through the adapter and a scripted OpenAI-compatible server over HTTP.

What to answer is decided by the offline model, so every case has one right course; what is tested
is everything a served model goes through: messages, streaming, calls as text, strict validation,
the guards that the offline model is exempt from. What the protocol cannot carry, the question that
a clarification waits for, is put back beside the answer.
"""

import json
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from openai import OpenAI

from agent.llm.openai.model import OpenAiModel
from agent.llm.port import ChatModel, Question, Reply
from evals.rigs.model_server.served import Served, calls, completion, says
from evals.rigs.model_server.server import model_server


@dataclass
class WiredModel:
    """Implements `agent.llm.port.ChatModel`: asks over HTTP what the rules behind would say."""

    rules: ChatModel
    served: OpenAiModel | None = None
    name: str = "scripted"
    heeds_the_person_only: bool = False
    _asked: Question | None = field(default=None, repr=False)
    _decided: Reply = field(default_factory=Reply, repr=False)

    def reply(self, question: Question) -> Reply:
        assert self.served is not None  # noqa: S101  wired before it is asked
        self._asked = question
        received = self.served.reply(question)
        return replace(received, pending=self._decided.pending)

    def answer(self, _request: dict[str, Any]) -> Served:
        """On the server's side."""
        assert self._asked is not None  # noqa: S101  a request follows a question
        self._decided = self.rules.reply(self._asked)
        if self._decided.calls:
            return calls(*((c.tool, json.dumps(dict(c.arguments))) for c in self._decided.calls))
        if not self._decided.draft:  # after a refusal the rules have nothing better to offer
            return completion({"content": "I have no better words."})
        return says(self._decided.draft)


@contextmanager
def wired(rules: ChatModel) -> Generator[WiredModel, None, None]:
    """The model with its server, for as long as the block lasts."""
    model = WiredModel(rules=rules)
    with model_server(model.answer) as server:
        client = OpenAI(api_key="k", base_url=server.url, timeout=30, max_retries=0)
        model.served = OpenAiModel(client=client, model="scripted")
        yield model
