"""The daily summary: one event that says what came and went since the last one, and what waits for a person now."""

from __future__ import annotations

from datetime import timedelta

from edi_gateway.store.database import Database

KIND, SUBJECT = "summary.daily", "summary:daily"


def daily_summary(store: Database) -> str:
    """Tells the figures since the summary before, of a day for the first one; returns what it told."""
    with store.write() as unit:
        now = unit.clock.now()
        since = unit.quiet.told(KIND, SUBJECT) or now - timedelta(days=1)
        sets = ", ".join(f"{count} × {what}" for what, count in unit.quiet.sets(since).items()) or "no sets"
        stopped = unit.quiet.flows(("held", "dead"))
        down = unit.quiet.lanes_down()
        text = (
            f"since {since:%Y-%m-%d %H:%M} UTC: {sets}; held: {stopped.get('held', 0)}, dead: {stopped.get('dead', 0)}, "
            f"unanswered past their time: {unit.quiet.overdue()}, out of order: {', '.join(down) or 'nothing'}"
        )
        unit.events.tell(KIND, SUBJECT, text)
        return text
