"""A purchase order as an email: a short letter, with the order as PDF and CSV beside it."""

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from babel.dates import format_date

from engine.connect.order_document import OrderDocument
from engine.connect.order_documents import order_csv
from engine.connect.order_pdf import order_pdf
from engine.connect.pdf_text import plain
from engine.errors import InvalidInput

LONGEST_NAME = 120


@dataclass(frozen=True, kw_only=True)
class Sender:
    """Who the mail is from, and who gets a copy."""

    address: str
    name: str
    copy_to: tuple[str, ...] = ()


def recipients(stated: str) -> tuple[str, ...]:
    """Addresses from a supplier's record, parted by commas or semicolons.

    Raises InvalidInput for what is no address, so that nothing is sent to a guess.
    """
    found = [part.strip() for part in stated.replace(";", ",").split(",") if part.strip()]
    if not found:
        raise InvalidInput(
            "The supplier has no email address. Add one to the column email of the suppliers "
            "and import again, or send the order by hand and say so with `qm outbox arrived`."
        )
    return tuple(_checked(address) for address in found)


def order_mail(document: OrderDocument, sender: Sender, to: tuple[str, ...], at: datetime) -> bytes:
    """The message as it goes over the line; the same order gives the same bytes.

    `at` is when the order was approved. The Message-ID derives from the revision, so a mail that
    comes twice is recognised as one.
    """
    message = EmailMessage()
    message["From"] = address_of(sender.address, sender.name)
    message["To"] = [address_of(address) for address in to]
    if sender.copy_to:
        message["Cc"] = [address_of(address) for address in sender.copy_to]
    buyer = plain(document.buyer.name, LONGEST_NAME)
    message["Subject"] = f"Purchase order {document.title} from {buyer}"
    message["Date"] = format_datetime(at)
    message["Message-ID"] = message_id(document, sender)
    message["X-Idempotency-Key"] = document.key
    message.set_content(_letter(document))
    name = document.file_name
    csv = order_csv(document)
    message.add_attachment(
        order_pdf(document), maintype="application", subtype="pdf", filename=f"{name}.pdf"
    )
    message.add_attachment(csv, maintype="text", subtype="csv", filename=f"{name}.csv")
    _same_boundary(message, document)
    return message.as_bytes()


def message_id(document: OrderDocument, sender: Sender) -> str:
    domain = sender.address.rpartition("@")[2]
    return f"<{document.file_name}.{document.digest[:24]}@{domain}>"


def _letter(document: OrderDocument) -> str:
    content = document.content
    wanted = format_date(content.requested_on, format="long", locale=document.locale)
    ordered = f"purchase order {document.title}: {len(content.lines)} lines, wanted by {wanted}"
    lines = [
        f"Dear {plain(document.supplier.name, LONGEST_NAME)},",
        "",
        f"Please find attached our {ordered}.",
    ]
    if document.revision > 1:
        lines.append(f"It replaces every earlier revision of {document.number}.")
    lines += [
        "",
        "Please reply to confirm quantities, prices and delivery dates.",
        "",
        plain(document.buyer.name, LONGEST_NAME),
    ]
    return "\n".join(lines) + "\n"


def _same_boundary(message: EmailMessage, document: OrderDocument) -> None:
    """Boundaries are random by default; ours derive from the revision."""
    message.set_boundary(f"=_{document.digest[:40]}")


def address_of(address: str, name: str = "") -> Address:
    return Address(display_name=plain(name, LONGEST_NAME), addr_spec=_checked(address))


def _checked(address: str) -> str:
    local, at, domain = address.rpartition("@")
    simple = address.isascii() and address.isprintable() and not set(address) & set(' <>(),;:"\\')
    if not (simple and at and local and "." in domain.strip(".")):
        raise InvalidInput(
            f"{address!r} is no email address; it should read like orders@supplier.com. Correct "
            "it in the suppliers table and import again."
        )
    return address
