"""Where the mailbox server reports to; a hook that fails never disturbs a partner."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from edi_gateway.clock import Clock
from edi_gateway.log import logger
from edi_gateway.transports.mailbox.events import Kind, MailboxEvent

FileHook = Callable[[str, Path], None]
EventHook = Callable[[MailboxEvent], None]

_log = logger(__name__)


class Hooks:
    """Calls the gateway back: in the session's thread, before the partner is answered, so a hook must be quick."""

    def __init__(
        self, clock: Clock, on_upload: FileHook | None, on_download: FileHook | None, on_event: EventHook | None
    ) -> None:
        self._clock = clock
        self._on_upload, self._on_download, self._on_event = on_upload, on_download, on_event

    def tell(self, kind: Kind, account: str, address: str, path: str = "", detail: str = "") -> None:
        """Reports an event."""
        if self._on_event is not None:
            event = MailboxEvent(kind, self._clock.now(), _shown(account, 64), address, _shown(path), _shown(detail))
            _call(self._on_event, event)

    def uploaded(self, account: str, path: Path) -> None:
        """A document has arrived and is durable."""
        if self._on_upload is not None:
            _call(self._on_upload, account, path)

    def downloaded(self, account: str, path: Path) -> None:
        """The partner has read all of a file in its outbox."""
        if self._on_download is not None:
            _call(self._on_download, account, path)


def _shown(text: str, longest: int = 300) -> str:
    """What a stranger sent, fit for a log: one line, no control characters, not endless."""
    return "".join(mark if mark.isprintable() else "\N{REPLACEMENT CHARACTER}" for mark in text[:longest])


def _call(hook: Callable[..., None], *values: object) -> None:
    try:
        hook(*values)
    except Exception as error:  # a hook is the gateway's own code; the upload is on disk and found by the next look
        _log.error("mailbox hook failed", hook=getattr(hook, "__qualname__", str(hook)), error=repr(error))
