"""The settings choose how orders leave, and say what they lack."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from agent.sections import Settings
from agent.sending import MailSettings, OutboxSettings, WebhookSettings
from agent.worker.routes import routes_of
from engine.errors import BadSettings
from engine.service.order_delivery import OrderByMail, OrderToFolder, OrderToWebhook
from engine.service.order_steps import SEND
from engine.store.database import Database
from support.running import company_at

MAIL = MailSettings(host="smtp.example.com", sender="orders@fern.example")
HOOK = WebhookSettings(url=SecretStr("https://erp.example/orders"), secret=SecretStr("hush"))


def route(database: Database, home: Path, **settings: Any) -> object:
    company = company_at(database, home, settings=Settings(home=home, **settings))
    return routes_of(company)[SEND]


def test_orders_go_into_the_folder_unless_the_settings_say_otherwise(
    database: Database, tmp_path: Path
) -> None:
    assert isinstance(route(database, tmp_path), OrderToFolder)


def test_the_settings_choose_mail_or_a_webhook(database: Database, tmp_path: Path) -> None:
    by_mail = route(database, tmp_path, outbox=OutboxSettings(deliver="email"), mail=MAIL)
    assert isinstance(by_mail, OrderByMail)
    assert by_mail.server.port == 587
    posted = route(database, tmp_path, outbox=OutboxSettings(deliver="webhook"), webhook=HOOK)
    assert isinstance(posted, OrderToWebhook)
    assert "hush" not in repr(posted)


@pytest.mark.parametrize(("deliver", "lacks"), [("email", "mail.host"), ("webhook", "webhook.url")])
def test_a_way_that_lacks_its_settings_is_refused_by_name(
    database: Database, tmp_path: Path, deliver: str, lacks: str
) -> None:
    chosen = OutboxSettings.model_validate({"deliver": deliver})
    with pytest.raises(BadSettings, match=lacks):
        route(database, tmp_path, outbox=chosen)


def test_a_list_may_be_given_as_one_variable(tmp_path: Path) -> None:
    mail = MailSettings.model_validate({"copy_to": "a@b.example, c@d.example"})
    assert mail.copy_to == ("a@b.example", "c@d.example")
    assert OutboxSettings.model_validate({"formats": "pdf,x12"}).formats == ("pdf", "x12")
    assert Settings(home=tmp_path).outbox.formats == ("pdf", "csv", "json")
