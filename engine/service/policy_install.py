"""How a policy comes into force: the first one by whoever sets the company up, then by a person.

Only somebody whom the policy in force lets administer may replace it. A changed file by itself
changes nothing, because whoever can start a program could otherwise write their own rights.
"""

from datetime import datetime

import sqlalchemy as sa

from engine.errors import BadSettings, InvalidInput
from engine.model.people import Person, Right
from engine.purchase.policy import Policy
from engine.service import audit, people
from engine.service.policy_file import PolicyFile
from engine.service.rights import require_right
from engine.service.stores import Stores
from engine.store.tables.people import policy_versions


def install_first(
    stores: Stores, file: PolicyFile, *, os_user_id: int | None, now: datetime
) -> bool:
    """Put a file in force where there is no policy; True when the file is the one in force then.

    The sealed event names the operating-system user (its number; None on Windows) who did it.
    Raises BadSettings when the file's currency is not the company's, or when nobody could ever
    replace it.
    """
    with stores.database.read() as look:
        if _has_policy(look):
            return people.is_in_force(look, file)
        people.require_currency(look, file.policy)
    if not may_be_replaced(file.policy):
        raise BadSettings(
            "In the first people file nobody has the right to administer, so no later file could "
            "be put in force. Give `administer` to a role that somebody holds."
        )
    with stores.database.write() as work:
        audit.take_turn(work)
        if not _has_policy(work):  # another process may have been first
            more = {"first": True, "os_user_id": os_user_id}
            people.put_in_force(work, stores.seal, file, person=people.SYSTEM, now=now, more=more)
        return people.is_in_force(work, file)


def install(stores: Stores, file: PolicyFile, *, person: Person, now: datetime) -> bool:
    """Replace the policy in force; False when it says the same already.

    Takes the right to administer by the policy in force. Raises NotAllowed, BadSettings for another
    currency, and InvalidInput for a policy that nobody could ever replace.
    """
    with stores.database.write() as work:
        audit.take_turn(work)
        require_right(work, person, Right.ADMINISTER)
        people.require_currency(work, file.policy)
        if not may_be_replaced(file.policy):
            raise InvalidInput(
                "In this file nobody has the right to administer, so it could never be replaced. "
                "Give it to a role that somebody holds."
            )
        if people.is_in_force(work, file):
            return False
        people.put_in_force(work, stores.seal, file, person=person, now=now)
        return True


def may_be_replaced(policy: Policy) -> bool:
    """Whether somebody has the right to put another policy in force."""
    return any(Right.ADMINISTER in policy.rights_of(member.id) for member in policy.members)


def _has_policy(look: sa.Connection) -> bool:
    return look.execute(sa.select(policy_versions.c.sequence).limit(1)).first() is not None
