"""A letter to a customer as an email; the same message gives the same bytes."""

from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

from engine.connect.order_mail import Sender, address_of
from engine.connect.pdf_text import plain

LONGEST_SUBJECT = 160


def notice_mail(
    *, subject: str, text: str, sender: Sender, to: str, key: str, at: datetime
) -> bytes:
    """As it goes over the line. The Message-ID derives from the key, so that a repeat is known.

    Raises InvalidInput for what is no address.
    """
    message = EmailMessage()
    message["From"] = address_of(sender.address, sender.name)
    message["To"] = address_of(to)
    message["Subject"] = plain(subject, LONGEST_SUBJECT)
    message["Date"] = format_datetime(at)
    domain = sender.address.rpartition("@")[2]
    message["Message-ID"] = f"<{key.replace(':', '-')}@{domain}>"
    message["X-Idempotency-Key"] = key
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    return message.as_bytes()
