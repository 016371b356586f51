"""Calling a partner's server: who it is is verified, nothing is followed, and what went wrong is told for a person to act."""

from __future__ import annotations

import ipaddress
import ssl
import threading
from collections.abc import Callable
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from pathlib import Path

import pytest
from as2_parties import NOW, key_pair
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from edi_gateway.errors import GatewayError, NeedsPerson, TryAgain, WrongInput
from edi_gateway.transports.as2.client import LARGEST_ANSWER, Client, HttpTerms
from edi_gateway.transports.as2.cms.keys import KeyPair


class Scripted:
    """An HTTP server that answers every post in one way, and remembers what it was asked."""

    def __init__(self, status: int = 200, body: bytes = b"", headers: dict[str, str] | None = None) -> None:
        self.requests: list[dict[str, str]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                outer.requests.append({name.lower(): value for name, value in self.headers.items()})
                self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(status)
                for name, value in (headers or {}).items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None: ...

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a client that goes away is no news
        self.port = self._server.server_address[1]

    def over(self, context: ssl.SSLContext) -> Scripted:
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        return self

    def __enter__(self) -> Scripted:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def post(url: str, terms: HttpTerms | None = None) -> bytes:
    client = Client(terms or HttpTerms(timeout=5, patience=5))
    try:
        return client.post(url, (("AS2-From", "ACME"),), BytesIO(b"x"), 1).body
    finally:
        client.close()


def pem(pair: KeyPair, *, key: bool = False) -> str:
    text = pair.certificate.public_bytes(Encoding.PEM)
    return (text + (pair.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) if key else b"")).decode()


def tls_pair(name: str) -> KeyPair:
    """A pair for a server at 127.0.0.1, or for a client."""
    made = key_pair(name)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(made.key.public_key())
    builder = builder.serial_number(1).not_valid_before(NOW - timedelta(days=3650)).not_valid_after(NOW + timedelta(days=3650))
    builder = builder.add_extension(address, critical=False)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    return KeyPair(made.key, builder.sign(made.key, hashes.SHA256()))


@pytest.fixture
def tls(tmp_path: Path) -> Callable[..., ssl.SSLContext]:
    def context(*, ask_client_for: KeyPair | None = None) -> ssl.SSLContext:
        file = tmp_path / "server.pem"
        file.write_text(pem(tls_pair("server"), key=True))
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.load_cert_chain(file)
        if ask_client_for:
            made.load_verify_locations(cadata=pem(ask_client_for))
            made.verify_mode = ssl.CERT_REQUIRED
        return made

    return context


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, NeedsPerson),
        (401, NeedsPerson),
        (404, NeedsPerson),
        (413, NeedsPerson),
        (302, NeedsPerson),
        (408, TryAgain),
        (429, TryAgain),
        (500, TryAgain),
        (503, TryAgain),
    ],
)
def test_what_a_status_means_for_us(status: int, error: type[GatewayError]) -> None:
    with Scripted(status, b"because\n") as server, pytest.raises(error, match=f"{status}.*because"):
        post(f"http://127.0.0.1:{server.port}/as2")


def test_a_redirect_is_not_followed_and_its_address_is_told() -> None:
    with Scripted() as elsewhere:
        to = f"http://127.0.0.1:{elsewhere.port}/"
        with Scripted(307, b"", {"Location": to}) as server, pytest.raises(NeedsPerson, match=to):
            post(f"http://127.0.0.1:{server.port}/as2")
    assert elsewhere.requests == []


def test_nobody_there() -> None:
    with Scripted() as server:
        port = server.port
    with pytest.raises(TryAgain, match="could not connect"):
        post(f"http://127.0.0.1:{port}/as2")


def test_an_address_that_is_none() -> None:
    with pytest.raises(WrongInput, match="no address"):
        post("ftp://127.0.0.1/as2")


def test_an_answer_larger_than_any_receipt() -> None:
    with Scripted(200, bytes(LARGEST_ANSWER + 1)) as server, pytest.raises(NeedsPerson, match="larger than"):
        post(f"http://127.0.0.1:{server.port}/as2")


def test_a_login_is_sent_and_a_body_says_its_length() -> None:
    with Scripted() as server:
        post(f"http://127.0.0.1:{server.port}/as2", HttpTerms(login="us", password="geheim"))

    asked = server.requests[0]
    assert asked["authorization"] == "Basic dXM6Z2VoZWlt"
    assert asked["content-length"] == "1"
    assert "transfer-encoding" not in asked


def test_secrets_are_not_shown() -> None:
    assert "geheim" not in repr(HttpTerms(login="us", password="geheim", client_certificate="geheim"))
    assert "key=…" in repr(key_pair("ACME"))


def test_a_server_nobody_vouches_for_is_not_trusted(tls: Callable[..., ssl.SSLContext]) -> None:
    with Scripted().over(tls()) as server, pytest.raises(NeedsPerson, match="not to be trusted"):
        post(f"https://127.0.0.1:{server.port}/as2")
    assert server.requests == []


def test_a_server_is_trusted_by_the_authority_the_connection_names(tls: Callable[..., ssl.SSLContext]) -> None:
    with Scripted(200, b"fine").over(tls()) as server:
        assert post(f"https://127.0.0.1:{server.port}/as2", HttpTerms(authority=pem(tls_pair("server")))) == b"fine"


def test_a_certificate_for_another_name_is_not_trusted(tls: Callable[..., ssl.SSLContext]) -> None:
    with Scripted().over(tls()) as server, pytest.raises(NeedsPerson, match="not to be trusted"):
        post(f"https://localhost:{server.port}/as2", HttpTerms(authority=pem(tls_pair("server"))))


def test_we_show_a_certificate_where_one_is_asked_for(tls: Callable[..., ssl.SSLContext]) -> None:
    ours = tls_pair("client")
    with Scripted(200, b"fine").over(tls(ask_client_for=ours)) as server:
        url, authority = f"https://127.0.0.1:{server.port}/as2", pem(tls_pair("server"))
        assert post(url, HttpTerms(authority=authority, client_certificate=pem(ours, key=True))) == b"fine"
        with pytest.raises(TryAgain):
            post(url, HttpTerms(authority=authority))


def test_a_certificate_for_tls_that_is_none() -> None:
    with pytest.raises(WrongInput, match="cannot be read"):
        Client(HttpTerms(client_certificate="nothing of the kind"))
