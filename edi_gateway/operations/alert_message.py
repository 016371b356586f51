"""What an alert says: to a person as a few lines, to a program as facts."""

from __future__ import annotations

from datetime import datetime

from edi_gateway.store.alerts import AlertRow, SubjectRow
from edi_gateway.store.notices import OVER
from edi_gateway.transports.notify.base import Message

_MOST = 20
"""Things named one by one; of more, the number is told."""


def message_of(alert: AlertRow, subjects: list[SubjectRow], step: int) -> Message:
    """The message of a step; ``subjects`` are what it is about now."""
    return Message(_key(alert, step), _subject(alert, step), _text(alert, subjects, step), _facts(alert, subjects, step))


def _key(alert: AlertRow, step: int) -> str:
    return f"edi-gateway.alert.{alert.id}.{step}.{alert.began_at:%Y%m%d%H%M%S}"


def _subject(alert: AlertRow, step: int) -> str:
    about = f", {alert.partner}" if alert.partner else ""
    times = f" ({alert.count} ×)" if alert.count > 1 else ""
    word = "over" if step == OVER else alert.level
    return f"[{word}] {alert.rule}{about}{times}: {_plain(alert.text)}"


def _text(alert: AlertRow, subjects: list[SubjectRow], step: int) -> str:
    if step == OVER:
        when = f" at {_moment(alert.resolved_at)}" if alert.resolved_at else ""
        return f"Alert {alert.id} is over{when}: {alert.resolved_because}.\nIt was: {_plain(alert.text)}\n"
    lines = [_plain(alert.text), "", f"{alert.count} × since {_moment(alert.began_at)}, last {_moment(alert.last_at)}"]
    lines += [f"  {subject.subject}" for subject in subjects[:_MOST]]
    lines += [f"  and {len(subjects) - _MOST} more"] if len(subjects) > _MOST else []
    lines += [f"This is telling {step} of it."] if step > 1 else []
    lines += ["", f"edi-gateway alert show {alert.id}", f"edi-gateway alert acknowledge {alert.id}"]
    return "\n".join(lines) + "\n"


def _facts(alert: AlertRow, subjects: list[SubjectRow], step: int) -> dict[str, object]:
    names = ("id", "rule", "level", "partner", "state", "text", "count", "began_at", "last_at", "resolved_at", "resolved_because")
    about = [{"subject": each.subject, "kind": each.kind, "at": each.at} for each in subjects[:_MOST]]
    return {**{name: getattr(alert, name) for name in names}, "step": step, "about": about, "things": len(subjects)}


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def _plain(text: str) -> str:
    """One line, nothing in it that a terminal or a mail program would obey."""
    return " ".join("".join(mark if mark.isprintable() else " " for mark in text).split())
