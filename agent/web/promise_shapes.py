"""What the promises API takes and answers, as its OpenAPI document says."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Sku = Annotated[str, Field(min_length=1, max_length=200, description="the item's SKU")]
Code = Annotated[str, Field(max_length=80)]
Quantity = Annotated[int, Field(ge=1, le=1_000_000, description="units, all of them together")]
LOCALE = r"^[A-Za-z]{2,3}([_-][A-Za-z0-9]{2,8}){0,3}$"
Locale = Annotated[str, Field(pattern=LOCALE, description="such as en_US or de")]
Basis = Literal["stock", "inbound", "lead_time", "none"]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class AlternativeShape(_Shape):
    kind: Literal["other location", "substitute"]
    sku: str
    location: str


class PromiseShape(_Shape):
    """`first` to `last` are calendar days of `time_zone`; without them nothing is promised."""

    location: str
    basis: Basis
    text: str = Field(description="the window in words, in the language asked for")
    first: date | None
    last: date | None
    likeliest: date | None
    latest_at: datetime | None = Field(description="the instant at which the last day ends")
    time_zone: str
    confidence: float = Field(description="chance that it ships within the window")
    at_risk: bool
    why: str = Field(description="why nothing is promised; empty where something is")
    alternatives: list[AlternativeShape]


class AnswerShape(_Shape):
    """`best` is the first of `places`, which are sorted: in stock, then the soonest."""

    sku: str
    quantity: int
    day: date = Field(description="today at the shop")
    run: int = Field(description="the computation that this comes from")
    best: PromiseShape
    places: list[PromiseShape]


class ErrorShape(_Shape):
    error: str
    close: list[str] = Field(default_factory=list, description="the nearest names that exist")


class ItemShape(_Shape):
    sku: Sku
    quantity: Quantity = 1
    location: Code | None = None
    channel: Code = ""


class BatchShape(_Shape):
    items: Annotated[list[ItemShape], Field(min_length=1, max_length=200)]
    locale: Locale | None = None


class BatchAnswerShape(_Shape):
    """One answer per item, in the order asked; an error stands in the place of its item."""

    promises: list[AnswerShape | ErrorShape]


class ToldShape(_Shape):
    basis: Basis
    first: date | None
    last: date | None


class ChangeShape(_Shape):
    seq: int
    at: datetime
    sku: str
    location: str
    before: ToldShape | None
    after: ToldShape


class ChangesShape(_Shape):
    """Ask again with `after` = `next`; at once while there is `more`."""

    changes: list[ChangeShape]
    next: int
    more: bool
