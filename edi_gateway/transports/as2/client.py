"""Posts messages and receipts over HTTP: TLS is verified, nothing is followed elsewhere, answers are limited in size."""

from __future__ import annotations

import os
import ssl
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import BinaryIO, NamedTuple

import httpx
import msgspec

from edi_gateway.errors import GatewayError, NeedsPerson, TryAgain, Uncertain, WrongInput
from edi_gateway.transports.as2.mime.writing import Fields

LARGEST_ANSWER = 4 << 20  # bytes; a receipt is some kilobytes
_PIECE = 256 << 10
_NOT_TAKEN = frozenset({408, 425, 429, 503})  # they say that they have not begun with it
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)


class HttpTerms(msgspec.Struct, frozen=True, kw_only=True):
    """How a partner's server is called. ``authority``: PEM of who vouches for its certificate, empty for the usual ones.

    ``client_certificate``: PEM of ours with its key, where they ask for one. ``timeout``: seconds each step may take;
    ``patience``: seconds the answer may take, since a large message is opened before it is receipted.
    """

    login: str = ""
    password: str = ""
    authority: str = ""
    client_certificate: str = ""
    timeout: float = 30.0
    patience: float = 300.0

    def __repr__(self) -> str:
        return f"HttpTerms(login={self.login!r}, timeout={self.timeout})"


class Reply(NamedTuple):
    """What the other side answered, with a status below 300."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Client:
    """Calls one partner's server; may be used by many threads."""

    def __init__(self, terms: HttpTerms) -> None:
        limits = httpx.Timeout(terms.timeout, read=terms.patience)
        auth = httpx.BasicAuth(terms.login, terms.password) if terms.login else None
        self._http = httpx.Client(
            verify=tls_context(terms),
            timeout=limits,
            auth=auth,
            follow_redirects=False,
            trust_env=False,
            headers={"Accept": "*/*"},
        )

    def post(self, url: str, fields: Fields, body: BinaryIO, size: int) -> Reply:
        """Posts a body of ``size`` bytes. Raises TryAgain, NeedsPerson or WrongInput saying what went wrong, and where.

        Uncertain, a kind of TryAgain, where the message may have arrived: no answer came, or one of a failure inside.
        """
        headers = [*fields, ("Content-Length", str(size))]
        try:
            with self._http.stream("POST", url, headers=headers, content=_pieces(body)) as response:
                answer = _limited(response, url)
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            raise explain(error, url) from error
        _refuse_status(response, answer, url)
        return Reply(response.status_code, dict(response.headers), answer)

    def look(self, url: str) -> int:
        """Asks for nothing in particular; returns the status of the answer."""
        try:
            return self._http.head(url).status_code
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            raise explain(error, url) from error

    def close(self) -> None:
        """Lets go of open connections."""
        self._http.close()


def tls_context(terms: HttpTerms) -> ssl.SSLContext:
    """TLS 1.2 or later; the server's certificate and name are always verified. Raises WrongInput for certificates of no use."""
    try:
        context = ssl.create_default_context(cadata=terms.authority or None)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if terms.client_certificate:
            _load_client_certificate(context, terms.client_certificate)
    except (ssl.SSLError, ValueError) as error:
        raise WrongInput("the certificate for TLS cannot be read", do="give PEM: a certificate, and its key for ours") from error
    return context


def _load_client_certificate(context: ssl.SSLContext, pem: str) -> None:
    """Python reads it only from a file: one that nobody else may read, for as long as that takes."""
    handle, path = tempfile.mkstemp()
    try:
        with os.fdopen(handle, "w") as file:
            file.write(pem)
        context.load_cert_chain(path)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(path)


def explain(error: Exception, url: str) -> GatewayError:
    """The GatewayError for what httpx or a socket raised."""
    text = str(error) or type(error).__name__
    if isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol):
        return WrongInput(f"that is no address: {text}", where=url, do="mend the connection's url")
    if "CERTIFICATE_VERIFY_FAILED" in text:
        todo = "have them mend it, or name who vouches for it (tls_authority)"
        return NeedsPerson(f"the server's TLS certificate is not to be trusted: {text}", where=url, do=todo)
    what = "no answer in time" if isinstance(error, httpx.TimeoutException) else f"could not connect or send: {text}"
    return TryAgain(what, where=url) if isinstance(error, _NOT_SENT) else Uncertain(what, where=url)


def _pieces(body: BinaryIO) -> Iterator[bytes]:
    while piece := body.read(_PIECE):
        yield piece


def _limited(response: httpx.Response, url: str) -> bytes:
    answer = bytearray()
    for piece in response.iter_bytes():
        answer += piece
        if len(answer) > LARGEST_ANSWER:
            raise NeedsPerson(f"the answer is larger than {LARGEST_ANSWER:,} bytes", where=url, do="ask the partner what it is")
    return bytes(answer)


def _refuse_status(response: httpx.Response, answer: bytes, url: str) -> None:
    status = response.status_code
    if status < 300:
        return
    said = answer[:200].decode("utf-8", "replace").split("\n")[0].strip()
    what = f"the server answered {status} {response.reason_phrase}" + (f": {said}" if said else "")
    if status in _NOT_TAKEN:
        raise TryAgain(what, where=url)
    if status >= 500:
        raise Uncertain(what, where=url)
    if status < 400:
        where_to = response.headers.get("location", "")[:200]
        raise NeedsPerson(f"{what}, and points to {where_to}", where=url, do="ask the partner which address is right")
    raise NeedsPerson(what, where=url, do="check address, login and AS2 names with the partner")
