"""What every source is: pages of rows in the data contract's columns, each with where to go on.

A source may hand over the same row again (a replay, an overlap of two reads): rows of one key
replace each other. The cursor of a page is kept only once its rows are, so nothing is missed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from engine.errors import PlanningError

Row = Mapping[str, str]  # contract column -> text, as a file would hold it; absent: nothing
Key = tuple[str, ...]


class SourceAway(PlanningError):  # noqa: N818  a statement, as in engine.errors
    """The other system does not answer, or asks for patience; trying again later is safe."""


class SourceRefused(PlanningError):  # noqa: N818  as above
    """It refuses us: a key, a right or an address is wrong. Says what to put right."""


@dataclass(frozen=True, kw_only=True)
class Page:
    """Rows of one table by their key; `gone` are keys whose rows are no more.

    `updates` are rows that only add to what is known of their key, such as the day it shipped.
    """

    table: str
    rows: Mapping[Key, Row] = field(default_factory=dict[Key, Row])
    gone: tuple[Key, ...] = ()
    updates: Mapping[Key, Row] = field(default_factory=dict[Key, Row])
    cursor: str = ""  # from where to read on after this page


@dataclass(frozen=True, kw_only=True)
class About:
    """Whom the source is of; empty where it does not say."""

    name: str
    currency: str = ""
    time_zone: str = ""


class Source(Protocol):
    """Another system, read only."""

    @property
    def name(self) -> str: ...

    @property
    def tables(self) -> tuple[str, ...]:
        """Streams of pages; each has a cursor of its own."""
        ...

    def check(self) -> About:
        """Whom we are connected with; raises SourceRefused or SourceAway."""
        ...

    def read(self, table: str, cursor: str) -> Iterator[Page]:
        """Pages after a cursor, "" from the beginning; the last one's cursor is where it ends."""
        ...
