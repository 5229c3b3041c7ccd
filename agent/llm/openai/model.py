"""Any server that speaks OpenAI's Chat Completions: OpenAI, Azure, vLLM, Ollama.

Retries are the SDK's own (it heeds Retry-After); what it gives up on becomes a sentence that says
what to do. Nothing falls back to another model silently.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import openai
from openai import OpenAI, pydantic_function_tool
from openai.types.chat import ChatCompletion, ChatCompletionMessage

from agent.llm.messages import EVERYTHING, messages
from agent.llm.openai.failures import cut_off, filtered, nothing_said, unavailable
from agent.llm.openai.pieces import LONGEST, Written, received
from agent.llm.port import Call, Question, Reply
from agent.model_settings import ModelSettings
from tools.tool import Tool

RETRIES = 2
MOST_CALLS = 20  # of one answer; the graph makes fewer


@dataclass(frozen=True, kw_only=True)
class OpenAiModel:
    """Implements `agent.llm.port.ChatModel`."""

    client: OpenAI = field(repr=False)
    model: str
    stream: bool = True
    strict: bool = True  # the server holds calls to their schema
    languages: Sequence[str] = ("en",)
    sends: Sequence[str] = EVERYTHING  # of what tools returned
    # It reads names and notes as well, and may be led by what they say.
    heeds_the_person_only: bool = field(default=False, init=False)

    @staticmethod
    def from_settings(settings: ModelSettings) -> "OpenAiModel":
        return OpenAiModel(
            client=client_of(settings, retries=RETRIES),
            model=settings.name,
            stream=settings.stream,
            strict=settings.strict_schemas,
            languages=settings.languages,
            sends=settings.sends,
        )

    @property
    def name(self) -> str:
        return self.model

    def reply(self, question: Question) -> Reply:
        """Raises ModelUnavailable with a sentence for whatever keeps the server from answering."""
        try:
            written = self._written(self._request(question))
        except (openai.OpenAIError, ValueError) as error:
            raise unavailable(error, self.model) from error
        return self._reply(written)

    def _request(self, question: Question) -> dict[str, Any]:
        # After a refusal only words are wanted: without tools there is nothing to call.
        tools = [] if question.refused else [_schema(t, strict=self.strict) for t in question.tools]
        told = messages(question, self.languages, self.sends)
        return {"model": self.model, "messages": told, **({"tools": tools} if tools else {})}

    def _written(self, request: dict[str, Any]) -> Written:
        create = self.client.chat.completions.create
        if not self.stream:
            return _whole(cast("ChatCompletion", create(**request)))
        with create(**request, stream=True, stream_options={"include_usage": True}) as chunks:
            return received(chunks)

    def _reply(self, written: Written) -> Reply:
        if written.finish == "content_filter":
            raise filtered(self.model)
        said_something = written.content or written.refusal or written.calls
        if written.finish is None:
            raise cut_off(self.model) if said_something else nothing_said(self.model)
        if not said_something:
            raise nothing_said(self.model)
        return Reply(
            draft=(written.content or written.refusal)[:LONGEST],
            calls=tuple(_calls(written))[:MOST_CALLS],
            input_tokens=written.input_tokens,
            output_tokens=written.output_tokens,
        )


def client_of(settings: ModelSettings, *, retries: int) -> OpenAI:
    # A server of one's own may need no key, but the SDK insists on one.
    key = settings.api_key.get_secret_value() if settings.api_key else "none"
    return OpenAI(
        api_key=key,
        base_url=settings.base_url or "https://api.openai.com/v1",
        timeout=settings.timeout_seconds,
        max_retries=retries,
    )


def _schema(tool: Tool[Any], *, strict: bool) -> Any:  # noqa: ANN401  the SDK's own type
    if strict:
        return pydantic_function_tool(tool.arguments, name=tool.name, description=tool.description)
    parameters = tool.arguments.model_json_schema()
    function = {"name": tool.name, "description": tool.description, "parameters": parameters}
    return {"type": "function", "function": function}


def _whole(completion: ChatCompletion) -> Written:
    """An answer that came at once; a body of another shape is a ValueError."""
    choices = getattr(completion, "choices", None)
    if not isinstance(choices, list):
        raise ValueError(f"no choices in {str(completion)[:200]!r}")  # noqa: TRY004  a body, no type
    usage = completion.usage
    written = Written(
        input_tokens=usage.prompt_tokens if usage else 0,
        output_tokens=usage.completion_tokens if usage else 0,
    )
    for choice in completion.choices[:1]:
        written.content = choice.message.content or ""
        written.refusal = choice.message.refusal or ""
        written.finish = choice.finish_reason
        written.calls = dict(enumerate(_functions(choice.message)))
    return written


def _functions(message: ChatCompletionMessage) -> Iterator[list[str]]:
    for call in message.tool_calls or ():
        if call.type == "function":
            yield [call.function.name, call.function.arguments]


def _calls(written: Written) -> Iterator[Call]:
    for _, (name, arguments) in sorted(written.calls.items()):
        yield Call(tool=name, arguments=_arguments(arguments))


def _arguments(written: str) -> dict[str, Any]:
    """What the model wrote; text that is no JSON object fails validation with that text in it."""
    try:
        read = json.loads(written or "{}")
    except json.JSONDecodeError:
        return {"unreadable_arguments": written[:500]}
    return cast("dict[str, Any]", read) if isinstance(read, dict) else {"not_an_object": read}
