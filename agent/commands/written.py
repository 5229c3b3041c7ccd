"""Files that a command leaves where a person named a place."""

from pathlib import Path


def write_file(path: Path, content: bytes) -> None:
    """Write or replace a file; raises StoreError, naming the reason, where that cannot be."""
    from engine.errors import StoreError

    try:
        path.write_bytes(content)
    except OSError as error:
        raise StoreError(
            f"{path} cannot be written: {error.strerror or error}. Name a folder that exists and "
            "may be written to."
        ) from error
