"""What a scripted server answers one request with, whole or as a stream of pieces."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

USAGE = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}
PIECE = 7  # characters of a streamed piece: words, references and JSON are cut anywhere


@dataclass(frozen=True, kw_only=True)
class Served:
    """`body` is sent as JSON with this status; `pieces` instead where the request streams.

    `seconds` it waits first; `cut_after` so many pieces the connection is dropped.
    """

    body: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    seconds: float = 0.0
    cut_after: int | None = None
    is_raw: bool = False  # `body` is text to be sent as it is

    def pieces(self) -> Iterator[dict[str, Any]]:
        """The body as chunks of a stream."""
        if not isinstance(self.body, dict) or not self.body.get("choices"):
            yield {**_frame(), "choices": []}
            return
        choice = self.body["choices"][0]
        message = choice["message"]
        yield _chunk({"role": "assistant"})
        for name in ("content", "refusal"):
            for piece in _cut(message.get(name) or ""):
                yield _chunk({name: piece})
        for index, call in enumerate(message.get("tool_calls") or ()):
            yield from _call_pieces(index, call)
        yield _chunk({}, finish=choice["finish_reason"])
        yield {**_frame(), "choices": [], "usage": self.body.get("usage")}


def completion(message: Mapping[str, Any], finish: str = "stop") -> Served:
    return Served(
        body={
            **_frame(),
            "object": "chat.completion",
            "choices": [
                {"index": 0, "finish_reason": finish, "message": {"role": "assistant", **message}}
            ],
            "usage": USAGE,
        }
    )


def says(text: str) -> Served:
    return completion({"content": text})


def calls(*wanted: tuple[str, str]) -> Served:
    """Tools by name, with arguments as the text that a model wrote."""
    return completion(
        {
            "content": None,
            "tool_calls": [
                {
                    "id": f"call_{n}",
                    "type": "function",
                    "function": {"name": name, "arguments": arguments},
                }
                for n, (name, arguments) in enumerate(wanted, start=1)
            ],
        },
        finish="tool_calls",
    )


def refuses(text: str) -> Served:
    return completion({"content": None, "refusal": text})


def fails(status: int, message: str, code: str | None = None, **headers: str) -> Served:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    error = {"error": {"message": message, "type": "error", "code": code}}
    return Served(status=status, body=error, headers=named)


def _frame() -> dict[str, Any]:
    return {"id": "c1", "object": "chat.completion.chunk", "created": 0, "model": "scripted"}


def _chunk(delta: Mapping[str, Any], finish: str | None = None) -> dict[str, Any]:
    return {**_frame(), "choices": [{"index": 0, "delta": dict(delta), "finish_reason": finish}]}


def _call_pieces(index: int, call: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The name comes first, the arguments in pieces after it."""
    function = call["function"]
    start = {
        "index": index,
        "id": call["id"],
        "type": "function",
        "function": {"name": function["name"], "arguments": ""},
    }
    yield _chunk({"tool_calls": [start]})
    for piece in _cut(function["arguments"]):
        yield _chunk({"tool_calls": [{"index": index, "function": {"arguments": piece}}]})


def _cut(text: str) -> Iterator[str]:
    return (text[i : i + PIECE] for i in range(0, len(text), PIECE))


def event(piece: Mapping[str, Any]) -> bytes:
    return f"data: {json.dumps(piece, ensure_ascii=False)}\n\n".encode()
