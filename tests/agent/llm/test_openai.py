"""A served model behind the same port, against a scripted server on this machine."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from openai import OpenAI
from pydantic import SecretStr

from agent.bootstrap import Company
from agent.llm.openai import OpenAiModel
from agent.llm.port import ModelUnavailable, Question
from agent.memory import Memory
from agent.sections import ModelSettings
from engine.model.people import Person
from engine.service import conversation
from support.agent import AS_OF, assistant_for
from tools.registry import TOOLS


class ScriptedServer(ThreadingHTTPServer):
    """Answers each request with the next reply of its script; the last one is repeated."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.script: list[tuple[int, Any]] = []
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str | None] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


class _Handler(BaseHTTPRequestHandler):
    server: ScriptedServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        seen = self.server.requests
        script = self.server.script
        status, reply = script[min(len(seen), len(script) - 1)]
        seen.append(json.loads(body))
        self.server.keys.append(self.headers.get("Authorization"))
        if reply is None:  # never answers
            threading.Event().wait(2)
            return
        content = json.dumps(reply).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class names it
        """Tests print nothing."""


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    scripted = ScriptedServer()
    serving = threading.Thread(target=scripted.serve_forever, daemon=True)
    serving.start()
    yield scripted
    scripted.shutdown()
    scripted.server_close()
    serving.join()


def completion(message: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    return 200, {
        "id": "c1", "object": "chat.completion", "created": 0, "model": "m",
        "choices": [
            {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", **message}}
        ],
        "usage": {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120},
    }  # fmt: skip


def says(text: str) -> tuple[int, dict[str, Any]]:
    return completion({"content": text})


def calls(tool: str, arguments: str) -> tuple[int, dict[str, Any]]:
    function = {"name": tool, "arguments": arguments}
    return completion(
        {"content": None, "tool_calls": [{"id": "x", "type": "function", "function": function}]}
    )


def model_at(server: ScriptedServer, timeout: float = 5.0) -> OpenAiModel:
    client = OpenAI(api_key="k", base_url=server.url, timeout=timeout, max_retries=0)
    return OpenAiModel(client=client, model="test-model")


def test_a_served_model_calls_a_tool_and_words_the_answer(
    company: Company, bea: Person, thread: str, server: ScriptedServer
) -> None:
    server.script = [
        calls("rank_buys", '{"budget_minor": null, "top": 3}'),
        says("There are {{c1.buys.count}} lines to buy, at a cost of {{c1.buys.cost}}."),
    ]
    answer = assistant_for(company, model_at(server)).ask(thread, bea, "What should I buy?")

    assert answer.text == "There are 4 lines to buy, at a cost of £3,844."
    assert len(answer.tables[0].rows) == 3
    turn = conversation.turn(company.stores, answer.turn_id)
    assert (turn.model, turn.outcome) == ("test-model", "clean")
    first, second = server.requests
    assert {tool["function"]["name"] for tool in first["tools"]} == {tool.name for tool in TOOLS}
    assert second["messages"][-1]["role"] == "tool"
    told = json.loads(second["messages"][-1]["content"])
    assert {"id": "c1.buys.cost", "shows": "£3,844", "label": "cost of these lines",
            "kind": "money"} in told["facts"]  # fmt: skip


def test_a_served_model_is_asked_to_repair_once_without_tools(
    company: Company, bea: Person, thread: str, server: ScriptedServer
) -> None:
    server.script = [
        calls("rank_buys", "{}"),
        says("Buy 4 lines for £3,844."),
        says("Buy {{c1.buys.count}} lines."),
    ]
    answer = assistant_for(company, model_at(server)).ask(thread, bea, "What should I buy?")

    assert (answer.text, answer.outcome) == ("Buy 4 lines.", "repaired")
    repair = server.requests[2]
    assert "tools" not in repair
    assert "no figure in digits or words" in repair["messages"][-1]["content"]


@pytest.mark.parametrize(
    ("tool", "arguments", "error"),
    [
        ("rank_buys", '{"top": 3', "unreadable_arguments"),
        ("rank_buys", "[1]", "not_an_object"),
        ("send_email", "{}", "There is no tool 'send_email'"),
    ],
)
def test_a_call_that_makes_no_sense_is_told_back(
    company: Company,
    bea: Person,
    thread: str,
    server: ScriptedServer,
    tool: str,
    arguments: str,
    error: str,
) -> None:
    server.script = [calls(tool, arguments), says("I could not do that.")]
    answer = assistant_for(company, model_at(server)).ask(thread, bea, "What should I buy?")

    assert error in json.loads(server.requests[1]["messages"][-1]["content"])["error"]
    assert answer.text == "I could not do that."


@pytest.mark.parametrize(
    ("reply", "says_"),
    [
        ((401, {"error": {"message": "bad key"}}), "refuses the key"),
        ((403, {"error": {"message": "no"}}), "may not use the model"),
        ((404, {"error": {"message": "no model"}}), "no model test-model"),
        ((429, {"error": {"message": "quota"}}), "quota"),
        ((400, {"error": {"message": "tools?"}}), "does not accept"),
        ((500, {"error": {"message": "boom"}}), "failed"),
        ((200, {"id": "c", "object": "x", "created": 0, "model": "m", "choices": []}), "nothing"),
    ],
)
def test_a_failing_server_is_a_sentence(
    server: ScriptedServer, reply: tuple[int, Any], says_: str
) -> None:
    server.script = [reply]
    with pytest.raises(ModelUnavailable, match=says_):
        model_at(server).reply(question())


def test_a_server_that_does_not_answer_in_time_is_a_sentence(server: ScriptedServer) -> None:
    server.script = [(200, None)]
    with pytest.raises(ModelUnavailable, match="did not answer in time"):
        model_at(server, timeout=0.2).reply(question())


def test_a_server_that_is_not_there_is_a_sentence(server: ScriptedServer) -> None:
    client = OpenAI(api_key="k", base_url="http://127.0.0.1:9/v1", timeout=1, max_retries=0)
    with pytest.raises(ModelUnavailable, match="cannot be reached"):
        OpenAiModel(client=client, model="m").reply(question())


def test_the_settings_name_server_and_key(server: ScriptedServer) -> None:
    server.script = [says("Hello.")]
    settings = ModelSettings(
        provider="openai", name="m", base_url=server.url, api_key=SecretStr("secret-key")
    )
    reply = OpenAiModel.from_settings(settings).reply(question())
    assert (reply.draft, reply.input_tokens, reply.output_tokens) == ("Hello.", 100, 20)
    assert server.keys == ["Bearer secret-key"]
    assert "secret-key" not in json.dumps(server.requests)


def question() -> Question:
    return Question(text="hi", today=AS_OF, currency="GBP", memory=Memory(), tools=TOOLS)
