"""Alerts leave by a real mail server and a real web server, and what went wrong is sorted by whether it may have arrived."""

from __future__ import annotations

import logging
import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import msgspec
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from edi_gateway.clock import MovableClock
from edi_gateway.errors import GatewayError, NeedsPerson, TryAgain, Uncertain, WrongInput
from edi_gateway.trading.alerts import Alerts, EmailChannel, Mail, SlackChannel, WebhookChannel
from edi_gateway.trading.secrets import SecretReference
from edi_gateway.transports.notify.base import Message
from edi_gateway.transports.notify.carry import carrier
from edi_gateway.transports.notify.email import Mailer
from edi_gateway.transports.notify.webhook import Poster

DESK = EmailChannel(name="desk", kind="email", to=("edi@example.com", "ann@example.com"))
MESSAGE = Message(
    "edi-gateway.alert.1.1", "[urgent] dead-flow: naïve", "It died.\n.\nTwice — really.\n", {"id": 1, "level": "urgent"}
)
SECRETS = {"mail": "correct horse", "hook": "T0/B1/xyz"}


class Inbox:
    """Takes mail; ``answers`` is what it says at the end of DATA."""

    def __init__(self) -> None:
        self.mails: list[Any] = []
        self.tls: list[bool] = []
        self.answers = "250 taken"
        self.refuses: tuple[str, ...] = ()

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if address in self.refuses:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.answers == "goes away":
            server.transport.abort()
            return "250 nobody hears this"
        if self.answers.startswith("250"):
            self.mails.append((envelope.rcpt_tos, message_from_bytes(envelope.content, policy=default)))
            self.tls.append(session.ssl is not None)
        return self.answers


def logs_in(_server: Any, _session: Any, _envelope: Any, mechanism: str, data: Any) -> AuthResult:
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (b"gateway", b"correct horse")
    return AuthResult(success=right, handled=False)


class Certified:
    """A certificate for localhost, and contexts for both sides."""

    def __init__(self, folder: Path) -> None:
        key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
        made = (
            x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
            .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
            .not_valid_after(datetime(2099, 1, 1, tzinfo=UTC))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .sign(key, hashes.SHA256())
        )
        pem = made.public_bytes(serialization.Encoding.PEM)
        private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        (folder / "both.pem").write_bytes(private + pem)
        self.server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.server.load_cert_chain(folder / "both.pem")
        self.client = ssl.create_default_context(cadata=pem.decode())


