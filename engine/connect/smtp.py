"""Hands a message to a mail server, and tells for certain what did not leave.

Until the end of the text has been sent nothing has been accepted, so every failure before it is
`NotAccepted` and safe to try again. From there on only the server's answer tells: without one
nobody knows, and the error that comes out is left as it is.
"""

import smtplib
import ssl
from dataclasses import dataclass
from typing import Literal

from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from engine.errors import PlanningError

Security = Literal["starttls", "tls", "none"]
GO_AHEAD, ACCEPTED = 354, range(200, 300)
PERMANENT = range(500, 600)


class NotAccepted(PlanningError):  # noqa: N818  a statement, as in engine.errors
    """The server certainly has no message from us; trying again later is safe."""


class Refused(NotAccepted):
    """The server will not take it, now or later: the address or the login is wrong."""


@dataclass(frozen=True, kw_only=True)
class MailServer:
    host: str
    port: int
    security: Security
    user: str = ""
    password: str = ""
    timeout_seconds: float = 30.0

    def hand_over(self, sender: str, to: tuple[str, ...], message: bytes) -> str:
        """Send it to everyone in `to` or to nobody, and return the server's answer.

        Raises NotAccepted or Refused when it certainly did not leave; any other error leaves open
        whether it did.
        """
        with self._session() as session:
            _announce(session, sender, to)
            _begin_text(session)
            # From here on only an answer tells.
            session.send(_framed(message))
            code, text = session.getreply()
        answer = text.decode("utf-8", "replace")
        if code not in ACCEPTED:
            raise (Refused if code in PERMANENT else NotAccepted)(f"{code} {answer}")
        return f"{code} {answer}"

    def check(self) -> str:
        """Connect and log in without sending; the server's greeting, for `qm doctor`."""
        with self._session() as session:
            return (session.ehlo_resp or session.helo_resp or b"").decode("utf-8", "replace")

    def _session(self) -> "_Session":
        """A connection, tried three times: nothing has been said yet that could be doubled."""
        tries = Retrying(
            stop=stop_after_attempt(3),
            wait=wait_random_exponential(multiplier=0.2, max=2.0),
            retry=retry_if_exception_type((OSError, smtplib.SMTPServerDisconnected)),
            reraise=True,
        )
        try:
            return tries(self._connected)
        except smtplib.SMTPAuthenticationError as error:
            raise Refused(f"{self.host} refused the login: {_told(error)}") from error
        except (OSError, smtplib.SMTPException) as error:
            raise NotAccepted(f"{self.host}:{self.port} cannot be reached: {error}") from error

    def _connected(self) -> "_Session":
        context = ssl.create_default_context()
        session: _Session = (
            _SessionOverTls(self.host, self.port, timeout=self.timeout_seconds, context=context)
            if self.security == "tls"
            else _Session(self.host, self.port, timeout=self.timeout_seconds)
        )
        try:
            session.ehlo_or_helo_if_needed()
            if self.security == "starttls":
                session.starttls(context=context)
                session.ehlo()
            if self.user:
                session.login(self.user, self.password)
        except BaseException:
            session.close()
            raise
        return session


class _Session(smtplib.SMTP):
    """Closes politely where it can; an answer already received stays an answer."""

    def __exit__(self, *_problem: object) -> None:
        try:
            self.quit()
        except (OSError, smtplib.SMTPException):
            self.close()


class _SessionOverTls(smtplib.SMTP_SSL, _Session):
    """The same, encrypted from the first byte."""


def _announce(session: smtplib.SMTP, sender: str, to: tuple[str, ...]) -> None:
    try:
        _require(session.mail(sender), f"sender {sender}")
        for address in to:
            _require(session.rcpt(address), f"recipient {address}")
    except (OSError, smtplib.SMTPException) as error:
        raise NotAccepted(f"The mail server broke off: {error}") from error


def _begin_text(session: smtplib.SMTP) -> None:
    try:
        code, text = session.docmd("DATA")
    except (OSError, smtplib.SMTPException) as error:
        raise NotAccepted(f"The mail server broke off: {error}") from error
    if code != GO_AHEAD:
        raise (Refused if code in PERMANENT else NotAccepted)(f"{code} {text!r}")


def _require(reply: tuple[int, bytes], what: str) -> None:
    code, text = reply
    if code not in ACCEPTED:
        told = f"The mail server does not take the {what}: {code} {text.decode('utf-8', 'replace')}"
        raise (Refused if code in PERMANENT else NotAccepted)(told)


def _framed(message: bytes) -> bytes:
    """CRLF line ends, dots at the start of a line doubled, and the dot that ends the text."""
    lines = message.replace(b"\r\n", b"\n").split(b"\n")
    stuffed = [b"." + line if line.startswith(b".") else line for line in lines]
    return b"\r\n".join(stuffed).removesuffix(b"\r\n") + b"\r\n.\r\n"


def _told(error: smtplib.SMTPResponseException) -> str:
    detail = error.smtp_error
    return detail.decode("utf-8", "replace") if isinstance(detail, bytes) else str(detail)
