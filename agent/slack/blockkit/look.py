"""Look into a block without trusting it: every step knows its path, every fault is a sentence."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Problem:
    """Why Slack would refuse it, and where."""

    path: str
    what: str

    def __str__(self) -> str:
        return f"{self.path}: {self.what}"


@dataclass(frozen=True)
class Look:
    """A value at a path; what is wrong with it goes into the shared list."""

    value: Any
    path: str
    problems: list[Problem] = field(repr=False)

    def fault(self, what: str) -> None:
        self.problems.append(Problem(self.path, what))

    def at(self, key: str) -> "Look":
        value = self.value.get(key) if isinstance(self.value, Mapping) else None
        return Look(cast("object", value), f"{self.path}.{key}", self.problems)

    def has(self, key: str) -> bool:
        return isinstance(self.value, Mapping) and self.value.get(key) is not None

    @property
    def kind(self) -> str:
        """Its `type`; empty for what has none."""
        kind = self.value.get("type") if isinstance(self.value, Mapping) else None
        return kind if isinstance(kind, str) else ""

    def only(self, *keys: str) -> None:
        """Slack refuses fields that it does not know."""
        if isinstance(self.value, Mapping):
            for key in sorted(set(cast("Json", self.value)) - {"type", *keys}):
                self.fault(f"has no field {key!r}")

    def each(self, least: int, most: int) -> "Iterator[Look]":
        """The entries of a list of `least` to `most`."""
        if not isinstance(self.value, list):
            self.fault("must be a list")
            return
        entries = cast("list[Any]", self.value)
        if not least <= len(entries) <= most:
            self.fault(f"has {len(entries)} entries, {least} to {most} are allowed")
        for index, entry in enumerate(entries):
            yield Look(entry, f"{self.path}[{index}]", self.problems)

    def string(self, most: int, least: int = 1) -> None:
        if not isinstance(self.value, str):
            self.fault("must be text")
        elif not least <= len(self.value) <= most:
            self.fault(f"has {len(self.value)} characters, {least} to {most} are allowed")

    def maybe_string(self, key: str, most: int) -> None:
        if self.has(key):
            self.at(key).string(most)

    def one_of(self, allowed: Collection[str]) -> None:
        if self.value not in allowed:
            self.fault(f"is {self.value!r}, one of {', '.join(sorted(allowed))} is allowed")

    def whole(self, least: int, most: int) -> None:
        if isinstance(self.value, bool) or not isinstance(self.value, int):
            self.fault("must be a whole number")
        elif not least <= self.value <= most:
            self.fault(f"is {self.value}, {least} to {most} is allowed")

    def flag(self) -> None:
        if not isinstance(self.value, bool):
            self.fault("must be true or false")
