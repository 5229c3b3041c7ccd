"""Give exceptions to a colleague, take them oneself, or give them back."""

from datetime import date

from pydantic import Field

from engine.service import assignments
from engine.service.colleagues import Colleague, colleague
from tools.cells import text
from tools.context import ToolContext
from tools.exceptions_meant import Target, about, meant
from tools.facts import Entity
from tools.ledger import Ledger
from tools.result import OfferedAction, ToolResult
from tools.runs import current_run, ledger_for
from tools.tool import Tool


class AssignException(Target):
    person: str | None = Field(
        default=None, description="who looks after them, as the person says it; null: who asks"
    )
    due: date | None = Field(default=None, description="day on which they are reminded")
    reason: str | None = Field(default=None, description="what to do, in the person's own words")
    release: bool = Field(default=False, description="true: nobody looks after them any more")


def assign_exception(arguments: AssignException, context: ToolContext) -> ToolResult:
    run = current_run(context)
    found = meant(arguments, context, run)
    keys = [text(row["key"]) for row in found]
    ledger = ledger_for(run)
    if arguments.release:
        ended = assignments.release(context.stores, keys, person=context.person, now=context.now)
        over = {each.key for each in ended}
        about(ledger, context, run, arguments, [row for row in found if row["key"] in over])
        return ledger.result("released")
    who = _owner(arguments.person, context)
    assignments.assign(
        context.stores, run.id, keys, assignee=who.id, due=arguments.due,
        note=arguments.reason or "", person=context.person, now=context.now,
    )  # fmt: skip
    what = about(ledger, context, run, arguments, found)
    _add_owner(ledger, who, arguments)
    ledger.offer(OfferedAction(kind="say", label="Give it back", text=f"Unassign {what}"))
    return ledger.result("own" if who.id == context.person.id else "given")


def _owner(said: str | None, context: ToolContext) -> Colleague:
    if said is None:
        return Colleague(id=context.person.id, name=context.person.name)
    return colleague(context.stores, said)


def _add_owner(ledger: Ledger, who: Colleague, arguments: AssignException) -> None:
    person = Entity(kind="person", code=who.id, name=who.name)
    ledger.add("assign.owner", who.name, "name", "who looks after it", person)
    if arguments.due is not None:
        ledger.add("assign.due", arguments.due, "date", "day of the reminder")
    if arguments.reason:
        ledger.add("assign.note", arguments.reason, "name", "what was said about it")


TOOL = Tool(
    name="assign_exception",
    mode="write",
    description=(
        "Give the exceptions of an item, supplier or order to a colleague, who is told at once, or "
        "to who asks; or release them. Changes no plan and hides nothing."
    ),
    arguments=AssignException,
    run=assign_exception,
)
