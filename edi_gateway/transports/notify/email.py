"""E-mail over SMTP (RFC 5321): encrypted before a password is sent, and known to have left only when the server said so."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from edi_gateway.clock import Clock
from edi_gateway.errors import GatewayError, NeedsPerson, TryAgain, Uncertain, WrongInput
from edi_gateway.trading.alerts import EmailChannel, Mail
from edi_gateway.trading.secrets import FromVault, resolve
from edi_gateway.transports.notify.base import Message

_LONGEST_SUBJECT = 200


class Mailer:
    """Sends messages by one mail server, a connection each."""

    def __init__(self, mail: Mail, clock: Clock, vault: FromVault | None = None, trust: ssl.SSLContext | None = None) -> None:
        self._mail, self._clock, self._vault = mail, clock, vault
        self._trust = trust or ssl.create_default_context()
        self._where = f"mail server {mail.server}:{mail.port}"

    def send(self, channel: EmailChannel, message: Message) -> None:
        """Hands one mail for all addresses of a channel to the server; raises as ``Carry`` says.

        Where the server takes it for some addresses and not for others it counts as told.
        """
        with self._connected() as server:
            self._begin(server, channel)
            self._hand_over(server, self._written(channel, message))

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        try:
            server = self._connect()
        except ssl.SSLCertVerificationError as error:
            raise NeedsPerson(f"its certificate is not trusted: {error.verify_message}", where=self._where) from None
        except smtplib.SMTPException as error:
            raise self._said(error) from None
        except OSError as error:
            raise TryAgain(f"cannot be reached: {error}", where=self._where) from None
        try:
            yield server
        finally:
            server.close()

    def _connect(self) -> smtplib.SMTP:
        mail, seconds = self._mail, self._mail.timeout.total_seconds()
        if mail.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(mail.server, mail.port, timeout=seconds, context=self._trust)
        else:
            server = smtplib.SMTP(mail.server, mail.port, timeout=seconds)
        try:
            if mail.security == "starttls":
                server.starttls(context=self._trust)
            if mail.user and mail.password is not None:
                password = resolve(mail.password, "alerts.yaml, mail, password", vault=self._vault)
                server.login(mail.user, password.get_secret_value())
        except BaseException:
            server.close()
            raise
        return server

    def _begin(self, server: smtplib.SMTP, channel: EmailChannel) -> None:
        """Names sender and receivers; nothing has been told yet."""
        try:
            server.ehlo_or_helo_if_needed()
            self._expect(server.mail(self._mail.sender))
            answers = [server.rcpt(address) for address in channel.to]
        except smtplib.SMTPException as error:
            raise self._said(error) from None
        except OSError as error:
            raise TryAgain(f"went away: {error}", where=self._where) from None
        if all(code >= 400 for code, _ in answers):
            self._expect(answers[0])

    def _hand_over(self, server: smtplib.SMTP, text: bytes) -> None:
        try:
            self._expect(server.data(text))
        except smtplib.SMTPResponseException as error:
            raise self._said(error) from None
        except (smtplib.SMTPException, OSError) as error:
            raise Uncertain(f"went away before it said that it has the mail: {error}", where=self._where) from None

    def _written(self, channel: EmailChannel, message: Message) -> bytes:
        mail = EmailMessage()
        mail["From"], mail["To"] = self._mail.sender, ", ".join(channel.to)
        mail["Subject"] = " ".join(message.subject.split())[:_LONGEST_SUBJECT]
        mail["Date"] = format_datetime(self._clock.now())
        mail["Message-ID"] = f"<{message.key}@{self._mail.sender.partition('@')[2]}>"
        mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: so that nobody's absence answers it
        mail.set_content(message.text)
        return mail.as_bytes(policy=SMTP)

    def _expect(self, answer: tuple[int, bytes]) -> None:
        code, said = answer
        if code >= 400:
            raise self._refusal(code, said)

    def _said(self, error: smtplib.SMTPException) -> GatewayError:
        if isinstance(error, smtplib.SMTPResponseException):
            return self._refusal(error.smtp_code, error.smtp_error)
        if isinstance(error, smtplib.SMTPNotSupportedError):
            return WrongInput(f"cannot do what alerts.yaml asks for: {error}", where=self._where, do="see mail: security, user")
        return TryAgain(str(error), where=self._where)

    def _refusal(self, code: int, said: bytes | str) -> GatewayError:
        """4xx passes, 5xx does not (RFC 5321 §4.2.1)."""
        text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
        what = f"answered {code} {' '.join(text.split())[:300]}"
        return TryAgain(what, where=self._where) if code < 500 else WrongInput(what, where=self._where)
