"""Put exceptions off, or wake them: a person says that they can wait, until when, and why."""

from datetime import date
from typing import Annotated

from pydantic import Field

from engine.errors import InvalidInput
from engine.service.reading import RunHeader
from engine.service.snoozes import Snooze, Until, exceptions_now, snooze, wake
from tools.cells import Record, records, text, whole
from tools.context import ToolContext
from tools.exception_rows import in_words
from tools.facts import Entity
from tools.ledger import Ledger
from tools.names import names_of, require_item, require_location, require_supplier
from tools.result import OfferedAction, ToolResult
from tools.runs import current_run, ledger_for
from tools.tool import Arguments, Tool


class SnoozeException(Arguments):
    sku: str | None = Field(default=None, description="the item whose exceptions can wait")
    supplier: str | None = Field(default=None, description="in place of an item: a supplier's own")
    po: str | None = Field(default=None, description="in place of an item: a late order's number")
    location: str | None = Field(default=None, description="only there; null: everywhere")
    kind: str | None = Field(default=None, description="only this kind, such as overstock")
    until: date | None = Field(default=None, description="first day on which they are back")
    grows_basis_points: Annotated[int, Field(ge=0, le=1_000_000)] | None = Field(
        default=None, description="back when so much more is at stake: 2000 is 20 % more"
    )
    reason: str | None = Field(default=None, description="why, in the person's own words")
    wake: bool = Field(default=False, description="true: end their snooze instead")


def snooze_exception(arguments: SnoozeException, context: ToolContext) -> ToolResult:
    run = current_run(context)
    found = _meant(arguments, context, run)
    keys = [text(row["key"]) for row in found]
    ledger = ledger_for(run)
    if arguments.wake:
        ended = wake(context.stores, keys, person=context.person, now=context.now)
        _told(ledger, context, run, arguments, [r for r in found if _in(r, ended)])
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
    about = _told(ledger, context, run, arguments, found)
    _add_end(ledger, made[0])
    what = about.code if about else ""
    ledger.offer(OfferedAction(kind="say", label="Wake it", text=f"Wake {what} up".strip()))
    return ledger.result("snoozed")


def _meant(arguments: SnoozeException, context: ToolContext, run: RunHeader) -> list[Record]:
    """The run's exceptions that fit everything named; raises InvalidInput where none does."""
    names = names_of(context.stores, run)
    wanted: dict[str, str] = {}
    if arguments.sku is not None:
        wanted["sku"] = require_item(context.stores, run, arguments.sku).code
    if arguments.supplier is not None:
        wanted["supplier"] = require_supplier(names, arguments.supplier).code
    if arguments.po is not None:
        wanted["po"] = arguments.po
    if not wanted:
        raise InvalidInput("Name the item, the supplier or the order whose exception can wait.")
    if arguments.location is not None:
        wanted["location"] = require_location(names, arguments.location).code
    rows = records(exceptions_now(context.stores, run.id, context.now))
    found = [row for row in rows if all(row[name] == value for name, value in wanted.items())]
    if arguments.kind is not None:
        kind = in_words(arguments.kind).casefold()
        found = [row for row in found if in_words(text(row["code"])) == kind]
    if not found:
        raise InvalidInput(
            f"The plan reports no exception of {' at '.join(wanted.values())}"
            f"{f' of the kind {arguments.kind}' if arguments.kind else ''}. Ask for the exceptions "
            "to see them."
        )
    return found


def _in(row: Record, ended: tuple[Snooze, ...]) -> bool:
    return any(each.key == row["key"] for each in ended)


def _told(
    ledger: Ledger,
    context: ToolContext,
    run: RunHeader,
    arguments: SnoozeException,
    found: list[Record],
) -> Entity | None:
    """How many, of what, and what is at stake in them."""
    names = names_of(context.stores, run)
    about: Entity | None = None
    if arguments.sku is not None:
        about = names.item(arguments.sku)
    elif arguments.supplier is not None:
        about = require_supplier(names, arguments.supplier)
    elif arguments.po is not None:
        about = Entity(kind="po", code=arguments.po)
    if about is not None:
        ledger.code("snooze.about", about)
    ledger.add("snooze.count", len(found), "count", "exceptions put off or woken")
    stake = sum(whole(row["at_stake_minor"]) for row in found)
    ledger.add("snooze.stake", stake, "money", "money at stake in them", is_estimate=True)
    return about


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
