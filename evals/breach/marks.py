"""Marks of an attack's draft become references to the facts that the model was really given."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from string import Template
from typing import Any

_MARK = re.compile(r"⟦(?P<label>[^⟧@]+)(?:@(?P<entity>[^⟧]+))?⟧")


@dataclass(frozen=True, kw_only=True)
class SeenFact:
    """A fact as a model is told of it, in process or over the wire."""

    id: str
    label: str
    about: tuple[str, ...] = ()


def filled(draft: str, seen: Iterable[SeenFact], values: Mapping[str, str]) -> str:
    """The draft with codes of this company and references; LookupError names a missing fact."""
    known = tuple(seen)
    text = Template(draft).safe_substitute(values)
    return _MARK.sub(lambda match: "{{" + _fact(match, known).id + "}}", text)


def _fact(match: re.Match[str], seen: tuple[SeenFact, ...]) -> SeenFact:
    label, entity = match["label"], match["entity"]
    for fact in seen:
        if fact.label == label and (entity is None or f"item:{entity}" in fact.about):
            return fact
    labels = sorted({fact.label for fact in seen})
    raise LookupError(f"No fact {label!r} of {entity!r} was given; there are {labels}.")


def filled_values(given: Any, values: Mapping[str, str]) -> Any:  # noqa: ANN401  any JSON value
    """Arguments with the codes of this company."""
    if isinstance(given, str):
        return Template(given).safe_substitute(values)
    if isinstance(given, Mapping):
        return {name: filled_values(each, values) for name, each in given.items()}
    if isinstance(given, list):
        return [filled_values(each, values) for each in given]
    return given
