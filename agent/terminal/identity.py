"""Who sits at the terminal. What the person types is never proof of who they are."""

import getpass
import os
import sys

from agent.bootstrap import Company
from engine.errors import NotAllowed, UnknownName
from engine.model.people import Person
from engine.service import people


def person_at_terminal(company: Company, named: str | None) -> Person:
    """`--as NAME` in a demo company; else whom the operating-system user is mapped to.

    Raises NotAllowed for `--as` elsewhere, for a user nobody is mapped to, and where no people
    file is in force.
    """
    _require_people(company)
    if named is not None:
        return people.person_as_demo(company.stores, named)
    user = os_user()
    try:
        return people.person_for_os_user(company.stores, user)
    except UnknownName:
        raise NotAllowed(
            f"The operating-system user {user!r} is nobody in the people file. Write os_user: "
            f"{user} beside a person there; in a demo company, say who you are: qm chat --as buyer"
        ) from None


def _require_people(company: Company) -> None:
    """The file is what is missing then, not a line in it."""
    with company.stores.database.read() as look:
        try:
            people.policy_in_force(look)
        except NotAllowed:
            raise NotAllowed(
                "There is no people file, so nobody may do anything: put one at "
                f"{company.policy_file}. `qm policy example` prints one to start from, and "
                "`qm demo-data` writes one beside its data, to be copied there."
            ) from None


def os_user() -> str:
    """The user by its number, where there is one: environment variables can say anything."""
    if sys.platform == "win32":
        return getpass.getuser()
    import pwd

    return pwd.getpwuid(os.getuid()).pw_name
