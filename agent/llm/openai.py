"""Any server that speaks OpenAI's Chat Completions: OpenAI, Azure, vLLM, Ollama.

The only file that speaks to a model. Retries are the SDK's own; what it gives up on becomes a
sentence that says what to do. Nothing falls back to another model silently.
"""

import json
from collections.abc import Iterator
from typing import Any, cast

import openai
from openai import OpenAI, pydantic_function_tool
from openai.types.chat import ChatCompletion, ChatCompletionMessage

from agent.llm.messages import messages
from agent.llm.port import Call, ModelUnavailable, Question, Reply
from agent.sections import ModelSettings
from tools.tool import Tool

RETRIES = 2


class OpenAiModel:
    """Implements `agent.llm.port.ChatModel`."""

    def __init__(self, *, client: OpenAI, model: str) -> None:
        self._client = client
        self._model = model

    @staticmethod
    def from_settings(settings: ModelSettings) -> "OpenAiModel":
        # A server of one's own may need no key, but the SDK insists on one.
        key = settings.api_key.get_secret_value() if settings.api_key else "none"
        client = OpenAI(
            api_key=key,
            base_url=settings.base_url or "https://api.openai.com/v1",
            timeout=settings.timeout_seconds,
            max_retries=RETRIES,
        )
        return OpenAiModel(client=client, model=settings.name)

    heeds_the_person_only = False  # it reads names and notes as well, and may be led by them

    @property
    def name(self) -> str:
        return self._model

    def reply(self, question: Question) -> Reply:
        # After a refusal only words are wanted: without tools there is nothing to call.
        tools = [] if question.refused else [_schema(tool) for tool in question.tools]
        more: dict[str, Any] = {"tools": tools} if tools else {}
        try:
            completion = cast(
                "ChatCompletion",
                self._client.chat.completions.create(
                    model=self._model, messages=cast("Any", messages(question)), **more
                ),
            )
        except openai.OpenAIError as error:
            raise ModelUnavailable(_sentence(error, self._model)) from error
        return _reply(completion, self._model)


def _schema(tool: Tool[Any]) -> Any:  # noqa: ANN401  the SDK's own type
    return pydantic_function_tool(tool.arguments, name=tool.name, description=tool.description)


def _reply(completion: ChatCompletion, model: str) -> Reply:
    if not completion.choices:
        raise ModelUnavailable(
            f"The model {model} answered with nothing. Ask again; if it stays so, look at the "
            "server, or set model.provider to 'offline'."
        )
    message = completion.choices[0].message
    usage = completion.usage
    return Reply(
        draft=message.content or message.refusal or "",
        calls=tuple(_calls(message)),
        input_tokens=usage.prompt_tokens if usage else 0,
        output_tokens=usage.completion_tokens if usage else 0,
    )


def _calls(message: ChatCompletionMessage) -> Iterator[Call]:
    for call in message.tool_calls or ():
        if call.type == "function":
            yield Call(tool=call.function.name, arguments=_arguments(call.function.arguments))


def _arguments(written: str) -> dict[str, Any]:
    """What the model wrote; text that is no JSON object fails validation with that text in it."""
    try:
        read = json.loads(written or "{}")
    except json.JSONDecodeError:
        return {"unreadable_arguments": written[:500]}
    return cast("dict[str, Any]", read) if isinstance(read, dict) else {"not_an_object": read}


def _sentence(error: openai.OpenAIError, model: str) -> str:
    for kind, sentence in _SENTENCES:
        if isinstance(error, kind):
            return sentence.format(model=model)
    return f"The model server failed ({type(error).__name__}). Nothing was done; ask again later."


# The first that fits: a timeout is also a connection error, a quota is a kind of rate limit.
_SENTENCES: tuple[tuple[type[openai.OpenAIError], str], ...] = (
    (openai.AuthenticationError, "The model server refuses the key. Check model.api_key."),
    (openai.PermissionDeniedError, "The key may not use the model {model}. Check model.name."),
    (openai.NotFoundError, "The server has no model {model}. Check model.name and model.base_url."),
    (
        openai.RateLimitError,
        (
            "The model server takes no more requests now, or its quota is used up. Wait, or set "
            "model.provider to 'offline'."
        ),
    ),
    (
        openai.APITimeoutError,
        (
            "The model {model} did not answer in time. Nothing was done; ask again, or raise "
            "model.timeout_seconds."
        ),
    ),
    (
        openai.APIConnectionError,
        (
            "The model server cannot be reached. Check model.base_url and the network, or set "
            "model.provider to 'offline'."
        ),
    ),
    (
        openai.BadRequestError,
        "The model server does not accept the request; {model} may not support tool calls.",
    ),
    (openai.InternalServerError, "The model server failed. Nothing was done; ask again later."),
)
