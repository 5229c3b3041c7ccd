"""Does the model server do what the agent needs of it? Asked once, by `qm doctor --model`."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, cast

import openai
from openai import OpenAI, pydantic_function_tool
from pydantic import BaseModel, Field

from agent.llm.openai.failures import unavailable
from agent.llm.openai.model import client_of
from agent.llm.openai.pieces import received
from agent.model_settings import ModelSettings

if TYPE_CHECKING:
    from openai import Stream
    from openai.types.chat import ChatCompletion, ChatCompletionChunk

ASKED = "Call the tool look_up with the word lamp. Write nothing else."


class LookUp(BaseModel):
    """Looks a word up."""

    word: str = Field(description="what to look up")


@dataclass(frozen=True, kw_only=True)
class Finding:
    """`advice` is empty where nothing is to be done."""

    name: str
    verdict: Literal["ok", "warn", "fail"]
    told: str
    advice: str = ""


def probe(settings: ModelSettings) -> Iterator[Finding]:
    """Key and address, an answer with a tool call as the settings ask for it, a stream."""
    client = client_of(settings, retries=0)
    listed = _listed(client, settings)
    yield listed
    if listed.verdict == "fail":
        return
    yield _tried(settings, "tool calls", lambda: _calls_a_tool(client, settings))
    if settings.stream:
        yield _tried(settings, "streaming", lambda: _streams(client, settings))


def _listed(client: OpenAI, settings: ModelSettings) -> Finding:
    """Some servers list no models; only a refusal of the key or no server at all is a failure."""
    try:
        names = [model.id for model in client.models.list().data]
    except (openai.NotFoundError, ValueError):
        return Finding(name="server", verdict="ok", told="the server answers, but lists no models")
    except openai.OpenAIError as error:
        return Finding(
            name="server", verdict="fail", told=str(unavailable(error, settings.name)),
            advice="docs/models.md shows the settings of each kind of server",
        )  # fmt: skip
    if settings.name in names or not names:
        return Finding(name="server", verdict="ok", told=f"the server has {settings.name}")
    known = ", ".join(sorted(names)[:5])
    return Finding(
        name="server", verdict="warn", told=f"{settings.name} is not among its models: {known}",
        advice="check model.name",
    )  # fmt: skip


def _tried(settings: ModelSettings, name: str, test: Callable[[], Finding]) -> Finding:
    try:
        return test()
    except (openai.OpenAIError, ValueError) as error:
        advice = {
            "tool calls": "choose a model with tool calls, or set model.strict_schemas = false",
            "streaming": "set model.stream = false",
        }[name]
        told = str(unavailable(error, settings.name))
        return Finding(name=name, verdict="fail", told=told, advice=advice)


def _calls_a_tool(client: OpenAI, settings: ModelSettings) -> Finding:
    completion = cast(
        "ChatCompletion", client.chat.completions.create(**_request(settings, with_tool=True))
    )
    calls = completion.choices[0].message.tool_calls if completion.choices else None
    if not calls:
        return Finding(
            name="tool calls", verdict="warn", told="the model answered without calling the tool",
            advice="choose a model that calls tools; without calls it can answer nothing",
        )  # fmt: skip
    how = "with a strict schema" if settings.strict_schemas else "without strict schemas"
    return Finding(name="tool calls", verdict="ok", told=f"the model called a tool, {how}")


def _streams(client: OpenAI, settings: ModelSettings) -> Finding:
    request = _request(settings, with_tool=False)
    more: dict[str, Any] = {"stream": True, "stream_options": {"include_usage": True}}
    opened = client.chat.completions.create(**request, **more)
    with cast("Stream[ChatCompletionChunk]", opened) as chunks:
        written = received(chunks)
    if written.finish is None:
        return Finding(
            name="streaming", verdict="fail", told="the stream ended before the answer did",
            advice="set model.stream = false",
        )  # fmt: skip
    if not written.input_tokens:
        return Finding(
            name="streaming", verdict="warn", told="the stream does not tell its tokens",
            advice="limits on tokens and cost will not count; set model.stream = false",
        )  # fmt: skip
    return Finding(
        name="streaming", verdict="ok", told="answers arrive in pieces, with their tokens"
    )


def _request(settings: ModelSettings, *, with_tool: bool) -> dict[str, Any]:
    request: dict[str, Any] = {
        "model": settings.name,
        "messages": [{"role": "user", "content": ASKED if with_tool else "Say hello."}],
    }
    if not with_tool:
        return request
    tool: Any = pydantic_function_tool(LookUp, name="look_up")
    if not settings.strict_schemas:
        tool["function"].pop("strict")
    return {**request, "tools": [tool]}
