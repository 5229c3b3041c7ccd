"""Exceptions are given to people by talking: sealed, told, refused to whoever may not."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from agent.bootstrap import Company
from engine.service import audit, conversation
from engine.store.tables.exceptions import exception_assignments
from support.agent import assistant_for
from support.purchasing import NOW, person
from tools.registry import BY_NAME

Say = Callable[..., str]


@pytest.fixture
def said(company: Company) -> Say:
    """Say lines in one conversation; what the last one is answered."""

    def say(*lines: str, who: str = "bea") -> str:
        speaker = person(company.stores, who)
        conversation.open_thread(
            company.stores, f"t-{who}", surface="test", person=speaker, now=NOW
        )
        return [assistant_for(company).ask(f"t-{who}", speaker, line).text for line in lines][-1]

    return say


def held(company: Company) -> dict[str, str]:
    """Who looks after which exception, by its key."""
    table = exception_assignments
    with company.stores.database.read() as look:
        rows = look.execute(sa.select(table).where(table.c.ended_at.is_(None))).all()
    return {row.key: row.assignee for row in rows}


def test_the_first_of_the_list_is_given_to_a_colleague_by_name(company: Company, said: Say) -> None:
    said("What needs my attention?")
    told = said("give the first one to Max")

    assert "Max Okafor looks after" in told
    assert "and is told" in told
    assert set(held(company).values()) == {"max"}
    assert audit.verify(company.stores).verified
    kinds = [event.kind for event in audit.events(company.stores)]
    assert "exception.assigned" in kinds


def test_one_takes_it_oneself_and_gives_it_back(company: Company, said: Say) -> None:
    assert said("I'll take LAMP-OAK-01 myself").startswith("You look after")
    assert set(held(company).values()) == {"bea"}
    assert said("unassign LAMP-OAK-01").startswith("Nobody looks after")
    assert held(company) == {}


def test_a_name_that_nobody_has_is_answered_with_those_there_are(
    company: Company, said: Say
) -> None:
    told = said("give LAMP-OAK-01 to Zoe")

    assert "'Zoe'" in told
    assert "Max Okafor" in told
    assert held(company) == {}


def test_whoever_may_not_override_may_not_assign(company: Company, said: Say) -> None:
    told = said("give LAMP-OAK-01 to Bea", who="max")

    assert told == "Max Okafor has no right to override. Who has: Bea Marsh, Ben Adeyemi."
    assert held(company) == {}


def test_who_it_is_for_is_asked_and_the_answer_goes_on(company: Company, said: Say) -> None:
    assert said("assign LAMP-OAK-01").startswith("Who shall look after it?")
    assert said("Max").startswith("Max Okafor looks after")
    assert set(held(company).values()) == {"max"}


def test_identity_is_no_argument(company: Company) -> None:
    fields = BY_NAME["assign_exception"].arguments.model_fields

    assert {"person", "due", "reason", "release"} <= set(fields)
    assert not {"author", "by", "as_user", "user"} & set(fields)
