"""Who sits at a terminal is not for the terminal to say."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from agent.bootstrap import Company
from agent.cli import build_app
from agent.terminal import identity
from engine.errors import NotAllowed
from engine.store.tables.company import companies
from engine.store.tables.people import policy_versions

EXAMPLE = Path(__file__).parents[3] / "examples" / "people.yaml"


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


@pytest.mark.parametrize("named", [None, "max"])
def test_without_a_people_file_the_file_is_asked_for(company: Company, named: str | None) -> None:
    with company.stores.database.write() as work:
        work.execute(sa.delete(policy_versions))
    with pytest.raises(NotAllowed, match="qm policy example") as told:
        identity.person_at_terminal(company, named)
    assert str(company.policy_file) in str(told.value)


def test_the_people_file_that_is_printed_is_the_one_among_the_examples() -> None:
    printed = CliRunner().invoke(build_app(), ["policy", "example"]).stdout
    assert printed == EXAMPLE.read_text(encoding="utf-8")
