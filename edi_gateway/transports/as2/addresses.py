"""Which addresses a receipt may be delivered to: only those a profile allows, whatever a message asks for."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import SplitResult, urlsplit


def is_allowed(url: str, beginnings: Iterable[str]) -> bool:
    """Whether ``url`` is of the same scheme, host and port as one of ``beginnings`` and its path begins with that one's."""
    target = _read(url)
    return target is not None and any(_begins(target, allowed) for each in beginnings if (allowed := _read(each)))


def is_same_server(url: str, other: str) -> bool:
    """Whether two addresses are of the same scheme, host and port: what may be told to one may be told to the other."""
    one, two = _read(url), _read(other)
    return one is not None and two is not None and _server(one) == _server(two)


def _read(url: str) -> SplitResult | None:
    """None for what is no plain http address: with a login in it, or dots that lead out of a path."""
    try:
        found = urlsplit(url)
        known = found.scheme in ("http", "https") and found.hostname and found.port != 0
    except ValueError:
        return None
    is_plain = known and found.username is None and ".." not in found.path and "\\" not in url and url.isascii()
    return found if is_plain and url.isprintable() else None


def _begins(target: SplitResult, allowed: SplitResult) -> bool:
    if _server(target) != _server(allowed):
        return False
    beginning = allowed.path.rstrip("/")
    return target.path.rstrip("/") == beginning or target.path.startswith(beginning + "/")


def _server(url: SplitResult) -> tuple[str, str | None, int]:
    return url.scheme, url.hostname, url.port or (443 if url.scheme == "https" else 80)
