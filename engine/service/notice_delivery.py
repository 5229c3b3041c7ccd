"""How a message to a customer leaves: by email, or to the shop's system as signed JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import sqlalchemy as sa

from engine.connect.contacts import Contact, find_contact
from engine.connect.notice_mail import notice_mail
from engine.connect.order_mail import Sender
from engine.connect.smtp import MailServer, NotAccepted, Refused
from engine.connect.webhook import Webhook
from engine.errors import BadSettings, InvalidInput
from engine.kernels.columns import optional_texts, texts
from engine.model.canonical import canonical_json
from engine.promise.letters import LETTERS, Letter, LetterLine, Phrases, letter
from engine.service.company import company_profile, local_day
from engine.service.delivery import NotSent, Undeliverable, Void
from engine.service.notice_sending import take_back
from engine.service.outbox import Message
from engine.service.stores import Stores
from engine.store.snapshots import load_snapshot
from engine.store.tables.storefront import contact_opt_outs, customer_notices

# Waits grow to an hour: enough that a receiver may be away for a day and a half.
PATIENCE = 40


@dataclass(frozen=True, kw_only=True)
class _NoticeRoute:
    """What both ways have in common; `locale` is of customers who state none."""

    locale: str
    phrases: Mapping[str, Phrases] = field(default_factory=lambda: LETTERS, repr=False)
    is_repeatable: bool = False  # nobody is told twice without a person
    attempts: int = PATIENCE

    def settle(self, work: sa.Connection, message: Message, receipt: str, now: datetime) -> None:
        del receipt, now
        _become(work, message, "sent")

    def doubt(self, work: sa.Connection, message: Message, now: datetime) -> None:
        del now
        _become(work, message, "unconfirmed")

    def lost(self, work: sa.Connection, message: Message, now: datetime) -> None:
        del now
        row = _row(work, message)
        gone = sa.select(contact_opt_outs).where(contact_opt_outs.c.contact_ref == row.contact_ref)
        if work.execute(gone).first() is None:
            _become(work, message, "failed")
            return
        # They were told nothing, so the window they know is still the one before.
        take_back(work, row.lines)
        _become(work, message, "opted_out")


@dataclass(frozen=True, kw_only=True)
class NoticeByMail(_NoticeRoute):
    """The address is looked up in the shop's own file at this moment."""

    server: MailServer
    sender: Sender
    contacts: Path

    def hand_over(self, stores: Stores, message: Message, now: datetime) -> str:
        row = wanted_notice(stores, message)
        try:
            contact = find_contact(self.contacts, row.contact_ref)
            if contact is None:
                raise Undeliverable(
                    f"{row.contact_ref} is not in {self.contacts.name}; add a row with an email, "
                    f"then: qm messages send {row.id}"
                )
            written = self._letter(stores, row, contact, now)
            mail = notice_mail(
                subject=written.subject, text=written.text, sender=self.sender,
                to=contact.email, key=message.key, at=row.decided_at,
            )  # fmt: skip
            return self.server.hand_over(self.sender.address, (contact.email,), mail)
        except (InvalidInput, BadSettings, Refused) as error:
            raise Undeliverable(_without_address(error, row.contact_ref)) from error
        except NotAccepted as error:
            raise NotSent(_without_address(error, row.contact_ref)) from error

    def _letter(self, stores: Stores, row: sa.Row[Any], contact: Contact, now: datetime) -> Letter:
        return notice_letter(stores, row, contact.locale or self.locale, self.phrases, now)


@dataclass(frozen=True, kw_only=True)
class NoticeToWebhook(_NoticeRoute):
    """Posts the message with the reference; whose it is, the shop's system knows."""

    webhook: Webhook

    def hand_over(self, stores: Stores, message: Message, now: datetime) -> str:
        row = wanted_notice(stores, message)
        written = notice_letter(stores, row, self.locale, self.phrases, now)
        told = {
            "type": "promise.moved", "notice": row.id, "contact_ref": row.contact_ref,
            "direction": row.direction, "apology": row.apology, "lines": row.lines,
            "subject": written.subject, "text": written.text,
        }  # fmt: skip
        try:
            body = canonical_json(told).encode()
            return self.webhook.post(body, key=message.key, now=now)
        except Refused as error:
            raise Undeliverable(str(error)) from error
        except NotAccepted as error:
            raise NotSent(str(error)) from error


def wanted_notice(stores: Stores, message: Message) -> sa.Row[Any]:
    """The notice; raises Void when it must not leave any more."""
    with stores.database.read() as look:
        row = _row(look, message)
        gone = sa.select(contact_opt_outs).where(contact_opt_outs.c.contact_ref == row.contact_ref)
        if look.execute(gone).first() is not None:
            raise Void(f"{row.contact_ref} wants no messages.")
    if row.state != "queued":
        raise Void(f"Message {row.id} is {row.state!r}.")
    return row


def notice_letter(
    stores: Stores,
    row: sa.Row[Any],
    locale: str,
    phrases: Mapping[str, Phrases],
    now: datetime,
) -> Letter:
    """What the customer reads, with items by the names that the data gives them."""
    snapshot = load_snapshot(stores.database, stores.blobs)
    names = _names(snapshot["items"], "sku")
    places = _names(snapshot["locations"], "location")
    with stores.database.read() as look:
        company = company_profile(look)
        today = local_day(look, now)
    lines = [_letter_line(line, names, places) for line in row.lines]
    return letter(
        lines, direction=row.direction, apology=row.apology, locale=locale, phrases=phrases,
        company=company.name if company else "", today=today,
    )  # fmt: skip


def _names(table: pd.DataFrame, key: str) -> dict[str, str]:
    """What people call each; what has no name is left out."""
    pairs = zip(texts(table, key), optional_texts(table, "name"), strict=True)
    return {code: name for code, name in pairs if name}


def _letter_line(
    line: Mapping[str, Any], names: Mapping[str, str], places: Mapping[str, str]
) -> LetterLine:
    alternatives = [
        f"{names.get(each['sku'], each['sku'])} ({places.get(each['location'], each['location'])})"
        for each in line["alternatives"]
    ]
    return LetterLine(
        order_line=line["order_line"], item=names.get(line["sku"], line["sku"]),
        units=line["units"], window=_days(line["after"]), before=_days(line["before"]),
        alternatives=tuple(dict.fromkeys(alternatives)),
    )  # fmt: skip


def _days(window: list[str] | None) -> tuple[date, date] | None:
    return (
        None if window is None else (date.fromisoformat(window[0]), date.fromisoformat(window[1]))
    )


def _without_address(error: Exception, contact_ref: str) -> str:
    """Servers repeat the address in their refusals; the reference is enough to find the row."""
    told = " ".join(word for word in str(error).split() if "@" not in word)
    return f"{contact_ref}: {told}"


def _row(look: sa.Connection, message: Message) -> sa.Row[Any]:
    number = int(message.payload["notice"])
    return look.execute(sa.select(customer_notices).where(customer_notices.c.id == number)).one()


def _become(work: sa.Connection, message: Message, state: str) -> None:
    table, number = customer_notices, int(message.payload["notice"])
    work.execute(sa.update(table).where(table.c.id == number).values(state=state))
