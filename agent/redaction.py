"""Secrets never reach a log line or a crash report."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from pydantic import SecretStr
from sqlalchemy import exc

from agent.settings import Settings, setting_keys, value_of

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
        password = sa.make_url(value).password
    except exc.ArgumentError:
        return {value}
    # The password as it is and as it stands in the address.
    return {str(password), value} if password else set()
