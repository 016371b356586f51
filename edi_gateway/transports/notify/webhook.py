"""JSON by POST: for programs as facts, for chat rooms as the text that Slack's incoming webhooks take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx
import msgspec

from edi_gateway.errors import TryAgain, Uncertain, WrongInput
from edi_gateway.trading.alerts import SlackChannel, WebhookChannel
from edi_gateway.trading.secrets import FromVault, SecretReference, resolve
from edi_gateway.transports.notify.base import Message

_PASSING = {408, 425, 429}
_TIMEOUT = 15.0  # seconds
_LONGEST = 200  # bytes of an answer that are told
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class Poster:
    """Posts messages. Redirects are not followed, and an address that is a secret is never shown."""

    def __init__(self, vault: FromVault | None = None) -> None:
        self._vault = vault

    def to_program(self, channel: WebhookChannel, message: Message) -> None:
        """The facts, with the message's key as Idempotency-Key; raises as ``Carry`` says."""
        where = f"alerts.yaml, channel {channel.name}"
        headers = {name: self._secret(reference, f"{where}, {name}") for name, reference in channel.headers.items()}
        self._post(channel.url, message.facts, {"Idempotency-Key": message.key, **headers}, where)

    def to_chat(self, channel: SlackChannel, message: Message) -> None:
        """The text; raises as ``Carry`` says."""
        where = f"alerts.yaml, channel {channel.name}"
        self._post(self._secret(channel.url, f"{where}, url"), {"text": in_chat(message)}, {}, where)

    def _post(self, url: str, body: Mapping[str, Any], headers: Mapping[str, str], where: str) -> None:
        if urlsplit(url).scheme not in ("http", "https"):
            raise WrongInput("its address does not begin with https://", where=where)
        content = msgspec.json.encode(body)
        try:
            told = {"Content-Type": "application/json", **headers}
            with httpx.stream("POST", url, content=content, headers=told, timeout=_TIMEOUT) as answer:
                said = b"" if answer.is_success else next(answer.iter_bytes(_LONGEST), b"")
        except _NOT_SENT as error:
            raise TryAgain(f"cannot be reached ({type(error).__name__})", where=where) from None
        except httpx.TransportError as error:
            raise Uncertain(f"went away before it answered ({type(error).__name__})", where=where) from None
        except (httpx.InvalidURL, ValueError):
            raise WrongInput("its address or a header cannot be used", where=where) from None
        if not answer.is_success:
            what = f"answered {answer.status_code} {' '.join(said.decode('utf-8', 'replace').split())}".rstrip()
            passes = answer.status_code in _PASSING or answer.is_server_error
            raise TryAgain(what, where=where) if passes else WrongInput(what, where=where)

    def _secret(self, reference: SecretReference, used_by: str) -> str:
        return resolve(reference, used_by, vault=self._vault).get_secret_value()


def in_chat(message: Message) -> str:
    """Subject and text as Slack reads them: what would be a link or call everybody is text."""
    text = f"*{message.subject}*\n{message.text}"
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
