"""One page of a list: which rows it shows, and how many come after them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar

from pydantic import Field

from tools.ledger import Ledger
from tools.result import OfferedAction

R = TypeVar("R")
SHOWN = 12  # rows of a list, where nobody says how many
Top = Annotated[int, Field(ge=1, le=50, description="how many to list")]
Skip = Annotated[int, Field(ge=0, description="rows already shown: pass over so many")]


@dataclass(frozen=True, kw_only=True)
class Page(Generic[R]):
    """Rows `skip + 1` and on of a whole list; `rest` counts those after them.

    A page far behind the end is empty, and its rest is none.
    """

    rows: Sequence[R]
    skip: int
    rest: int

    def numbered(self) -> enumerate[R]:
        """Each row with its place in the whole list, so that "the 11th" stays the 11th."""
        return enumerate(self.rows, start=self.skip + 1)

    @property
    def is_first(self) -> bool:
        return self.skip == 0


def page_of(found: Sequence[R], *, top: int, skip: int) -> Page[R]:
    rows = found[skip : skip + top]
    return Page(rows=rows, skip=skip, rest=max(len(found) - skip - len(rows), 0))


def end_page(ledger: Ledger, fact_id: str, rest: int, label: str) -> str:
    """The fact that counts what comes after a page, beside the button that shows it."""
    if rest:
        ledger.offer(OfferedAction(kind="say", label="Show more", text="Show more"))
    return ledger.rest(fact_id, rest, label)
