"""What a person wants their answers narrowed to: set, dropped, shown."""

import re
from typing import Any

from agent.llm.offline import asides
from agent.llm.offline.reading import Reading
from agent.llm.port import Call, Question, Reply

_CURRENCY = re.compile(r"\b(?:gbp|usd|eur|chf|jpy|sek|nok|dkk|pln|czk|aud|cad|inr|cny)\b")
_NAMES = {"location": r"\b(?:location|store|place|shop|site|warehouse)\b",
          "category": r"\b(?:category|range|department)\b",
          "currency": r"\bcurrency\b"}  # fmt: skip


def prefer(reading: Reading, _question: Question) -> Reply:
    """`my default location is Leeds`, `only show me lighting from now on`, `my currency is EUR`."""
    currency = _CURRENCY.search(reading.plain)
    if reading.place is not None:
        return _called(kind="location", value=reading.place)
    if reading.category is not None:
        return _called(kind="category", value=reading.category)
    if currency is not None:
        return _called(kind="currency", value=currency[0].upper())
    return Reply(draft=asides.PREFER_WHAT)


def forget(reading: Reading, question: Question) -> Reply:
    """`forget my default location`, `stop narrowing to Leeds`; asks where several are held."""
    said = [name for name, words in _NAMES.items() if re.search(words, reading.plain)]
    named = reading.place is not None and "location"
    held = [name for name in _NAMES if name in question.preferences]
    found = [named] if named else said or held
    return _called(kind=found[0]) if len(found) == 1 else Reply(draft=asides.PREFER_WHAT)


def _called(**arguments: Any) -> Reply:  # noqa: ANN401  JSON values of tool arguments
    return Reply(calls=(Call(tool="set_preference", arguments=arguments),))
