"""Secrets never reach a log line or a crash report."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import SecretStr

from agent.settings import Settings, setting_keys, value_of
from engine.errors import StoreError
from engine.store.address import parse_address

HIDDEN = "[hidden]"
SHORTEST_SECRET = 6  # characters; replacing shorter texts would tear ordinary words apart


@dataclass(frozen=True, kw_only=True)
class Redaction:
    """Replaces every known secret, wherever it stands in a text."""

    secrets: tuple[str, ...] = ()

    def clean(self, text: str) -> str:
        for secret in self.secrets:
            text = text.replace(secret, HIDDEN)
        return text


def redaction_for(settings: Settings, more: Sequence[str] = ()) -> Redaction:
    """The secrets of these settings, longest first, so that none is cut in half by another."""
    found = set(more)
    for one in setting_keys().values():
        value = value_of(settings, one.key)
        if isinstance(value, SecretStr):
            found |= _secrets_in(one.key, value.get_secret_value())
    kept = {secret for secret in found if len(secret) >= SHORTEST_SECRET}
    return Redaction(secrets=tuple(sorted(kept, key=lambda secret: (-len(secret), secret))))


def _secrets_in(key: str, value: str) -> set[str]:
    if key != "database.url":
        return {value}
    try:
        parsed = parse_address(value)
    except StoreError:
        return {value}
    if "password" in parsed.query:
        return {str(parsed.query["password"]), value}
    password = parsed.password
    # The password as it is and as it stands in the address.
    return {str(password), value} if password else set()
