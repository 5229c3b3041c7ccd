"""`qm doctor --model` asks a server for what the agent needs of it, and says what to change."""

from typing import Any

import pytest
from pydantic import SecretStr

from agent.health.model_server import model_server_checks
from agent.model_settings import ModelSettings
from evals.rigs.model_server.served import Served, calls, fails, says
from evals.rigs.model_server.server import Answer, model_server


def checks(answer: Answer, **more: Any) -> dict[str, tuple[str, str]]:
    with model_server(answer) as server:
        settings = ModelSettings(
            provider="openai", name="scripted", base_url=server.url, api_key=SecretStr("k"), **more
        )
        return {c.name: (c.verdict, c.finding) for c in model_server_checks(settings)}


def good(request: dict[str, Any]) -> Served:
    return calls(("look_up", '{"word": "lamp"}')) if "tools" in request else says("Hello.")


def test_a_server_that_can_do_all_is_well() -> None:
    found = checks(good)
    assert {verdict for verdict, _ in found.values()} == {"ok"}
    assert set(found) == {"model server", "model tool calls", "model streaming"}


def test_a_wrong_key_ends_the_questions() -> None:
    found = checks(lambda _request: fails(401, "no"))
    assert list(found) == ["model server"]
    assert found["model server"][0] == "fail"
    assert "refuses the key" in found["model server"][1]


def test_a_model_that_the_server_does_not_have_is_named() -> None:
    with model_server(good) as server:
        settings = ModelSettings(provider="openai", name="missing", base_url=server.url)
        first = next(iter(model_server_checks(settings)))
    assert first.verdict == "warn"
    assert first.finding == "missing is not among its models: scripted"


def test_a_server_without_strict_schemas_is_told_what_to_set() -> None:
    def picky(request: dict[str, Any]) -> Served:
        strict = any("strict" in tool["function"] for tool in request.get("tools", ()))
        return fails(400, "strict?") if strict else good(request)

    verdict, finding = checks(picky)["model tool calls"]
    assert (verdict, "model.strict_schemas" in finding) == ("fail", True)
    assert checks(picky, strict_schemas=False)["model tool calls"][0] == "ok"


def test_a_model_that_calls_no_tool_is_no_use() -> None:
    verdict, finding = checks(lambda _request: says("Hello."))["model tool calls"]
    assert (verdict, finding) == ("warn", "the model answered without calling the tool")


@pytest.mark.parametrize("pieces", [0, 2])
def test_a_stream_that_breaks_is_found(pieces: int) -> None:
    def cut(request: dict[str, Any]) -> Served:
        whole = good(request)
        return Served(body=whole.body, cut_after=pieces) if request.get("stream") else whole

    assert checks(cut)["model streaming"][0] == "fail"
    assert "model streaming" not in checks(cut, stream=False)


def test_the_offline_model_needs_nothing() -> None:
    (check,) = model_server_checks(ModelSettings())
    assert (check.verdict, check.finding) == ("ok", "the offline model needs no server")
