"""The language model: who answers, where it is served, what it may cost."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, SecretStr

from agent.section import Seconds, Section, parts

LanguageCode = Literal["en", "de", "fr", "es", "it", "nl", "pt", "pl", "sv", "da"]
Sent = Literal["figures", "names"]
Count = Annotated[int, Field(ge=1)]
Price = Annotated[float, Field(ge=0)]


class ModelSettings(Section):
    provider: Literal["offline", "openai"] = Field(
        default="offline", description="who understands the questions"
    )
    name: str = Field(default="gpt-5-mini", description="model name at an OpenAI-compatible server")
    base_url: str | None = Field(default=None, description="server address; default: OpenAI's")
    api_key: SecretStr | None = Field(default=None, description="key of the model server")
    timeout_seconds: Seconds = Field(default=60.0, description="how long to wait for one reply")
    stream: bool = Field(
        default=True, description="receive a reply piece by piece; off for a server that cannot"
    )
    strict_schemas: bool = Field(
        default=True,
        description="have the server hold calls to their schema; off for one that cannot",
    )
    languages: Annotated[tuple[LanguageCode, ...], BeforeValidator(parts), Field(min_length=1)] = (
        Field(
            default=("en",),
            description="what a served model may answer in: en, de, fr, es, it, nl, pt, pl, sv, da",
        )
    )
    sends: Annotated[tuple[Sent, ...], BeforeValidator(parts)] = Field(
        default=("figures", "names"),
        description="what of the results a model server is told: figures (amounts, units, dates), "
        "names (of items, suppliers, places); people's and customers' contacts never are",
    )
    turns_per_person: Count | None = Field(
        default=None, description="questions of one person in 24 hours; default: no limit"
    )
    tokens_per_person: Count | None = Field(
        default=None, description="tokens of one person in 24 hours; default: no limit"
    )
    cost_per_day: Price | None = Field(
        default=None,
        description="what all turns of 24 hours may cost, in the currency of the two prices",
    )
    input_price: Price = Field(default=0.0, description="price of a million tokens read")
    output_price: Price = Field(default=0.0, description="price of a million tokens written")
