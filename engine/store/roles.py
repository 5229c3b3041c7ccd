"""Least privilege on PostgreSQL: what the program's login may do, unit of work by unit of work.

The login itself may do nothing. Each unit of work takes a role for as long as it lasts
(`SET LOCAL ROLE`): `qm_read` reads, `qm_write` changes what may change. Nobody but the
administrator who owns the tables can change or delete what is only ever added to: the audit,
revisions, decisions, policies. SQLite has no roles; there the file's owner is the administrator.
"""

import sqlalchemy as sa

from engine.errors import InvalidInput
from engine.store import migrate
from engine.store.database import open_database

READ, WRITE = "qm_read", "qm_write"
CHECKPOINTS = "qm_checkpoints"  # the schema of the login's own: conversations under way
# Rows that are only ever added; what they say is history.
ADDED_ONLY = frozenset(
    {
        "audit_events", "po_revisions", "po_lines", "approval_decisions", "policy_versions",
        "budget_revisions", "po_receipts", "po_receipt_lines", "po_confirmed_lines",
        "po_confirmed_prices",
        "po_acknowledgements",
    }
)  # fmt: skip
CHANGED_ONLY = frozenset({"audit_head"})  # one row, never another, never none


def init_roles(admin_url: str, app_url: str) -> str:
    """Create roles and login, migrate as the tables' owner, and grant; returns the login's name.

    May be repeated, and must be after every migration that adds a table. The login and its
    password are those of `app_url`. Raises InvalidInput where there are no roles to make.
    """
    wanted = sa.make_url(app_url)
    if wanted.get_backend_name() != "postgresql" or not wanted.username:
        raise InvalidInput(
            "Roles are PostgreSQL's: set database.url to postgresql://LOGIN:PASSWORD@HOST/NAME."
        )
    admin = open_database(admin_url)
    try:
        if sa.make_url(admin_url).username == wanted.username:
            raise InvalidInput(
                f"The administrator and the program are both {wanted.username!r}; the login of "
                "database.url must be another one than that of --admin-url."
            )
        migrate.upgrade(admin)
        with admin.write() as work:
            _make_roles(work, wanted.username, wanted.password)
            _grant(work)
    finally:
        admin.close()
    return wanted.username


def _make_roles(work: sa.Connection, login: str, password: str | None) -> None:
    quote = work.dialect.identifier_preparer.quote_identifier
    known = set(work.execute(sa.text("SELECT rolname FROM pg_roles")).scalars())
    for role in (READ, WRITE):
        if role not in known:
            work.execute(sa.text(f"CREATE ROLE {role} NOLOGIN"))
    verb = "ALTER" if login in known else "CREATE"
    work.execute(sa.text(f"{verb} ROLE {quote(login)} LOGIN NOINHERIT"))
    if password:
        literal = sa.literal(password).compile(
            dialect=work.dialect, compile_kwargs={"literal_binds": True}
        )
        # A password cannot be bound; percent signs are the driver's.
        told = str(literal).replace("%%", "%")
        work.exec_driver_sql(f"ALTER ROLE {quote(login)} PASSWORD {told}".replace("%", "%%"))
    work.execute(sa.text(f"GRANT {READ}, {WRITE} TO {quote(login)}"))
    work.execute(sa.text(f"CREATE SCHEMA IF NOT EXISTS {CHECKPOINTS} AUTHORIZATION {quote(login)}"))


def _grant(work: sa.Connection) -> None:
    """Anew from nothing, so that a table that became history loses what it had."""
    work.execute(sa.text("REVOKE CREATE ON SCHEMA public FROM PUBLIC"))
    work.execute(sa.text(f"GRANT USAGE ON SCHEMA public TO {READ}, {WRITE}"))
    work.execute(sa.text(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {READ}, {WRITE}"))
    work.execute(sa.text(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {READ}, {WRITE}"))
    work.execute(sa.text(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {WRITE}"))
    for name in sa.inspect(work).get_table_names():
        rights = _rights(name)
        if rights:
            work.execute(sa.text(f'GRANT {rights} ON "{name}" TO {WRITE}'))


def _rights(table: str) -> str:
    if table == "alembic_version":
        return ""
    if table in ADDED_ONLY:
        # Locking a row for a moment takes UPDATE on one column at least; none of them is locked.
        return "INSERT"
    return "UPDATE" if table in CHANGED_ONLY else "INSERT, UPDATE, DELETE"
