"""Stored content: a frozen dataclass as canonical text, whose digest is what people sign."""

import hashlib
from functools import lru_cache
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from engine.errors import Tampered

T = TypeVar("T")


def read_content(kind: type[T], text: str) -> T:
    """A dataclass from the canonical text of one; raises Tampered when it is none.

    The text was written by engine.model.canonical, so anything else came from outside.
    """
    try:
        return _adapter(kind).validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise Tampered(
            f"A stored {kind.__name__} cannot be read ({first['msg']} at {first['loc']}). "
            "Run `qm audit verify`."
        ) from None


def text_digest(text: str) -> str:
    """SHA-256 of a stored text; for canonical text the same as the content's digest."""
    return hashlib.sha256(text.encode()).hexdigest()


@lru_cache(maxsize=16)
def _adapter(kind: type[T]) -> TypeAdapter[T]:
    return TypeAdapter(kind)
