"""What stands in our buttons: names of actions and opaque values, read back without trust.

A value names rows of the database and what was shown; it never carries an amount, and whoever
presses is known from the verified request, not from here.
"""

from typing import Final, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from engine.errors import InvalidInput

APPROVE: Final = "order.approve"
REJECT: Final = "order.reject"
EDIT: Final = "order.edit"
ASK: Final = "order.ask"
LINES: Final = "order.lines"
CONFIRM_BUDGET: Final = "budget.confirm"
DECLINE_BUDGET: Final = "budget.decline"
SAY: Final = "answer.say"  # followed by .N: action ids are unique within a block
SOURCES: Final = "answer.sources"
FEEDBACK: Final = "answer.feedback"
STOP: Final = "answer.stop"
SNOOZE: Final = "finding.snooze"
ASSIGN: Final = "finding.assign"

FORMS: Final = frozenset({EDIT, REJECT, SNOOZE, ASSIGN})  # open one; what is filled in is worked

REJECT_FORM: Final = "order.reject.form"
EDIT_FORM: Final = "order.edit.form"
SNOOZE_FORM: Final = "finding.snooze.form"
ASSIGN_FORM: Final = "finding.assign.form"

T = TypeVar("T", bound=BaseModel)
_MODEL = ConfigDict(extra="forbid", frozen=True)


class RequestRef(BaseModel):
    """The approval request a card shows, at the revision and digest it showed."""

    model_config = _MODEL
    request: int = Field(ge=1)
    revision: int = Field(ge=1)
    digest: str = Field(min_length=1, max_length=128)


class BudgetRef(BaseModel):
    """The budget proposal a card shows."""

    model_config = _MODEL
    proposal: int = Field(ge=1)
    digest: str = Field(min_length=1, max_length=128)


class SayRef(BaseModel):
    """A button of a stored answer: what it says is read from there."""

    model_config = _MODEL
    turn: str = Field(min_length=1, max_length=300)
    button: int = Field(ge=0, le=100)


class FindingRef(BaseModel):
    """An exception of a plan run."""

    model_config = _MODEL
    run: str = Field(min_length=1, max_length=100)
    key: str = Field(min_length=1, max_length=400)


class StopRef(BaseModel):
    """The message that stands while a question is worked, by its post's key."""

    model_config = _MODEL
    post: str = Field(min_length=1, max_length=500)


Ref = RequestRef | BudgetRef | SayRef | FindingRef | StopRef


def packed(ref: Ref) -> str:
    return ref.model_dump_json()


def unpacked(kind: type[T], value: str) -> T:
    """What `packed` made; raises InvalidInput for anything else, which somebody made up."""
    try:
        return kind.model_validate_json(value)
    except ValidationError as error:
        raise InvalidInput(
            "This button does not carry what it should. Open a new card with /qm approvals."
        ) from error
