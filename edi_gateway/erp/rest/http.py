"""HTTP to the ERP: one request at a time, what went wrong said in our words, secrets never.

TryAgain: no connection, 408, 425, 429, 503. Uncertain, a kind of it, where the ERP may have done what was asked: no answer after
the request left, or any other 5xx, to what is no GET. NeedsPerson: 401, 403, a certificate that is not trusted. WrongInput: every
other status that the call does not expect, with what the ERP said. Redirects are not followed.
"""

from __future__ import annotations

import re
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple
from urllib.parse import quote

import httpx
import msgspec

from edi_gateway.errors import GatewayError, NeedsPerson, TryAgain, Uncertain, WrongInput
from edi_gateway.trading.connector import Auth, RestConnector
from edi_gateway.trading.secrets import FromVault, SecretReference, resolve

LARGEST = 32 * 2**20
"""Bytes of an answer; a longer one is refused."""

_NOT_BEGUN = {408, 425, 429, 503}
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
_EARLY = 30.0  # seconds a token is fetched before it ends
_USUAL_LIFE, _LONGEST_LIFE = 300.0, 86_400.0 * 366
_encode = msgspec.json.Encoder(decimal_format="number").encode
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


class Answer(NamedTuple):
    """What came back: the status, and the JSON in it with exact numbers (None: nothing)."""

    status: int
    content: Any


