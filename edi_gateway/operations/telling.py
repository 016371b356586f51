"""Telling: what a watch found, each once, a few in a transaction, so that nothing waits for a watch that found much."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from edi_gateway.store.database import Database
from edi_gateway.store.unit import Unit

AT_ONCE = 50


class News(NamedTuple):
    """An event to tell of a subject, unless it was told before: after ``since``, or ever where there is none."""

    kind: str
    subject: str
    text: str
    partner: str | None
    since: datetime | None = None


def tell_news(store: Database, found: Sequence[News]) -> int:
    """Tells what was not told yet; returns how many that were."""
    new = 0
    for begins in range(0, len(found), AT_ONCE):
        with store.read() as unit:
            part = [news for news in found[begins : begins + AT_ONCE] if not _is_told(unit, news)]
        if not part:
            continue
        with store.write() as unit:
            for news in part:
                unit.events.tell(news.kind, news.subject, news.text, partner=news.partner)
        new += len(part)
    return new


def _is_told(unit: Unit, news: News) -> bool:
    told = unit.quiet.told(news.kind, news.subject)
    return told is not None and (news.since is None or told > news.since)
