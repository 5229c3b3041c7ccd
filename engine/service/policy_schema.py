"""The shape of a people file: every key it may have, and what each may hold."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from engine.errors import InvalidInput
from engine.model.people import Right
from engine.purchase.periods import PeriodKind, kind_of
from engine.purchase.spending import require_scope_and_period

Amount = Annotated[Decimal, Field(ge=0, max_digits=15, decimal_places=3)]
Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,39}$")]
Name = Annotated[str, Field(min_length=1, max_length=120)]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WrittenLimit(Part):
    up_to: Amount
    suppliers: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    locations: tuple[str, ...] = ()


class WrittenRole(Part):
    rights: tuple[Right, ...]
    limits: tuple[WrittenLimit, ...] = ()


class WrittenSlack(Part):
    team_id: Name
    user_id: Name


class WrittenPerson(Part):
    id: Id
    name: Name
    roles: Annotated[tuple[str, ...], Field(min_length=1)]
    email: str | None = None
    os_user: str | None = None
    slack: tuple[WrittenSlack, ...] = ()


class WrittenStep(Part):
    name: Name
    above: Amount = Decimal(0)
    roles: tuple[str, ...] = ()


class WrittenCeiling(Part):
    name: Name
    each: Literal["requester", "supplier", "company"] = "requester"
    period: Literal["day", "week", "month"] = "month"
    up_to: Amount
    roles: tuple[str, ...] = ()
    suppliers: tuple[str, ...] = ()


class WrittenApproval(Part):
    steps: Annotated[tuple[WrittenStep, ...], Field(min_length=1, max_length=5)] = (
        WrittenStep(name="approval"),
    )
    cumulative_days: Annotated[int, Field(ge=0, le=366)] = 7
    expires_after_hours: Annotated[int, Field(ge=1, le=8784)] = 72
    auto_approve_up_to: Amount | None = None
    auto_approve: tuple[WrittenLimit, ...] = ()
    ceilings: tuple[WrittenCeiling, ...] = ()
    terminal_may_approve: bool = False

    @model_validator(mode="after")
    def _steps_rise(self) -> "WrittenApproval":
        levels = [step.above for step in self.steps]
        if levels[0] != 0 or levels != sorted(set(levels)):
            raise ValueError(
                "the first step applies to every order (no `above`), each further one needs a "
                "larger `above` than the one before"
            )
        return self


class WrittenCarryOver(Part):
    period: PeriodKind
    carry: Literal["all", "capped", "none"]
    since: Annotated[str, BeforeValidator(str)]  # YAML reads the year 2026 as a number
    up_to: Amount | None = None
    scope: str = ""

    @model_validator(mode="after")
    def _makes_sense(self) -> "WrittenCarryOver":
        if (self.carry == "capped") != (self.up_to is not None):
            raise ValueError("`up_to` is for carry: capped, which needs it")
        try:
            if self.scope:
                require_scope_and_period(self.scope, self.since)
            kind = kind_of(self.since)
        except InvalidInput as error:
            raise ValueError(str(error)) from None
        if kind != self.period:
            raise ValueError(f"`since` names a {kind}; the rule is for each {self.period}")
        return self


class WrittenBudgets(Part):
    carry_over: tuple[WrittenCarryOver, ...] = ()


class WrittenFile(Part):
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    roles: Mapping[str, WrittenRole]
    people: tuple[WrittenPerson, ...]
    approval: WrittenApproval = WrittenApproval()
    budgets: WrittenBudgets = WrittenBudgets()


KEYS = frozenset(
    name
    for part in (
        WrittenFile, WrittenRole, WrittenLimit, WrittenPerson, WrittenSlack, WrittenApproval,
        WrittenStep, WrittenCeiling, WrittenBudgets, WrittenCarryOver,
    )
    for name in part.model_fields
)  # fmt: skip