@pytest.fixture(scope="module")
def certified(tmp_path_factory: pytest.TempPathFactory) -> Certified:
    return Certified(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


class _Server(Controller):
    """A mail server on a free port."""

    def __init__(self, inbox: Inbox, **more: Any) -> None:
        super().__init__(inbox, hostname="127.0.0.1", port=0, **more)

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        if self.ssl_context is None:
            super()._trigger_server()


@pytest.fixture(autouse=True)
def silent_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mail server says nothing of clients that turn away from it, as some of ours do on purpose."""
    monkeypatch.setattr(logging.getLogger("mail.log"), "disabled", True)


@pytest.fixture
def plain_server(inbox: Inbox) -> Iterator[Controller]:
    server = _Server(inbox)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def tls_server(inbox: Inbox, certified: Certified) -> Iterator[Controller]:
    server = _Server(inbox, tls_context=certified.server, require_starttls=True, auth_required=True, authenticator=logs_in)
    server.start()
    yield server
    server.stop()


def mailer(port: int, trust: ssl.SSLContext | None = None, **more: Any) -> Mailer:
    words = {"server": "localhost", "port": port, "security": "none", "sender": "gateway@example.com", "timeout": "5s", **more}
    return Mailer(Mail.model_validate(words), MovableClock(), SECRETS.get, trust)


LOGIN = {"security": "starttls", "user": "gateway", "password": "vault:mail"}


# -- e-mail --------------------------------------------------------------------------------------


def test_mail_arrives_as_it_was_written(inbox: Inbox, plain_server: Controller):
    mailer(plain_server.port).send(DESK, MESSAGE)
    [(receivers, mail)] = inbox.mails
    assert receivers == ["edi@example.com", "ann@example.com"]
    assert (mail["From"], mail["To"], mail["Subject"]) == (
        "gateway@example.com",
        "edi@example.com, ann@example.com",
        MESSAGE.subject,
    )
    assert mail["Message-ID"] == "<edi-gateway.alert.1.1@example.com>"
    assert mail["Date"] == "Mon, 05 Jan 2026 14:00:00 +0000"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content().replace("\r\n", "\n") == MESSAGE.text


def test_the_password_goes_only_over_an_encrypted_connection_to_a_server_that_is_trusted(
    inbox: Inbox, tls_server: Controller, certified: Certified
):
    mailer(tls_server.port, certified.client, **LOGIN).send(DESK, MESSAGE)
    assert inbox.tls == [True]
    with pytest.raises(NeedsPerson, match="certificate is not trusted"):
        mailer(tls_server.port, **LOGIN).send(DESK, MESSAGE)
    assert len(inbox.mails) == 1


def test_a_server_that_cannot_encrypt_gets_neither_password_nor_mail(inbox: Inbox, plain_server: Controller):
    with pytest.raises(WrongInput, match="STARTTLS"):
        mailer(plain_server.port, **LOGIN).send(DESK, MESSAGE)
    assert inbox.mails == []


def test_a_wrong_password_is_told_without_showing_it(tls_server: Controller, certified: Certified):
    wrong = Mailer(
        Mail.model_validate({"server": "localhost", "port": tls_server.port, "sender": "g@example.com", **LOGIN}),
        MovableClock(),
        lambda _: "battery staple",
        certified.client,
    )
    with pytest.raises(WrongInput, match="535") as error:
        wrong.send(DESK, MESSAGE)
    assert "battery" not in str(error.value)


def test_a_secret_that_is_not_there_is_named(tls_server: Controller, certified: Certified):
    with pytest.raises(WrongInput, match="the vault holds no secret called nowhere"):
        mailer(tls_server.port, certified.client, **{**LOGIN, "password": "vault:nowhere"}).send(DESK, MESSAGE)


@pytest.mark.parametrize(
    ("answers", "becomes"),
    [("451 try later", TryAgain), ("554 no thanks", WrongInput), ("goes away", Uncertain)],
)
def test_what_the_server_says_at_the_end_decides(
    inbox: Inbox, plain_server: Controller, answers: str, becomes: type[GatewayError]
):
    inbox.answers = answers
    with pytest.raises(becomes) as raised:
        mailer(plain_server.port).send(DESK, MESSAGE)
    assert raised.type is becomes


def test_one_address_that_is_refused_does_not_keep_the_others_from_being_told(inbox: Inbox, plain_server: Controller):
    inbox.refuses = ("edi@example.com",)
    mailer(plain_server.port).send(DESK, MESSAGE)
    assert inbox.mails[0][0] == ["ann@example.com"]
    inbox.refuses = DESK.to
    with pytest.raises(WrongInput, match="550 no such mailbox"):
        mailer(plain_server.port).send(DESK, MESSAGE)


def test_a_server_that_is_not_there_is_tried_again():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and does not listen
        with pytest.raises(TryAgain, match="cannot be reached"):
            mailer(taken.getsockname()[1]).send(DESK, MESSAGE)


# -- webhooks ------------------------------------------------------------------------------------


class Hook:
    """A web server that keeps what is posted and answers ``status``; 0: it goes away without an answer."""

    def __init__(self) -> None:
        self.status, self.posts = 200, []
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                hook.posts.append((self.path, dict(self.headers), msgspec.json.decode(body)))
                if hook.status:
                    self.send_response(hook.status)
                    self.end_headers()
                    self.wfile.write(b"said so")

            def log_message(self, *_: object) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()


@pytest.fixture
def hook() -> Iterator[Hook]:
    running = Hook()
    yield running
    running.server.shutdown()
    running.server.server_close()


def monitor(url: str) -> WebhookChannel:
    headers = {"X-Token": SecretReference(at="vault:mail")}
    return WebhookChannel(name="monitor", kind="webhook", url=f"{url}/alerts", headers=headers)


def test_a_program_is_sent_the_facts_with_a_key_that_stays_the_same(hook: Hook):
    Poster(SECRETS.get).to_program(monitor(hook.url), MESSAGE)
    [(path, headers, body)] = hook.posts
    assert (path, body) == ("/alerts", {"id": 1, "level": "urgent"})
    assert (headers["Idempotency-Key"], headers["X-Token"]) == (MESSAGE.key, "correct horse")
    assert headers["Content-Type"] == "application/json"


def test_a_chat_room_is_sent_text_in_which_nothing_calls_everybody(hook: Hook):
    chat = SlackChannel(name="chat", kind="slack", url=SecretReference(at="vault:hook"))
    Poster({"hook": f"{hook.url}/T0/B1/xyz"}.get).to_chat(chat, MESSAGE._replace(text="<!channel> & co\n"))
    [(path, _, body)] = hook.posts
    assert (path, body) == ("/T0/B1/xyz", {"text": "*[urgent] dead-flow: naïve*\n&lt;!channel&gt; &amp; co\n"})


@pytest.mark.parametrize(
    ("status", "becomes"), [(503, TryAgain), (429, TryAgain), (404, WrongInput), (302, WrongInput), (0, Uncertain)]
)
def test_what_the_web_server_answers_decides(hook: Hook, status: int, becomes: type[GatewayError]):
    hook.status = status
    with pytest.raises(becomes) as raised:
        Poster(SECRETS.get).to_program(monitor(hook.url), MESSAGE)
    assert raised.type is becomes
    assert len(hook.posts) == 1


def test_an_address_that_is_a_secret_is_never_shown():
    chat = SlackChannel(name="chat", kind="slack", url=SecretReference(at="vault:hook"))
    for address in ("http://127.0.0.1:9/T0/B1/xyz", "T0/B1/xyz", "http://127.0.0.1:x/T0/B1/xyz"):
        with pytest.raises(GatewayError) as error:
            Poster({"hook": address}.get).to_chat(chat, MESSAGE)
        assert "xyz" not in str(error.value)


# -- which way -----------------------------------------------------------------------------------


def test_every_kind_of_channel_goes_its_way(inbox: Inbox, plain_server: Controller, hook: Hook):
    terms = Alerts.model_validate(
        {
            "mail": {"server": "localhost", "port": plain_server.port, "security": "none", "sender": "gateway@example.com"},
            "channels": [
                {"name": "desk", "kind": "email", "to": ["edi@example.com"]},
                {"name": "monitor", "kind": "webhook", "url": hook.url},
                {"name": "chat", "kind": "slack", "url": "vault:hook"},
            ],
        }
    )
    carry = carrier(terms, MovableClock(), {"hook": hook.url}.get)
    for channel in terms.channels:
        carry(channel, MESSAGE)
    assert len(inbox.mails) == 1
    assert len(hook.posts) == 2
