"""Posting to an address somebody gave us: resolved once, looked at, and connected to as it was looked at.

A name that leads into our own networks is refused, also where it leads elsewhere at the next question: what was looked at is
what is connected to. Redirects are not followed, and no proxy of the environment is used.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from typing import NamedTuple, TypeAlias
from urllib.parse import urlsplit

import httpx

from edi_gateway.errors import WrongInput

TIMEOUT = 10.0  # seconds
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_UNICAST = ipaddress.ip_network("2000::/3")  # all that IANA gives to the public; beside it is what a network keeps to itself

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve: TypeAlias = Callable[[str, int], list[str]]


class Told(NamedTuple):
    """What came of a post: the HTTP status, or None with what went wrong before there was one."""

    status: int | None
    detail: str


def resolve(host: str, port: int) -> list[str]:
    """The addresses a name has. Raises WrongInput where it has none."""
    try:
        return [str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as error:
        raise WrongInput(f"{host} has no address: {error}") from None


def checked(address: str, *, internal: bool, resolve: Resolve = resolve) -> str:
    """The IP address to connect to. Raises WrongInput for what is no address we post to.

    Without ``internal`` it has to be HTTPS, and every IP address of the name a public one.
    """
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise WrongInput(f"is no address: {error}", where=address) from None
    if parts.scheme not in ("https", "http") or not host:
        raise WrongInput("is no address to post to", where=address, do="write it like https://shop.example/hooks")
    if parts.username or parts.password or parts.fragment:
        raise WrongInput("an address has no name, password or fragment in it", where=f"{parts.scheme}://{host}")
    if parts.scheme == "http" and not internal:
        raise WrongInput("is not HTTPS", where=address, do="use https://, or set EDI_GATEWAY_INTERNAL_WEBHOOKS")
    found = resolve(host, port)
    refused = [each for each in found if not internal and not is_public(ipaddress.ip_address(each.partition("%")[0]))]
    if refused:
        raise WrongInput(
            f"{host} leads to {refused[0]}, which is not public", where=address, do="or set EDI_GATEWAY_INTERNAL_WEBHOOKS"
        )
    return found[0]


def is_public(ip: Address) -> bool:
    """Whether an address is on the public internet, also where an IPv4 address is inside an IPv6 one."""
    if isinstance(ip, ipaddress.IPv6Address):
        inside = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in _NAT64:
            inside = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inside is not None:
            return is_public(inside)
        return ip in _UNICAST and ip.is_global
    return ip.is_global and not ip.is_multicast


def post(address: str, body: bytes, headers: dict[str, str], *, internal: bool, resolve: Resolve = resolve) -> Told:
    """Posts, and says what was answered; what is answered beyond the status is not read."""
    try:
        ip = checked(address, internal=internal, resolve=resolve)
        url = httpx.URL(address)
        given = {**headers, "host": url.netloc.decode(), "user-agent": "edi-gateway"}
        with httpx.Client(timeout=TIMEOUT, trust_env=False, follow_redirects=False) as client:
            pinned = url.copy_with(host=ip)
            with client.stream("POST", pinned, content=body, headers=given, extensions={"sni_hostname": url.host}) as answer:
                return Told(answer.status_code, f"{answer.status_code} {answer.reason_phrase}".strip())
    except WrongInput as error:
        return Told(None, str(error))
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        return Told(None, f"{type(error).__name__}: {error}"[:300])
