"""What the demo shows while it happens: who says what, when, in the demo's own time."""

from __future__ import annotations

from datetime import datetime

from rich.console import Console
from rich.markup import escape

from edi_gateway.store.rows import EventRow

_QUIET = ("profile.applied", "set.acknowledged", "document.delivered", "set.repaired")
_STYLE = {
    "flow.held": "yellow",
    "set.rejected": "red",
    "flow.rejected": "red",
    "interchange.duplicate": "yellow",
    "acknowledgment.overdue": "yellow",
    "remittance.settled": "green",
    "flow.dead": "red",
}


class Screen:
    """Prints one line a happening; prints nothing at all for ``--json``."""

    def __init__(self, console: Console, *, silent: bool) -> None:
        self._console, self._silent = console, silent

    def step(self, title: str) -> None:
        """A new part of the story."""
        if not self._silent:
            self._console.print()
            self._console.rule(f"[bold]{escape(title)}", align="left")

    def partner(self, at: datetime, name: str, said: str, *, bad: bool = False) -> None:
        """Something a buyer did or saw."""
        self._line(at, name, said, "magenta" if not bad else "red")

    def gateway(self, event: EventRow) -> None:
        """Something the gateway recorded."""
        if event.kind not in _QUIET:
            self._line(event.at, "gateway", event.text, _STYLE.get(event.kind, "cyan"))

    def bank(self, at: datetime, said: str) -> None:
        """Something the bank told."""
        self._line(at, "bank", said, "green")

    def say(self, text: str) -> None:
        """A sentence of the demo's own."""
        if not self._silent:
            self._console.print(text)

    def _line(self, at: datetime, who: str, said: str, style: str) -> None:
        if not self._silent:
            self._console.print(f"[dim]{at:%a %H:%M}[/dim]  [{style}]{who:<10}[/{style}] {escape(said)}", soft_wrap=True)
