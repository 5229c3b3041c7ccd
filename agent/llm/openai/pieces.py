"""A streamed answer put together: words, calls in pieces, tokens."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from openai.types.chat import ChatCompletionChunk
from openai.types.chat.chat_completion_chunk import ChoiceDelta, ChoiceDeltaToolCall

LONGEST = 20_000  # characters of one answer, arguments included; a run-away model is stopped


@dataclass
class Written:
    """What has arrived so far. `finish` is None until the server says that it is done."""

    content: str = ""
    refusal: str = ""
    calls: dict[int, list[str]] = field(default_factory=dict[int, list[str]])  # name, arguments
    finish: str | None = None
    input_tokens: int = 0
    output_tokens: int = 0

    @property
    def length(self) -> int:
        return len(self.content) + sum(len(part) for call in self.calls.values() for part in call)


def received(chunks: Iterable[ChatCompletionChunk]) -> Written:
    """Everything that a stream brings; stops reading where it does not end."""
    written = Written()
    for chunk in chunks:
        if chunk.usage is not None:
            written.input_tokens = chunk.usage.prompt_tokens
            written.output_tokens = chunk.usage.completion_tokens
        for choice in chunk.choices[:1]:
            _add(written, choice.delta)
            written.finish = choice.finish_reason or written.finish
        if written.length > LONGEST:
            written.finish = "length"
            break
    return written


def _add(written: Written, delta: ChoiceDelta) -> None:
    written.content += delta.content or ""
    written.refusal += delta.refusal or ""
    for call in delta.tool_calls or ():
        _add_call(written, call)


def _add_call(written: Written, call: ChoiceDeltaToolCall) -> None:
    name_and_arguments = written.calls.setdefault(call.index, ["", ""])
    if call.function is not None:
        name_and_arguments[0] += call.function.name or ""
        name_and_arguments[1] += call.function.arguments or ""
