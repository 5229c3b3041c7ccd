"""Settings of the chat surface: Slack."""

from typing import Annotated, Final, Literal

from pydantic import Field, SecretStr

from agent.section import Parts, Seconds, Section

SLACK: Final = "slack"  # the surface that events, posts and threads of Slack are kept under


class SlackSettings(Section):
    """One bot token, or client id and secret for workspaces that install it themselves."""

    transport: Literal["socket", "http"] = Field(
        default="socket", description="how Slack reaches us: socket needs no public address"
    )
    bot_token: SecretStr | None = Field(default=None, description="xoxb-..., for one workspace")
    app_token: SecretStr | None = Field(default=None, description="xapp-..., for Socket Mode")
    signing_secret: SecretStr | None = Field(
        default=None, description="proves that a request over HTTP comes from Slack"
    )
    client_id: str = Field(default="", description="for workspaces that install it themselves")
    client_secret: SecretStr | None = Field(default=None, description="with the client id")
    seal_key: SecretStr | None = Field(
        default=None,
        description="keys that encrypt stored tokens, the first seals; default: a file in home",
    )
    teams: Parts = Field(
        default=(),
        description="workspaces that may install it; always those of the people file's Slack ids",
    )
    public_url: str = Field(
        default="", description="address at which browsers reach `qm serve`: https://qm.example.com"
    )
    team: str = Field(
        default="", description="workspace id of the channels named here; default: the bot token's"
    )
    approvals_channel: str = Field(
        default="", description="channel id for approval cards; empty: approvers' own messages"
    )
    operators_channel: str = Field(
        default="", description="channel id that hears when scheduled work fails"
    )
    api_url: str = Field(
        default="https://slack.com/api/", description="another address only for tests"
    )
    turns: Annotated[int, Field(ge=1, le=64)] = Field(
        default=4, description="questions answered at the same time; approvals never wait for them"
    )
    poll_seconds: Seconds = Field(
        default=0.5, description="how often work left by other processes is looked for"
    )
    progress_seconds: Seconds = Field(
        default=2.0, description="a question that takes longer shows that it is worked on"
    )
    timeout_seconds: Seconds = Field(default=15.0, description="how long to wait for Slack")

    @property
    def is_installable(self) -> bool:
        """Whether workspaces install it themselves."""
        return bool(self.client_id) and self.client_secret is not None

    @property
    def is_connected(self) -> bool:
        """Whether there is a way to a token at all."""
        return self.bot_token is not None or self.is_installable
