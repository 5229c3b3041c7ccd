"""Forms. What they decide on travels in `private_metadata`, bound to what the card showed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel, ConfigDict

from agent.slack.actions import (
    ASSIGN_FORM,
    EDIT_FORM,
    REJECT_FORM,
    SNOOZE_FORM,
    FindingRef,
    RequestRef,
)
from agent.slack.blockkit import limits
from agent.slack.render.build import Block, Element, Part, cut, field, modal, note, plain, prose
from agent.views.approval import CardView
from engine.purchase.order import OrderContent

REASON, UNTIL, WHO = (
    "reason",
    "until",
    "who",
)  # block ids; the element in each has the same action id
LINE = "line."  # followed by the line's place in the order
EDITED_LINES = 40  # a longer order is edited in the conversation


@dataclass(frozen=True)
class Choice:
    """A person to choose: the id that comes back, the name that is shown."""

    id: str
    name: str


class FormOrigin(BaseModel):
    """Where a form was opened, so that its answer goes there, and what it is about."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    ref: RequestRef | FindingRef
    channel: str
    ts: str


def reject_form(view: CardView, origin: FormOrigin) -> Block:
    return modal(
        "Reject order",
        [
            prose([Part(view.title, bold=True)]),
            field("Why", _text("What should be different?"), block=REASON),
            note("The requester is told, and the reason is kept with the order."),
        ],
        callback=REJECT_FORM,
        metadata=origin.model_dump_json(),
        submit="Reject",
    )


def edit_form(content: OrderContent, origin: FormOrigin) -> Block:
    """Units per line; what is changed becomes a new revision that somebody else approves."""
    blocks: list[Block] = [
        prose([Part(f"To {content.supplier_name or content.supplier}", bold=True)]),
        *(
            field(
                f"{line.sku} {line.name}".strip(),
                _units(line.units),
                block=f"{LINE}{i}",
                hint=f"Packs of {line.case_pack}. Zero takes the line out.",
            )
            for i, line in enumerate(content.lines[:EDITED_LINES])
        ),
        field("Why", _text("What is this change for?"), block=REASON),
    ]
    rest = len(content.lines) - EDITED_LINES
    if rest > 0:
        blocks.append(note(f"{rest} more lines: change them in the conversation."))
    after = "It then waits for approval; whoever changes an order cannot approve it."
    return modal(
        "Edit order",
        [*blocks, note(after)],
        callback=EDIT_FORM,
        metadata=origin.model_dump_json(),
        submit="Save",
    )


def snooze_form(headline: str, until: date, origin: FormOrigin) -> Block:
    return modal(
        "Snooze",
        [
            prose([Part(headline, bold=True)]),
            field("Until", _day(until), block=UNTIL),
            field("Why", _text("What will be different by then?"), block=REASON),
        ],
        callback=SNOOZE_FORM,
        metadata=origin.model_dump_json(),
        submit="Snooze",
    )


def assign_form(headline: str, known: Sequence[Choice], due: date, origin: FormOrigin) -> Block:
    """Whoever is chosen is told at once, and reminded on the day."""
    return modal(
        "Assign",
        [
            prose([Part(headline, bold=True)]),
            field("Who looks after it", _people(known), block=WHO),
            field("Until", _day(due), block=UNTIL, optional=True,
                  hint="They are reminded on that day while it is not settled."),
            field("What to do", _text("Call the supplier, for instance."), block=REASON,
                  optional=True),
        ],
        callback=ASSIGN_FORM,
        metadata=origin.model_dump_json(),
        submit="Assign",
    )  # fmt: skip


def told(title: str, sentence: str) -> Block:
    """A modal that only says something: a slow or refused click is answered where it was made."""
    return modal(
        cut(title, limits.MODAL_TITLE), [prose([Part(sentence)])], callback="told", metadata="{}"
    )


def _text(placeholder: str) -> Element:
    return {
        "type": "plain_text_input",
        "action_id": REASON,
        "multiline": True,
        "max_length": 500,
        "placeholder": plain(placeholder, limits.PLACEHOLDER),
    }


def _units(units: int) -> Element:
    return {
        "type": "number_input",
        "action_id": "units",
        "is_decimal_allowed": False,
        "min_value": "0",
        "initial_value": str(units),
    }


def _people(known: Sequence[Choice]) -> Element:
    options = [
        {"text": plain(each.name, limits.OPTION_TEXT), "value": each.id}
        for each in known[: limits.OPTIONS]
    ]
    return {
        "type": "static_select",
        "action_id": WHO,
        "placeholder": plain("Choose a person", limits.PLACEHOLDER),
        "options": options,
    }


def _day(day: date) -> Element:
    return {"type": "datepicker", "action_id": UNTIL, "initial_date": day.isoformat()}
