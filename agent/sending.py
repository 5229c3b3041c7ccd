"""Settings of what leaves the house: how orders are signed, written and sent."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, SecretStr

from agent.section import Parts, Seconds, Section, parts

Format = Literal["pdf", "csv", "x12", "json"]


class LetterheadSettings(Section):
    """How the company signs what it sends to suppliers."""

    name: str = Field(default="", description="legal name; default: the company's in the data")
    address: Parts = Field(default=(), description="postal address, a line per entry")
    country: str = Field(default="", description="ISO 3166 code")
    email: str = Field(default="", description="where suppliers answer")
    phone: str = Field(default="", description="telephone")
    tax_id: str = Field(default="", description="tax or VAT number")


class MailSettings(Section):
    host: str = Field(default="", description="SMTP server; empty: no mail is sent")
    port: Annotated[int, Field(ge=1, le=65535)] = Field(default=587, description="its port")
    security: Literal["starttls", "tls", "none"] = Field(
        default="starttls", description="encryption; none only for a server on this machine"
    )
    user: str = Field(default="", description="login; empty: none")
    password: SecretStr | None = Field(default=None, description="password of the login")
    sender: str = Field(default="", description="address that orders come from")
    copy_to: Parts = Field(default=(), description="who gets a copy of every order")
    timeout_seconds: Seconds = Field(default=30.0, description="how long to wait for the server")


class WebhookSettings(Section):
    url: SecretStr | None = Field(default=None, description="where orders are posted as JSON")
    secret: SecretStr | None = Field(default=None, description="key that signs every post")
    timeout_seconds: Seconds = Field(default=20.0, description="how long to wait for an answer")


class EdiSettings(Section):
    sender: str = Field(
        default="", description="our X12 interchange address as qualifier:id, such as ZZ:LANTERN"
    )
    test: bool = Field(default=False, description="mark interchanges as tests")


class OutboxSettings(Section):
    deliver: Literal["folder", "email", "webhook"] = Field(
        default="folder", description="how approved purchase orders reach their suppliers"
    )
    formats: Annotated[tuple[Format, ...], BeforeValidator(parts)] = Field(
        default=("pdf", "csv", "json"), description="files per order in the folder"
    )
    folder: Path | None = Field(
        default=None,
        description="where approved purchase orders are written; default: outgoing in home",
    )
    attempts: Annotated[int, Field(ge=1, le=100)] = Field(
        default=8, description="deliveries tried before a message waits for a person"
    )
