"""Limits on questions, tokens and cost hold over 24 hours, and are told with their name."""

from dataclasses import replace
from typing import Any

import pytest

from agent.allowance import spent_allowance
from agent.bootstrap import Company
from agent.llm.port import Call, ModelUnavailable, Question, Reply
from agent.model_settings import ModelSettings
from engine.model.people import Person
from engine.service.usage import used_since
from support.agent import ScriptedModel, assistant_for
from support.planned import bea, company, planned_home, thread
from support.purchasing import NOW, person

__all__ = ["bea", "company", "planned_home", "thread"]
COSTLY = Reply(draft="Ask what to buy.", input_tokens=900_000, output_tokens=100_000)


def limited(company: Company, **limits: Any) -> Company:
    settings = company.settings.model_copy(update={"model": ModelSettings(**limits)})
    return replace(company, loaded=replace(company.loaded, settings=settings))


@pytest.mark.parametrize(
    ("limits", "told"),
    [
        ({"turns_per_person": 1}, "You have asked 1 questions in 24 hours"),
        ({"tokens_per_person": 1_000_000}, "used 1,000,000 tokens"),
        ({"cost_per_day": 2.0, "input_price": 2.0, "output_price": 10.0}, "have cost 2.80"),
    ],
)
def test_a_limit_that_is_reached_stops_the_next_question(
    company: Company, bea: Person, thread: str, limits: dict[str, Any], told: str
) -> None:
    assistant = assistant_for(limited(company, **limits), ScriptedModel([COSTLY]))
    assert assistant.ask(thread, bea, "hello").outcome == "clean"
    answer = assistant.ask(thread, bea, "hello again")
    assert told in answer.text
    assert f"({'model.' + next(iter(limits))})" in answer.text
    assert answer.outcome == "failed"
    assert used_since(company.stores, NOW.replace(hour=0)).turns == 1  # nothing was begun


def test_limits_of_one_person_do_not_stop_another(
    company: Company, bea: Person, thread: str
) -> None:
    few = limited(company, turns_per_person=1)
    assistant_for(few, ScriptedModel([COSTLY])).ask(thread, bea, "hello")
    other = person(company.stores, "max")
    assert spent_allowance(few.stores, few.settings.model, other, company.clock.now()) is None
    assert spent_allowance(few.stores, few.settings.model, bea, company.clock.now()) is not None


def test_without_limits_nothing_is_stopped(company: Company, bea: Person, thread: str) -> None:
    assistant_for(company, ScriptedModel([COSTLY])).ask(thread, bea, "hello")
    settings = company.settings.model
    assert spent_allowance(company.stores, settings, bea, company.clock.now()) is None


def test_a_turn_that_fails_counts_what_it_used(company: Company, bea: Person, thread: str) -> None:
    def down(_question: Question) -> Reply:
        raise ModelUnavailable("The model server cannot be reached.")

    first = Reply(calls=(Call(tool="rank_buys"),), input_tokens=700, output_tokens=30)
    answer = assistant_for(company, ScriptedModel([first, down])).ask(thread, bea, "What to buy?")
    assert answer.outcome == "failed"
    used = used_since(company.stores, NOW.replace(hour=0), "bea")
    assert (used.input_tokens, used.output_tokens) == (700, 30)
