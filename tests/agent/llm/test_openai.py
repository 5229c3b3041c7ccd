"""A served model behind the same port, against a scripted server on this machine."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from openai import OpenAI
from pydantic import SecretStr

from agent.bootstrap import Company
from agent.llm.openai.model import OpenAiModel
from agent.llm.openai.pieces import LONGEST
from agent.llm.port import ModelUnavailable, Question
from agent.memory import Memory
from agent.model_settings import ModelSettings
from engine.model.people import Person
from engine.service import conversation
from evals.rigs.model_server.served import Served, calls, completion, fails, refuses, says
from evals.rigs.model_server.server import ModelServer, model_server
from support.agent import AS_OF, assistant_for
from tools.registry import TOOLS

BOTH_WAYS = pytest.mark.parametrize("stream", [True, False], ids=["streamed", "whole"])


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with model_server() as serving:
        yield serving


def model_at(
    server: ModelServer, timeout: float = 5.0, *, stream: bool = True, retries: int = 0
) -> OpenAiModel:
    client = OpenAI(api_key="k", base_url=server.url, timeout=timeout, max_retries=retries)
    return OpenAiModel(client=client, model="test-model", stream=stream)


def test_a_served_model_calls_a_tool_and_words_the_answer(
    company: Company, bea: Person, thread: str, server: ModelServer
) -> None:
    server.follow(
        [
            calls(("rank_buys", '{"budget_minor": null, "top": 3}')),
            says("There are {{c1.buys.count}} lines to buy, at a cost of {{c1.buys.cost}}."),
        ]
    )
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


def test_figures_and_names_that_are_not_to_be_sent_are_shown_to_the_person_only(
    company: Company, bea: Person, thread: str, server: ModelServer
) -> None:
    server.follow(
        [
            calls(("rank_buys", '{"budget_minor": null, "top": 3}')),
            says("There are {{c1.buys.count}} lines to buy, at a cost of {{c1.buys.cost}}."),
        ]
    )
    discreet = replace(model_at(server), sends=())
    answer = assistant_for(company, discreet).ask(thread, bea, "What should I buy?")

    assert answer.text == "There are 4 lines to buy, at a cost of £3,844."
    told = json.dumps(server.requests)
    for kept_back in ("3,844", "384400", "Oak table lamp", "Nordlicht", "@", "Leeds store"):
        assert kept_back not in told
    assert "cost of these lines" in told


def test_a_served_model_is_asked_to_repair_once_without_tools(
    company: Company, bea: Person, thread: str, server: ModelServer
) -> None:
    server.follow(
        [
            calls(("rank_buys", "{}")),
            says("Buy 4 lines for £3,844."),
            says("Buy {{c1.buys.count}} lines."),
        ]
    )
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
    server: ModelServer,
    tool: str,
    arguments: str,
    error: str,
) -> None:
    server.follow([calls((tool, arguments)), says("I could not do that.")])
    answer = assistant_for(company, model_at(server)).ask(thread, bea, "What should I buy?")

    assert error in json.loads(server.requests[1]["messages"][-1]["content"])["error"]
    assert answer.text == "I could not do that."


NO_CHOICES = Served(body={"id": "c", "object": "x", "created": 0, "model": "m", "choices": []})
FAILURES = {
    "wrong key": (fails(401, "bad key"), "refuses the key. Check model.api_key"),
    "no right to the model": (fails(403, "no"), "may not use the model test-model"),
    "no such model": (fails(404, "no model"), "no model test-model"),
    "too many requests": (fails(429, "slow down"), "takes no more requests now"),
    "quota gone": (fails(429, "quota", "insufficient_quota"), "quota of the model server is used"),
    "request refused": (fails(400, "tools?"), "does not accept"),
    "server error": (fails(500, "boom"), "failed. Nothing was done"),
    "no choices": (NO_CHOICES, "answered with nothing"),
    "nothing said": (says(""), "answered with nothing"),
    "filtered": (completion({"content": ""}, finish="content_filter"), "content filter"),
}


@BOTH_WAYS
@pytest.mark.parametrize("name", FAILURES)
def test_a_failing_server_is_a_sentence(server: ModelServer, name: str, *, stream: bool) -> None:
    served, sentence = FAILURES[name]
    server.follow([served])
    with pytest.raises(ModelUnavailable, match=sentence):
        model_at(server, stream=stream).reply(question())


@pytest.mark.parametrize("name", FAILURES)
def test_what_a_person_sees_of_a_failing_server(
    company: Company, bea: Person, thread: str, server: ModelServer, name: str
) -> None:
    """The sentence is the answer, the turn is kept as failed, and nothing was done."""
    served, sentence = FAILURES[name]
    server.follow([served])
    answer = assistant_for(company, model_at(server)).ask(thread, bea, "What should I buy?")
    assert sentence in answer.text
    assert answer.outcome == "failed"
    assert conversation.turn(company.stores, answer.turn_id).outcome == "failed"


@BOTH_WAYS
def test_a_server_that_does_not_answer_in_time_is_a_sentence(
    server: ModelServer, *, stream: bool
) -> None:
    server.follow([Served(body=says("late").body, seconds=5)])
    with pytest.raises(ModelUnavailable, match="did not answer in time"):
        model_at(server, timeout=0.2, stream=stream).reply(question())


@pytest.mark.parametrize("pieces", [0, 1, 3])
def test_an_answer_that_is_cut_is_not_taken_for_whole(server: ModelServer, pieces: int) -> None:
    """Half a sentence may say the opposite of the whole."""
    whole = says("Do not order it before the next delivery has arrived.")
    server.follow([Served(body=whole.body, cut_after=pieces)])
    with pytest.raises(ModelUnavailable, match=r"cut off|with nothing"):
        model_at(server).reply(question())


def test_an_answer_that_came_whole_but_short_is_no_answer(server: ModelServer) -> None:
    server.follow([Served(body=says("Order it.").body, cut_after=20)])
    with pytest.raises(ModelUnavailable):
        model_at(server, timeout=1, stream=False).reply(question())


@pytest.mark.parametrize("body", ["<html>proxy</html>", '"text"', "[]", '{"object": "list"}'])
def test_something_that_is_no_completion_is_a_sentence(server: ModelServer, body: str) -> None:
    server.follow([Served(body=body, is_raw=True)])
    with pytest.raises(ModelUnavailable, match=r"no chat completion|with nothing"):
        model_at(server, stream=False).reply(question())


def test_several_calls_arrive_in_pieces_and_in_order(server: ModelServer) -> None:
    server.follow([calls(("rank_buys", '{"top": 3}'), ("show_budget", "{}"))])
    reply = model_at(server).reply(question())
    assert [(call.tool, call.arguments) for call in reply.calls] == [
        ("rank_buys", {"top": 3}), ("show_budget", {})
    ]  # fmt: skip


def test_a_turn_with_several_calls_answers_from_all(
    company: Company, bea: Person, thread: str, server: ModelServer
) -> None:
    server.follow([
        calls(("rank_buys", "{}"), ("explain_order", '{"sku": "LAMP-OAK-01"}')),
        says("LAMP-OAK-01 needs {{c2.order.units}}; the plan has {{c1.buys.count}} lines."),
    ])  # fmt: skip
    answer = assistant_for(company, model_at(server)).ask(thread, bea, "What about the oak lamp?")
    assert answer.text == "LAMP-OAK-01 needs 144 units; the plan has 4 lines."


def test_a_hundred_calls_are_stopped(
    company: Company, bea: Person, thread: str, server: ModelServer
) -> None:
    server.follow([calls(*[("rank_buys", "{}")] * 100)])
    answer = assistant_for(company, model_at(server)).ask(thread, bea, "What should I buy?")
    assert len(conversation.calls_of(company.stores, answer.turn_id)) <= 8
    assert answer.outcome == "template"


def test_a_refusal_of_the_model_is_shown_as_its_words(
    company: Company, bea: Person, thread: str, server: ModelServer
) -> None:
    server.follow([refuses("Sorry, I cannot help with that.")])
    answer = assistant_for(company, model_at(server)).ask(thread, bea, "What should I buy?")
    assert answer.text == "Sorry, I cannot help with that."


def test_an_answer_without_end_is_stopped(server: ModelServer) -> None:
    server.follow([says("order " * LONGEST)])
    assert len(model_at(server).reply(question()).draft) <= LONGEST


def test_retries_wait_as_long_as_the_server_says(server: ModelServer) -> None:
    """The SDK's own retries: once refused with Retry-After, then answered."""
    server.follow([fails(429, "slow down", Retry_After="0.01"), says("Hello.")])
    assert model_at(server, retries=1).reply(question()).draft == "Hello."
    assert len(server.requests) == 2