class Http:
    """Requests below one url. Safe for many threads."""

    def __init__(
        self,
        about: RestConnector,
        *,
        transport: httpx.BaseTransport | None = None,
        now: Callable[[], float] = time.monotonic,
        vault: FromVault | None = None,
    ) -> None:
        self._name, self._url, self._auth = f"ERP {about.name}", about.url, about.auth
        self._client = httpx.Client(
            headers={"Accept": "application/json", **about.headers}, timeout=about.timeout.total_seconds(), transport=transport
        )
        self._now, self._vault, self._token = now, vault, ("", 0.0)
        self._one_at_a_time = threading.Lock()

    def call(
        self,
        call: str,
        values: Mapping[str, str],
        body: Any = None,
        *,
        expected: tuple[int, ...] = (),
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Makes a request; ``expected`` are statuses beside 2xx that are answers as well."""
        method, _, template = call.partition(" ")
        url = self._address(template, values)
        answer = self._send(method, url, body, headers or {})
        if answer.status_code == 401 and self._auth.oauth:
            self._token = ("", 0.0)  # it may have been taken back before its time
            answer = self._send(method, url, body, headers or {})
        where = f"{self._name}, {method} {url}"
        if not (answer.is_success or answer.status_code in expected):
            raise self._refused(answer, where, asks=method == "GET")
        return Answer(answer.status_code, _content(answer, where))

    def try_secrets(self) -> None:
        """Raises WrongInput for a secret that is not there."""
        self._secrets()

    def close(self) -> None:
        """Lets connections go."""
        self._client.close()

    def _address(self, template: str, values: Mapping[str, str]) -> str:
        """A path below our url, or a whole link of the ERP's. NeedsPerson for one to another server: it gets no secrets."""
        if "://" not in template.partition("?")[0]:
            return f"{self._url}/{filled(template, values).removeprefix('/')}"
        if _server(template) != _server(self._url):
            advice = "let it answer with links of its own; nothing was sent there"
            raise NeedsPerson(f"points to another server: {template[:200]}", where=f"{self._name}, {self._url}", do=advice)
        return template

    def _send(self, method: str, url: str, body: Any, headers: Mapping[str, str]) -> httpx.Response:
        sent = dict(headers) | self._who_we_are()
        content = None if body is None else _encode(body)
        if content is not None:
            sent["Content-Type"] = "application/json"
        return self._exchange(method, url, f"{self._name}, {method} {url}", asks=method == "GET", headers=sent, content=content)

    def _exchange(self, method: str, url: str, where: str, *, asks: bool, **request: Any) -> httpx.Response:
        """One request and its whole answer. ``asks``: it does nothing there, however often it is made."""
        try:
            with self._client.stream(method, url, **request) as answer:
                held = bytearray()
                for chunk in answer.iter_bytes():
                    held += chunk
                    if len(held) > LARGEST:
                        raise WrongInput(f"answered more than {LARGEST} bytes", where=where, do="let it answer in pages")
                return httpx.Response(answer.status_code, headers=_plain(answer.headers), content=bytes(held))
        except httpx.TransportError as error:
            raise _unreachable(error, where, asks=asks) from error

    def _who_we_are(self) -> dict[str, str]:
        auth, used_by = self._auth, f"{self._name}, auth"
        made = {name: self._secret(reference, used_by) for name, reference in auth.header.items()}
        if auth.bearer:
            made["Authorization"] = f"Bearer {self._secret(auth.bearer.token, used_by)}"
        if auth.basic:
            request = httpx.Request("GET", self._url)
            flow = httpx.BasicAuth(auth.basic.user, self._secret(auth.basic.password, used_by)).sync_auth_flow(request)
            made["Authorization"] = next(flow).headers["Authorization"]
        if auth.oauth:
            made["Authorization"] = f"Bearer {self._fetched_token(auth)}"
        return made

    def _fetched_token(self, auth: Auth) -> str:
        assert auth.oauth is not None  # noqa: S101  # asked for only then
        with self._one_at_a_time:
            token, ends = self._token
            if not token or self._now() >= ends:
                where = f"{self._name}, POST {auth.oauth.token_url}"
                form = {"grant_type": "client_credentials", "scope": auth.oauth.scope}
                basic = (auth.oauth.client, self._secret(auth.oauth.secret, f"{self._name}, auth"))
                token, lives = self._ask_for_token(auth.oauth.token_url, {k: v for k, v in form.items() if v}, basic, where)
                self._token = (token, self._now() + max(lives - _EARLY, 0.0))
            return token

    def _ask_for_token(self, url: str, form: dict[str, str], basic: tuple[str, str], where: str) -> tuple[str, float]:
        answer = self._exchange("POST", url, where, asks=True, data=form, auth=basic)
        if not answer.is_success:
            raise self._refused(answer, where, asks=True)
        found = _content(answer, where)
        if not isinstance(found, dict) or "access_token" not in found:
            raise WrongInput("answered without an access_token", where=where)
        return str(found["access_token"]), _lives(found.get("expires_in"))

    def _refused(self, answer: httpx.Response, where: str, *, asks: bool) -> GatewayError:
        what = f"answered {answer.status_code} {answer.reason_phrase}".rstrip()
        said = " ".join(answer.text.split())[:300]
        for secret in self._secrets():
            said = said.replace(secret, "***")
        what += f": {said}" if said else ""
        if answer.status_code in (401, 403):
            return NeedsPerson(what, where=where, do="see whether the connector's auth is still right")
        if answer.status_code in _NOT_BEGUN or (answer.is_server_error and asks):
            return TryAgain(what, where=where)
        if answer.is_server_error:
            return Uncertain(what, where=where)
        return WrongInput(what, where=where)

    def _secret(self, reference: SecretReference, used_by: str) -> str:
        return resolve(reference, used_by, vault=self._vault).get_secret_value()

    def _secrets(self) -> list[str]:
        auth = self._auth
        references = [*auth.header.values()]
        references += [each for each in (auth.bearer and auth.bearer.token, auth.basic and auth.basic.password) if each]
        references += [auth.oauth.secret] if auth.oauth else []
        return [self._token[0]] * bool(self._token[0]) + [self._secret(each, self._name) for each in references]


def filled(template: str, values: Mapping[str, str]) -> str:
    """A path with its placeholders filled in, each safe in a path or a query."""
    return _PLACEHOLDER.sub(lambda found: quote(values.get(found[1], ""), safe=""), template)


def _server(url: str) -> tuple[str, str, int | None, bytes] | None:
    """Scheme, host and port, and a login in the address; None for what is no address."""
    try:
        found = httpx.URL(url)
    except httpx.InvalidURL:
        return None
    return found.scheme, found.host, found.port, found.userinfo


def _lives(told: object) -> float:
    """Seconds a token may be used, as its answer says (RFC 6749 §5.1 only recommends that it does); five minutes otherwise."""
    try:
        seconds = float(told)  # type: ignore[arg-type]  # whatever it is: what is no number raises
    except (TypeError, ValueError, OverflowError):
        return _USUAL_LIFE
    return seconds if 0 <= seconds < _LONGEST_LIFE else _USUAL_LIFE


def _content(answer: httpx.Response, where: str) -> Any:
    if not answer.content.strip():
        return None
    try:
        return msgspec.json.Decoder(float_hook=Decimal).decode(answer.content)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise WrongInput(f"answered what is no JSON: {error}", where=where) from None


def _unreachable(error: httpx.TransportError, where: str, *, asks: bool) -> GatewayError:
    """The request may have been done unless the line was never there, or it asked for something only."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            advice = "let the ERP show a certificate this machine trusts"
            return NeedsPerson(f"its certificate is not trusted: {cause.verify_message}", where=where, do=advice)
        cause = cause.__cause__ or cause.__context__
    kind = TryAgain if asks or isinstance(error, _NOT_SENT) else Uncertain
    if isinstance(error, httpx.TimeoutException):
        return kind("gave no answer in time", where=where)
    return kind(f"cannot be reached: {str(error) or type(error).__name__}", where=where)


def _plain(headers: httpx.Headers) -> dict[str, str]:
    """Headers of an answer whose body was decoded already."""
    return {name: value for name, value in headers.items() if name.lower() not in ("content-encoding", "content-length")}
