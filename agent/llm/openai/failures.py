"""What a server that cannot answer is told as: what happened, and what to do about it."""

import openai

from agent.llm.port import ModelUnavailable

QUOTA_CODES = frozenset({"insufficient_quota", "billing_hard_limit_reached"})


def unavailable(error: Exception, model: str) -> ModelUnavailable:
    """The sentence for a person; the error itself stays the cause."""
    if isinstance(error, openai.RateLimitError) and error.code in QUOTA_CODES:
        return ModelUnavailable(
            "The quota of the model server is used up. Nothing was done; have it topped up, or set "
            "model.provider to 'offline'."
        )
    for kind, sentence in _SENTENCES:
        if isinstance(error, kind):
            return ModelUnavailable(sentence.format(model=model))
    return ModelUnavailable(
        f"The model server failed ({type(error).__name__}). Nothing was done; ask again later."
    )


def nothing_said(model: str) -> ModelUnavailable:
    return ModelUnavailable(
        f"The model {model} answered with nothing. Ask again; if it stays so, look at the server, "
        "or set model.provider to 'offline'."
    )


def cut_off(model: str) -> ModelUnavailable:
    return ModelUnavailable(
        f"The answer of the model {model} was cut off before its end. Ask again; if it stays so, "
        "look at the network, or set model.stream to false."
    )


def filtered(model: str) -> ModelUnavailable:
    return ModelUnavailable(
        f"The server of the model {model} held the answer back by its own content filter. Put the "
        "question in other words."
    )


# The first that fits: a timeout is also a connection error.
_SENTENCES: tuple[tuple[type[Exception], str], ...] = (
    (openai.AuthenticationError, "The model server refuses the key. Check model.api_key."),
    (openai.PermissionDeniedError, "The key may not use the model {model}. Check model.name."),
    (openai.NotFoundError, "The server has no model {model}. Check model.name and model.base_url."),
    (
        openai.RateLimitError,
        (
            "The model server takes no more requests now. Nothing was done; wait a minute, or set "
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
        (
            "The model server does not accept the request; {model} may not support tool calls, or "
            "not strict schemas (model.strict_schemas)."
        ),
    ),
    (openai.InternalServerError, "The model server failed. Nothing was done; ask again later."),
    (
        ValueError,
        (
            "The model server answered with something that is no chat completion. Check "
            "model.base_url: it ends in /v1 for most servers."
        ),
    ),
)
