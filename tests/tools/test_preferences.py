"""What people want their answers narrowed to: by talking, shown, and never for anybody else."""

import pytest

from agent.bootstrap import Company
from engine.errors import InvalidInput
from engine.service import audit, conversation
from engine.service.preferences import preferences_of, set_preference
from support.agent import assistant_for
from support.purchasing import NOW, person


def ask(company: Company, text: str, who: str = "bea", thread: str = "t") -> str:
    """As whoever it is now: preferences come with the person."""
    assistant = assistant_for(company)
    speaker = person(company.stores, who)
    conversation.open_thread(company.stores, thread, surface="test", person=speaker, now=NOW)
    return assistant.ask(thread, speaker, text).text


def held(company: Company, who: str = "bea") -> dict[str, str]:
    with company.stores.database.read() as look:
        return preferences_of(look, who)


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("my default location is Leeds", "location", "LEEDS"),
        ("set Leeds as my default store", "location", "LEEDS"),
        ("from now on only show me London", "location", "LONDON"),
        ("I only look after the London shop", "location", "LONDON"),
        ("my default category is in lighting", "category", "Lighting"),
        ("set my currency to GBP", "currency", "GBP"),
    ],
)
def test_a_preference_is_set_by_talking(company: Company, text: str, name: str, value: str) -> None:
    assert "your answers start with" in ask(company, text)
    assert held(company) == {name: value}
    assert audit.verify(company.stores).verified


def test_answers_are_narrowed_until_told_otherwise(company: Company) -> None:
    ask(company, "my default location is Leeds")
    assert ask(company, "What should I buy this week?").startswith("For Leeds store: 2 lines")
    assert ask(company, "What should I buy in London?").startswith("For London shop: 2 lines")
    assert ask(company, "What should I buy everywhere?").startswith("4 lines")
    assert ask(company, "what are my preferences?").startswith("Your answers are narrowed")
    assert "no longer narrow" in ask(company, "forget my default location")
    assert ask(company, "What should I buy this week?").startswith("4 lines")
    assert held(company) == {}


def test_nobody_else_is_narrowed(company: Company) -> None:
    ask(company, "my default location is Leeds")
    assert ask(company, "What should I buy?", "max", "u").startswith("4 lines")


def test_what_is_narrowed_is_what_is_drafted(company: Company) -> None:
    ask(company, "my default location is Leeds")
    ask(company, "What should I buy this week?")
    ask(company, "Draft it")
    calls = conversation.calls_of(company.stores, "t/3")
    assert [dict(call.arguments) for call in calls] == [{"location": "LEEDS"}]


def test_a_currency_in_which_nothing_is_kept_is_refused(company: Company) -> None:
    assert "Figures are kept in GBP" in ask(company, "set my currency to EUR")
    with pytest.raises(InvalidInput, match="kept in GBP"):
        set_preference(
            company.stores, "currency", "USD", person=person(company.stores, "bea"), now=NOW
        )
    assert held(company) == {}
