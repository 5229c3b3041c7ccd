"""The only place that wires settings to stores, ports and services."""

from pathlib import Path

from agent.settings import load_settings
from engine.store.database import Database, open_database


def connect_database(config: Path | None) -> Database:
    """The database that the settings name, as it stands: neither created nor migrated."""
    return open_database(load_settings(config).settings.database_url)
