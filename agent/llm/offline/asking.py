"""Questions back: which item, which amount; shared by everything that makes calls."""

from typing import Any

from agent.language.figures import Figure
from agent.llm.offline import asides, slots
from agent.llm.offline.reading import Reading
from agent.llm.port import Call, Reply
from agent.memory import Memory, PastCall, Pending

MOST_MONEY = 10**12  # whole units of the currency


def about_item(tool: str, reading: Reading, memory: Memory, **more: Any) -> Reply:  # noqa: ANN401  JSON values of tool arguments
    """A call about one item; asks which when the words fit several, says so when they fit none."""
    arguments = {name: value for name, value in more.items() if value is not None}
    sku = slots.item_of(reading, memory)
    named = reading.place or slots.unknown_place(reading)
    place = named or slots.same_place(sku, reading, memory)
    if place is not None:
        arguments["location"] = place
    if sku is not None:
        return Reply(calls=(Call(tool=tool, arguments={"sku": sku, **arguments}),))
    return ask_which(reading, PastCall(tool=tool, arguments=arguments))


def ask_which(reading: Reading, wanted: PastCall) -> Reply:
    """Show what the words might mean; the answer goes on with the call that was wanted."""
    if reading.choices:
        said = " ".join(reading.leftover) or reading.text.strip()
        show = {"text": said[:200], "skus": list(reading.choices)}
        return Reply(
            calls=(Call(tool="find_items", arguments=show),),
            pending=Pending(call=wanted, slot="sku", choices=reading.choices),
        )
    if reading.unknown:
        return Reply(
            calls=(Call(tool="find_items", arguments={"text": reading.unknown[:200]}),),
            pending=Pending(call=wanted, slot="sku"),
        )
    return Reply(
        draft=asides.WHICH_ITEM,
        pending=Pending(call=wanted, slot="sku"),
    )


def asked_to_be_clear(reading: Reading, call: PastCall, slot: str) -> Reply | None:
    """A question back where an amount cannot be told; guessing would plan with another one."""
    if reading.is_unclear:
        return Reply(draft=asides.UNCLEAR_AMOUNT, pending=Pending(call=call, slot=slot))
    return None


def unfit_amount(figure: Figure, currency: str) -> Reply | None:
    """A sentence where an amount cannot be a budget: another currency, nothing, absurd."""
    if figure.currency is not None and figure.currency != currency:
        return Reply(draft=asides.other_currency(currency))
    if figure.value <= 0:
        return Reply(draft=asides.NOT_MORE_THAN_NOTHING)
    if figure.value > MOST_MONEY:
        return Reply(draft=asides.TOO_MUCH)
    return None
