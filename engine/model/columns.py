"""What a table of the data contract and its columns are, and short ways to say them."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "integer", "money", "real", "date", "instant", "flag", "list"]
Duplicates = Literal["keep", "last"]


@dataclass(frozen=True, kw_only=True)
class Column:
    name: str  # as users write it in files and mappings
    kind: Kind
    doc: str
    required: bool = False  # a row without it is quarantined; a file without it is an error
    default: str | None = None  # fills what is absent; a table column filled whole is a finding
    choices: tuple[str, ...] = ()
    minimum: float | None = None

    @property
    def stored(self) -> str:
        """The name inside snapshots."""
        return f"{self.name}_micros" if self.kind == "money" else self.name


@dataclass(frozen=True, kw_only=True)
class Table:
    name: str
    doc: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    required: bool = False
    duplicates: Duplicates = "last"  # "keep": rows add up (sales lines); "last": later row wins

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


def text(name: str, doc: str, *, default: str | None = None) -> Column:
    return Column(name=name, kind="text", doc=doc, default=default)


def key(name: str, doc: str) -> Column:
    return Column(name=name, kind="text", doc=doc, required=True)


def day(name: str, doc: str, *, required: bool = False) -> Column:
    return Column(name=name, kind="date", doc=doc, required=required)


def count(
    name: str, doc: str, *, required: bool = False, default: str | None = None, minimum: float = 0
) -> Column:
    return Column(
        name=name, kind="integer", doc=doc, required=required, default=default, minimum=minimum
    )


def money(name: str, doc: str, *, required: bool = False) -> Column:
    return Column(name=name, kind="money", doc=doc, required=required, minimum=0)


def real(name: str, doc: str, *, minimum: float | None = 0) -> Column:
    return Column(name=name, kind="real", doc=doc, minimum=minimum)


def names(name: str, doc: str) -> Column:
    return Column(name=name, kind="list", doc=doc)
