"""Keys: the audit chain's, and others kept the same way; a setting, or a file in home."""

import os
import secrets
from pathlib import Path

from agent.settings import Settings
from engine.errors import BadSettings, StoreError

SHORTEST_KEY = 16  # characters; a shorter one can be guessed


def audit_key(settings: Settings, *, may_make: bool) -> bytes:
    """The bytes that seal the audit chain: the text of the key, wherever it is kept.

    A chain that has events keeps its key: another one could not verify them. Moving the file's
    text into QM_AUDIT_KEY, or naming the file in QM_AUDIT_KEY_FILE, is the same key, so a chain
    stays verifiable.
    """
    given = settings.audit.key
    text = (
        given.get_secret_value()
        if given
        else kept_key(settings.key_file, may_make=may_make, what="audit key")
    )
    if len(text) < SHORTEST_KEY:
        raise BadSettings(
            f"The audit key has {len(text)} characters, at least {SHORTEST_KEY} are needed. Make "
            "one with: python3 -c 'import secrets; print(secrets.token_hex(32))'"
        )
    return text.encode()


def kept_key(path: Path, *, may_make: bool, what: str) -> str:
    """The text of a key's file; made once, whole, where it may be."""
    try:
        if may_make and not path.exists():
            _make_once(path)
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        raise StoreError(
            f"The audit has events, but its key is gone: {path} does not exist. Restore the file, "
            "or give the key in QM_AUDIT_KEY; without it nothing can be verified or approved."
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(
            f"The {what} {path} cannot be kept: {error}. Set QM_HOME to a writable folder, or "
            "give the key in its setting."
        ) from error


def _make_once(path: Path) -> None:
    """Write the key whole under another name, then link it: two starters agree on the first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_bytes(32).hex() + "\n")
            file.flush()
            os.fsync(file.fileno())
        path.hardlink_to(draft)
    except FileExistsError:
        pass  # another process was first; its key counts
    finally:
        draft.unlink(missing_ok=True)
