"""Put exceptions off, or wake them: a person says that they can wait, until when, and why."""

from datetime import date
from typing import Annotated

from pydantic import Field

from engine.service.snoozes import Snooze, Until, snooze, wake
from tools.cells import Record, text
from tools.context import ToolContext
from tools.exceptions_meant import Target, about, meant
from tools.ledger import Ledger
from tools.result import OfferedAction, ToolResult
from tools.runs import current_run, ledger_for
from tools.tool import Tool


class SnoozeException(Target):
    until: date | None = Field(default=None, description="first day on which they are back")
    grows_basis_points: Annotated[int, Field(ge=0, le=1_000_000)] | None = Field(
        default=None, description="back when so much more is at stake: 2000 is 20 % more"
    )
    reason: str | None = Field(default=None, description="why, in the person's own words")
    wake: bool = Field(default=False, description="true: end their snooze instead")


def snooze_exception(arguments: SnoozeException, context: ToolContext) -> ToolResult:
    run = current_run(context)
    found = meant(arguments, context, run)
    keys = [text(row["key"]) for row in found]
    ledger = ledger_for(run)
    if arguments.wake:
        ended = wake(context.stores, keys, person=context.person, now=context.now)
        about(ledger, context, run, arguments, [r for r in found if _in(r, ended)])
        ledger.add("snooze.state", "awake", "status", "state of the exceptions")
        return ledger.result("woken")
    made = snooze(
        context.stores,
        run.id,
        keys,
        Until(day=arguments.until, grows_basis_points=arguments.grows_basis_points),
        reason=arguments.reason or "",
        person=context.person,
        now=context.now,
    )
    what = about(ledger, context, run, arguments, found)
    _add_end(ledger, made[0])
    ledger.offer(OfferedAction(kind="say", label="Wake it", text=f"Wake {what} up"))
    return ledger.result("snoozed")


def _in(row: Record, ended: tuple[Snooze, ...]) -> bool:
    return any(each.key == row["key"] for each in ended)


def _add_end(ledger: Ledger, made: Snooze) -> None:
    ledger.add("snooze.state", "snoozed", "status", "state of the exceptions")
    if made.until is not None:
        ledger.add("snooze.until", made.until, "date", "first day on which they are back")
    if made.grows_basis_points is not None:
        ledger.add("snooze.grows", made.grows_basis_points / 10_000, "percent",
                   "growth of the stake that brings them back")  # fmt: skip
    ledger.add("snooze.reason", made.reason, "name", "reason given")


TOOL = Tool(
    name="snooze_exception",
    mode="write",
    description=(
        "Put the exceptions of an item, supplier or order off until a day or until more is at "
        "stake, with the person's reason; or wake them. Changes no plan."
    ),
    arguments=SnoozeException,
    run=snooze_exception,
)
