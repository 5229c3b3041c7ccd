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

    Raises NotAllowed for `--as` elsewhere, UnknownName for a user nobody is mapped to.
    """
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


def os_user() -> str:
    """The user by its number, where there is one: environment variables can say anything."""
    if sys.platform == "win32":
        return getpass.getuser()
    import pwd

    return pwd.getpwuid(os.getuid()).pw_name