def test_schemas_are_strict_unless_a_server_cannot(server: ModelServer) -> None:
    server.follow([says("Hello."), says("Hello.")])
    client = OpenAI(api_key="k", base_url=server.url, max_retries=0)
    for strict in (True, False):
        OpenAiModel(client=client, model="m", strict=strict).reply(question())
    first, second = (request["tools"][0]["function"] for request in server.requests)
    assert first["strict"] is True
    assert "strict" not in second
    assert second["parameters"]["properties"] != {}


def test_the_model_is_told_which_languages_it_may_answer_in(server: ModelServer) -> None:
    server.follow([says("Hello.")])
    client = OpenAI(api_key="k", base_url=server.url, max_retries=0)
    OpenAiModel(client=client, model="m", languages=("en", "de")).reply(question())
    assert "English, German" in server.requests[0]["messages"][0]["content"]


def test_a_server_that_is_not_there_is_a_sentence(server: ModelServer) -> None:
    client = OpenAI(api_key="k", base_url="http://127.0.0.1:9/v1", timeout=1, max_retries=0)
    with pytest.raises(ModelUnavailable, match="cannot be reached"):
        OpenAiModel(client=client, model="m").reply(question())


def test_the_settings_name_server_and_key(server: ModelServer) -> None:
    server.follow([says("Hello.")])
    settings = ModelSettings(
        provider="openai", name="m", base_url=server.url, api_key=SecretStr("secret-key")
    )
    reply = OpenAiModel.from_settings(settings).reply(question())
    assert (reply.draft, reply.input_tokens, reply.output_tokens) == ("Hello.", 100, 20)
    assert server.keys == ["Bearer secret-key"]
    assert "secret-key" not in json.dumps(server.requests)


def question() -> Question:
    return Question(text="hi", today=AS_OF, currency="GBP", memory=Memory(), tools=TOOLS)
