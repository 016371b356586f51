"""How templates write values: numbers, money, statuses and links to what a subject names."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from jinja2 import Environment
from markupsafe import Markup, escape

from edi_gateway.trading.scalars import write_duration
from edi_gateway.wording import count

_TONES = {
    "good": """accepted valid delivered fetched confirmed sent paid closed done yes given read written settled posted ok
        passed kept""",
    "warn": """held overdue warnings waiting awaited owed asked duplicate remitted billed partly-shipped accepted-with-errors
        partially-accepted to-send attempting paused stale running open warned""",
    "bad": """rejected invalid dead failed damaged refused given-up unknown-sender expired lost broken stopped""",
}
_TONE_OF = {word: kind for kind, words in _TONES.items() for word in words.split()}


def tone(word: str) -> str:
    """How a status is coloured; the word itself always stands beside the colour."""
    return _TONE_OF.get(word.lower().replace(" ", "-"), "plain")


@lru_cache(maxsize=256)  # there are a few dozen, and a page has hundreds
def status(word: str | None) -> Markup:
    """A status as a badge."""
    if not word:
        return Markup("")
    return Markup('<span class="badge {}">{}</span>').format(tone(word), word)


def moment(at: datetime | date | None) -> Markup:
    """A moment in UTC; the script in the page writes it in the viewer's own zone."""
    if at is None:
        return Markup('<span class="dim">–</span>')
    told = at.isoformat()  # nothing in a moment has to be escaped, and to look for it takes longer than all the rest
    if not isinstance(at, datetime):
        return Markup(f'<time datetime="{told}">{told}</time>')
    return Markup(f'<time datetime="{told}" data-local>{at:%b %d %H:%M} UTC</time>')


def number(value: Decimal | int | float | None) -> str:
    """A figure with thousands apart, without trailing zeros."""
    if value is None:
        return ""
    text = f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def money(value: Decimal) -> str:
    """To the cent."""
    return f"{value:,.2f}"


def size(count: int) -> str:
    """A number of bytes."""
    return f"{count:,} bytes" if count < 10_000 else f"{count / 1000:,.0f} kB"


_PAGES = {
    "transaction": "/documents/{}",
    "replay": "/replays/{}",
    "transmission": "/transmissions/{}",
    "certificate": "/certificates/{}",
}
_NAMED = {"partner": "/partners/{}", "map": "/maps/{}", "schedule": "/schedule", "document": "/documents/of/{}"}


def link(subject: str) -> Markup:
    """What a subject (``transaction:12``) names, as a link where it has a page."""
    kind, _, id = subject.partition(":")
    page = (_PAGES | _NAMED).get(kind)
    shown = f"{'set' if kind == 'transaction' else kind} {id[-8:] if kind == 'document' else id}"
    if page is None or (kind in _PAGES and not id.isdecimal()):
        return escape(shown)
    return Markup('<a href="{}">{}</a>').format(page.format(id), shown)


_COMMAND = re.compile(r" — edi-gateway xref add .+? --resume")
_DOCUMENT = re.compile(r"\bdocument ([0-9a-f]{32})\b")


def plainly(because: str) -> Markup:
    """Why something is held, without the command that the page has a form for, and with links to the documents it names."""
    said = str(escape(_COMMAND.sub("", because)))
    return Markup(_DOCUMENT.sub(lambda found: str(link(f"document:{found[1]}")), said))  # it is escaped


def slug(text: str) -> str:
    """A text as part of an HTML id."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def teach(environment: Environment) -> None:
    """Gives templates these words."""
    filters: dict[str, Any] = {
        "status": status,
        "tone": tone,
        "moment": moment,
        "number": number,
        "money": money,
        "size": size,
        "counted": count,
        "duration": write_duration,
        "subject": link,
        "slug": slug,
        "plainly": plainly,
    }
    environment.filters.update(filters)
