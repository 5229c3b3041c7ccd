"""The model server, asked for what the agent needs of it; only on request, it costs tokens."""

from collections.abc import Iterator

from agent.health.check import Check, Verdict
from agent.model_settings import ModelSettings


def model_server_checks(settings: ModelSettings) -> Iterator[Check]:
    if settings.provider == "offline":
        yield _check("server", "ok", "the offline model needs no server")
        return
    from agent.llm.openai.probe import probe

    for found in probe(settings):
        yield _check(found.name, found.verdict, found.told, found.advice)


def _check(name: str, verdict: Verdict, finding: str, next_step: str = "") -> Check:
    return Check(
        area="connections", name=f"model {name}", verdict=verdict, finding=finding,
        next_step=next_step or None,
    )  # fmt: skip
