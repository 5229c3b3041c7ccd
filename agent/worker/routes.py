"""How each kind of message leaves, as the settings say."""

from collections.abc import Mapping

from agent.bootstrap import Company
from agent.connecting import books
from agent.sections import Settings
from agent.worker.notice_route import mail_server, notice_route
from engine.connect.order_mail import Sender
from engine.connect.webhook import Webhook
from engine.errors import BadSettings
from engine.service.booking import BOOKS, ToBooks
from engine.service.delivery import Route
from engine.service.notice_sending import NOTICE
from engine.service.order_delivery import OrderByMail, OrderToFolder, OrderToWebhook
from engine.service.order_paper import Letterhead
from engine.service.order_steps import SEND


def routes_of(company: Company) -> Mapping[str, Route]:
    """Raises BadSettings when the chosen way lacks what it needs."""
    notice = notice_route(company)
    accounts = books(company.settings.books, company.settings.home_folder)
    return {SEND: _order_route(company)} | (
        ({NOTICE: notice} if notice else {})
        | ({BOOKS: ToBooks(books=accounts)} if accounts else {})
    )


def _order_route(company: Company) -> Route:
    settings, seal = company.settings, company.stores.seal
    head = letterhead(settings)
    if settings.outbox.deliver == "email":
        return OrderByMail(
            letterhead=head, seal=seal, server=mail_server(settings), sender=_sender(settings)
        )
    if settings.outbox.deliver == "webhook":
        return OrderToWebhook(letterhead=head, seal=seal, webhook=_webhook(settings))
    return OrderToFolder(
        letterhead=head, seal=seal, folder=settings.outgoing_folder,
        formats=settings.outbox.formats, edi_sender=settings.edi.sender,
        edi_is_test=settings.edi.test,
    )  # fmt: skip


def letterhead(settings: Settings) -> Letterhead:
    return Letterhead(**settings.letterhead.model_dump(), locale=settings.terminal.locale)


def _sender(settings: Settings) -> Sender:
    mail, head = settings.mail, settings.letterhead
    if not mail.sender:
        raise BadSettings("outbox.deliver is email, but mail.sender names no address.")
    return Sender(address=mail.sender, name=head.name, copy_to=mail.copy_to)


def _webhook(settings: Settings) -> Webhook:
    hook = settings.webhook
    if hook.url is None or hook.secret is None:
        raise BadSettings("outbox.deliver is webhook: set webhook.url and webhook.secret.")
    return Webhook(
        url=hook.url.get_secret_value(), secret=hook.secret.get_secret_value(),
        timeout_seconds=hook.timeout_seconds,
    )  # fmt: skip
