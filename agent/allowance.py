"""How much a person may ask in a day, and what all questions of a day may cost."""

from datetime import datetime, timedelta

from agent.model_settings import ModelSettings
from engine.model.people import Person
from engine.service.stores import Stores
from engine.service.usage import used_since

DAY = timedelta(hours=24)


def spent_allowance(
    stores: Stores, settings: ModelSettings, person: Person, now: datetime
) -> str | None:
    """The sentence that says which limit of the last 24 hours is reached; None where none is."""
    if settings.turns_per_person is not None or settings.tokens_per_person is not None:
        own = used_since(stores, now - DAY, person.id)
        if settings.turns_per_person is not None and own.turns >= settings.turns_per_person:
            return _told(f"You have asked {own.turns} questions", "model.turns_per_person")
        if settings.tokens_per_person is not None and own.tokens >= settings.tokens_per_person:
            return _told(
                f"Your questions have used {own.tokens:,} tokens", "model.tokens_per_person"
            )
    if settings.cost_per_day is None:
        return None
    cost = used_since(stores, now - DAY).cost(settings.input_price, settings.output_price)
    if cost < settings.cost_per_day:
        return None
    return _told(f"All questions together have cost {cost:.2f}", "model.cost_per_day")


def _told(what: str, setting: str) -> str:
    return (
        f"{what} in 24 hours, which is the limit ({setting}). Nothing was done; ask again later, "
        "or have the limit raised. Orders can be approved meanwhile."
    )
