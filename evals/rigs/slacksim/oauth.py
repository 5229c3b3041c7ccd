"""Installing the app into workspaces: codes that work once, tokens that end, refresh tokens."""

from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from evals.rigs.slacksim.state import Json, Workspace

LIVES_SECONDS = 43_200  # twelve hours, as Slack's


class Denied(Exception):  # noqa: N818  Slack's `ok: false`
    """A code or token that Slack does not take."""


@dataclass
class Installs:
    """Codes and tokens of every workspace that installed the app; each token is of one of them."""

    client_id: str = "1.2"
    client_secret: str = "sim-client-secret"  # noqa: S105  a made-up secret
    rotates: bool = True
    worlds: dict[str, Workspace] = field(default_factory=dict[str, Workspace])  # by token
    codes: dict[str, tuple[Workspace, str]] = field(
        default_factory=dict[str, tuple[Workspace, str]]
    )
    refreshes: dict[str, Workspace] = field(default_factory=dict[str, Workspace])
    made: int = 0

    def agree(self, world: Workspace, user: str) -> str:
        """An administrator says yes in the browser; the code that the browser carries back."""
        self.made += 1
        code = f"code-{self.made}"
        self.codes[code] = (world, user)
        return code

    def access(self, given: Mapping[str, Any]) -> Json:
        """`oauth.v2.access`: a code for tokens, or a refresh token for new ones."""
        if (given.get("client_id"), given.get("client_secret")) != self._credentials:
            raise Denied("bad_client_secret")
        if given.get("grant_type") == "refresh_token":
            world = self.refreshes.pop(str(given["refresh_token"]), None)
            if world is None:
                raise Denied("invalid_refresh_token")
            return self._tokens(world)
        world, user = self.codes.pop(str(given.get("code")), (None, ""))
        if world is None:
            raise Denied("invalid_code")
        return {
            **self._tokens(world), "authed_user": {"id": user}, "scope": "chat:write,commands",
            "team": {"id": world.team, "name": world.team}, "enterprise": None,
            "is_enterprise_install": False, "bot_user_id": world.bot_user, "app_id": "A0SIM",
        }  # fmt: skip

    def with_credentials(self, given: Mapping[str, Any], authorization: str) -> Json:
        """The arguments with client id and secret, which may come as a Basic header instead."""
        if not authorization.startswith("Basic "):
            return dict(given)
        name, _, secret = b64decode(authorization[6:]).decode().partition(":")
        return {**given, "client_id": name, "client_secret": secret}

    @property
    def _credentials(self) -> tuple[str, str]:
        return self.client_id, self.client_secret

    def _tokens(self, world: Workspace) -> Json:
        self.made += 1
        token, refresh = f"xoxe.xoxb-{self.made}", f"xoxe-{self.made}"
        self.worlds[token] = world
        if not self.rotates:
            return {"access_token": token, "token_type": "bot"}
        self.refreshes[refresh] = world
        return {"access_token": token, "token_type": "bot", "refresh_token": refresh,
                "expires_in": LIVES_SECONDS}  # fmt: skip
