"""OAuth 2 access for accounting systems whose refresh tokens change with every use.

The newest refresh token is kept in a file that only we may read, replaced in one step before the
new access token is used: a token that is lost ends the connection.
"""

import base64
import os
from dataclasses import dataclass, field
from pathlib import Path

from engine.connect.sources.paced import Paced
from engine.connect.sources.port import SourceRefused


@dataclass(kw_only=True)
class Tokens:
    """Asks for an access token when it has none; `refused` forgets the one it has."""

    http: Paced = field(repr=False)
    path: str  # of the token endpoint
    client_id: str
    client_secret: str = field(repr=False)
    file: Path  # holds the refresh token
    _access: str = field(default="", repr=False)

    def access(self) -> str:
        if not self._access:
            self._access = self._refreshed()
        return self._access

    def refused(self) -> None:
        self._access = ""

    def _refreshed(self) -> str:
        try:
            token = self.file.read_text(encoding="utf-8").strip()
        except OSError as error:
            raise SourceRefused(
                f"The refresh token {self.file.name} cannot be read: {error.strerror}. Write it "
                "there once; see docs/integrations.md."
            ) from None
        proof = base64.b64encode(f"{self.client_id}:{self.client_secret}".encode()).decode()
        answer = self.http.send(
            "POST", self.path, headers={"authorization": f"Basic {proof}"},
            data={"grant_type": "refresh_token", "refresh_token": token},
        ).json()  # fmt: skip
        self._keep(str(answer.get("refresh_token") or token))
        return str(answer["access_token"])

    def _keep(self, token: str) -> None:
        beside = self.file.with_name(f".{self.file.name}.new")
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
            out.write(token)
        beside.replace(self.file)
