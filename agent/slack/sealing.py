"""Tokens at rest: encrypted with a key outside the database, which may be changed.

Several keys may be given, parted by commas: the first seals, all open. To change it, put the new
one first, restart, run `qm slack reseal`, then drop the old one.
"""

import base64
import hashlib
from dataclasses import dataclass, field

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from agent.keys import SHORTEST_KEY, kept_key
from agent.sections import Settings
from engine.errors import BadSettings


class Tokens(BaseModel):
    """What a workspace gave us. `team` is sealed too, so that a row cannot hold another's."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)
    team: str
    bot: str = Field(repr=False)
    refresh: str | None = Field(default=None, repr=False)


@dataclass(frozen=True)
class Sealer:
    keys: MultiFernet = field(repr=False)

    def seal(self, tokens: Tokens) -> bytes:
        return self.keys.encrypt(tokens.model_dump_json().encode())

    def opened(self, sealed: bytes, team: str) -> Tokens:
        """Raises BadSettings for what none of the keys opens, or another workspace's tokens."""
        try:
            tokens = Tokens.model_validate_json(self.keys.decrypt(sealed))
        except (InvalidToken, ValidationError):
            tokens = None
        if tokens is None or tokens.team != team:
            raise BadSettings(
                f"None of the keys opens the tokens of workspace {team}. Give the key they were "
                "sealed with in QM_SLACK_SEAL_KEY as well (new,old), or install the app again."
            )
        return tokens


def sealer_of(settings: Settings) -> Sealer:
    """With the keys of the settings, else with a file in home, made once."""
    given = settings.slack.seal_key
    path = settings.home_folder / "slack-seal.key"
    text = given.get_secret_value() if given else kept_key(path, may_make=True, what="seal key")
    keys = [key.strip() for key in text.split(",") if key.strip()]
    if not keys or min(map(len, keys)) < SHORTEST_KEY:
        raise BadSettings(
            f"A key in slack.seal_key has fewer than {SHORTEST_KEY} characters. Make one with: "
            "python3 -c 'import secrets; print(secrets.token_hex(32))'"
        )
    return Sealer(MultiFernet([_fernet(key) for key in keys]))


def _fernet(key: str) -> Fernet:
    """Fernet wants 32 bytes; the given text is long and random, so one hash is enough."""
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest()))
