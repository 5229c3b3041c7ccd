"""Wire a company to its agent: the model of the settings, the checkpoints, the tools."""

from collections.abc import Generator
from contextlib import contextmanager

from agent.bootstrap import Company
from agent.checkpoints import Checkpoints, open_checkpoints
from agent.llm.offline.model import OfflineModel
from agent.llm.port import ChatModel
from agent.turns import Assistant
from engine.errors import BadSettings
from engine.service.reading import latest_run
from tools.names import Names, names_of


@contextmanager
def open_assistant(company: Company) -> Generator[Assistant, None, None]:
    """The agent of a company, for as long as the block lasts; heavy parts open on first use."""
    checkpoints = Checkpoints(
        lambda: open_checkpoints(company.stores.database, company.settings.home_folder)
    )
    try:
        yield Assistant(
            company=company,
            model=chat_model(company),
            checkpoints=checkpoints,
            locale=company.settings.terminal.locale,
        )
    finally:
        checkpoints.close()


def chat_model(company: Company) -> ChatModel:
    """The model the settings name. Without a key it is the offline one only if they say so."""
    settings = company.settings.model
    if settings.provider == "offline":
        return OfflineModel(names=lambda: _current_names(company))
    if settings.api_key is None and settings.base_url is None:
        raise BadSettings(
            "model.provider is 'openai', but neither model.api_key nor model.base_url is set. Set "
            "QM_MODEL_API_KEY, or model.provider to 'offline'."
        )
    from agent.llm.openai.model import OpenAiModel

    return OpenAiModel.from_settings(settings)


def _current_names(company: Company) -> Names:
    return names_of(company.stores, latest_run(company.stores))
