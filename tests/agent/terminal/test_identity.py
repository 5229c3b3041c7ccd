"""Who sits at a terminal is not for the terminal to say."""

import pytest
import sqlalchemy as sa

from agent.bootstrap import Company
from agent.terminal import identity
from engine.errors import NotAllowed
from engine.store.tables.company import companies


def not_a_demo(company: Company) -> Company:
    with company.stores.database.write() as work:
        work.execute(sa.update(companies).values(is_demo=False))
    return company


def test_a_demo_company_lets_you_be_anyone(company: Company) -> None:
    person = identity.person_at_terminal(company, "max")
    assert (person.id, person.source) == ("max", "demo")


def test_elsewhere_nobody_may_be_somebody_else(company: Company) -> None:
    with pytest.raises(NotAllowed, match="demo company only"):
        identity.person_at_terminal(not_a_demo(company), "max")


def test_elsewhere_the_operating_system_says_who_it_is(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identity, "os_user", lambda: "mokafor")
    person = identity.person_at_terminal(not_a_demo(company), None)
    assert (person.id, person.source) == ("max", "os-user")


def test_an_unmapped_user_is_told_what_to_write(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identity, "os_user", lambda: "stranger")
    with pytest.raises(NotAllowed, match="os_user: stranger"):
        identity.person_at_terminal(not_a_demo(company), None)


def test_the_user_comes_from_the_system_not_from_a_variable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = identity.os_user()
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "max")
    assert identity.os_user() == real
