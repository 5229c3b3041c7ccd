"""How messages to customers leave, as the settings and the promise policy say."""

from collections.abc import Mapping
from typing import cast

import yaml

from agent.bootstrap import Company
from agent.promising import PromiseSettings, promise_policy
from agent.sections import Settings
from engine.connect.order_mail import Sender
from engine.connect.smtp import MailServer
from engine.connect.webhook import Webhook
from engine.errors import BadSettings, InvalidInput
from engine.promise.letters import LETTERS, Phrases, with_own_phrases
from engine.service.delivery import Route
from engine.service.notice_delivery import NoticeByMail, NoticeToWebhook


def notice_route(company: Company) -> Route | None:
    """None where the settings name no way; raises BadSettings for half a way."""
    settings = company.settings
    promises = settings.promises
    locale = promises.locale or settings.terminal.locale
    if promise_policy(promises).messages.carrier == "webhook":
        if promises.webhook_url is None:
            return None
        if promises.webhook_secret is None:
            raise BadSettings("promises.webhook_url is set; set promises.webhook_secret, too.")
        hook = Webhook(
            url=promises.webhook_url.get_secret_value(),
            secret=promises.webhook_secret.get_secret_value(),
            timeout_seconds=settings.webhook.timeout_seconds,
        )
        return NoticeToWebhook(locale=locale, phrases=letters(promises), webhook=hook)
    if promises.contacts is None or not settings.mail.host or not settings.mail.sender:
        return None
    name = settings.letterhead.name
    return NoticeByMail(
        locale=locale, phrases=letters(promises), server=mail_server(settings),
        sender=Sender(address=settings.mail.sender, name=name), contacts=promises.contacts,
    )  # fmt: skip


def require_notice_route(company: Company) -> Route:
    """Raises BadSettings, saying what is missing, where messages could not leave."""
    route = notice_route(company)
    if route is None:
        raise BadSettings(
            "Messages to customers have no way out: set promises.contacts, mail.host and "
            "mail.sender; or, with carrier: webhook in the promise policy, promises.webhook_url "
            "and promises.webhook_secret."
        )
    return route


def letters(promises: PromiseSettings) -> Mapping[str, Phrases]:
    """Our phrases, or the shop's own in their place."""
    if promises.letters is None:
        return LETTERS
    name = promises.letters.name
    try:
        written: object = yaml.safe_load(promises.letters.read_text(encoding="utf-8"))
        languages = cast("dict[str, dict[str, str]]", written)
        own = {str(k): {str(n): str(t) for n, t in v.items()} for k, v in languages.items()}
        return with_own_phrases(own)
    except (OSError, UnicodeDecodeError, yaml.YAMLError, AttributeError) as error:
        raise BadSettings(
            f"The letters {name} cannot be read: {error}. Write a language, below it its phrases."
        ) from None
    except InvalidInput as error:
        raise BadSettings(f"The letters {name}: {error}") from None


def mail_server(settings: Settings) -> MailServer:
    mail = settings.mail
    if not mail.host:
        raise BadSettings("outbox.deliver is email, but mail.host names no server.")
    password = mail.password.get_secret_value() if mail.password else ""
    return MailServer(
        host=mail.host, port=mail.port, security=mail.security, user=mail.user,
        password=password, timeout_seconds=mail.timeout_seconds,
    )  # fmt: skip
