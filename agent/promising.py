"""Settings of what customers are promised, and the policy that they name."""

from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import Field, SecretStr

from agent.section import Section

if TYPE_CHECKING:
    from engine.promise.policy import PromisePolicy


class PromiseSettings(Section):
    policy: Path | None = Field(
        default=None,
        description="promise policy as YAML (confidence, tolerance, partial fills, messages ...); "
        "default: built in, see docs/promises.md",
    )
    contacts: Path | None = Field(
        default=None,
        description="CSV of contact_ref, email and locale, read when a message is sent and kept "
        "nowhere; only needed to send by email",
    )
    letters: Path | None = Field(
        default=None,
        description="YAML of a language's phrases that replace ours in messages to customers",
    )
    webhook_url: SecretStr | None = Field(
        default=None, description="where messages to customers are posted, where carrier: webhook"
    )
    webhook_secret: SecretStr | None = Field(default=None, description="key that signs these posts")
    locale: str = Field(
        default="", description="language of customers without one; default: terminal.locale"
    )


def promise_policy(settings: PromiseSettings) -> "PromisePolicy":
    """The policy that the settings name; raises BadSettings for a file that makes no sense."""
    from engine.promise.policy import PromisePolicy

    if settings.policy is None:
        return PromisePolicy()
    from engine.service.promise_policy import read_promise_policy

    return read_promise_policy(settings.policy)
