"""Forms. What they decide on travels in `private_metadata`, bound to what the card showed."""

from datetime import date

from pydantic import BaseModel, ConfigDict

from agent.slack.actions import (
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

REASON, UNTIL = "reason", "until"  # block ids; the element in each has the same action id
LINE = "line."  # followed by the line's place in the order
EDITED_LINES = 40  # a longer order is edited in the conversation


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


def _day(day: date) -> Element:
    return {"type": "datepicker", "action_id": UNTIL, "initial_date": day.isoformat()}
