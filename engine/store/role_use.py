"""Whether a PostgreSQL login must take a role for each unit of work, asked of the server once."""

import threading

import sqlalchemy as sa

# The login of engine.store.roles inherits nothing; an owner or administrator does.
_ASK = """
SELECT NOT me.rolsuper AND NOT me.rolinherit AND EXISTS (
    SELECT 1 FROM pg_auth_members AS held JOIN pg_roles AS role ON role.oid = held.roleid
    WHERE held.member = me.oid AND role.rolname = 'qm_write'
)
FROM pg_roles AS me WHERE me.rolname = session_user
"""


class RoleUse:
    """Remembers the answer for one database."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answer: bool | None = None

    def take(self, connection: sa.Connection, *, write: bool) -> None:
        """Act as the role of this kind of work until the transaction ends, where roles are used."""
        if self._are_used(connection):
            connection.exec_driver_sql(f"SET LOCAL ROLE {'qm_write' if write else 'qm_read'}")

    def _are_used(self, connection: sa.Connection) -> bool:
        with self._lock:
            if self._answer is None:
                self._answer = bool(connection.exec_driver_sql(_ASK).scalar())
            return self._answer
