"""Watch for alerts: what happened since the last look becomes alerts, what is over is closed, and who is next is told.

Alerts are made of events alone, read behind a cursor that moves in the same transaction; so each event counts once, whatever
crashes. Whether something is over is asked of the rows it is about.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

from edi_gateway.store.alerts import AlertRow, SubjectRow
from edi_gateway.store.database import Database
from edi_gateway.store.notices import OVER
from edi_gateway.store.rows import EventRow
from edi_gateway.store.unit import Unit
from edi_gateway.trading.alert_rules import key_of, rule_for, rules_of
from edi_gateway.trading.alertable import HAPPENING, NEWS
from edi_gateway.trading.alerts import AlertRule, Alerts

BATCH = 500
FORGOTTEN = timedelta(days=7)
"""A happening that nobody acknowledged is over after this time, and one that is read only then makes no alert."""
ACKNOWLEDGED_FOR = timedelta(days=1)
"""What comes later than this after somebody acknowledged an alert is an alert of its own."""
LATE_NOW = "it was not done in time, and is late now"
WAS_NEWS = "it was news, and there is nothing to be done"


def watch_alerts(store: Database, terms: Alerts) -> int:
    """Brings alerts up to date with what happened; returns how many are new."""
    new = read_events(store, terms)
    _close(store, terms)
    with store.read() as unit:
        due = [alert for alert in unit.alerts.unresolved() if _is_due(alert, unit, terms)]
    if due:
        with store.write() as unit:
            for alert in due:
                _take_step(unit, alert, terms)
    return new


# -- raising -------------------------------------------------------------------------------------


def read_events(store: Database, terms: Alerts) -> int:
    """Makes alerts of what happened since the last look, and tells nobody; returns how many are new."""
    rules, new = rules_of(terms), 0
    while (found := _read_on(store, rules, terms)) is not None:
        new += found
    return new


def _read_on(store: Database, rules: tuple[AlertRule, ...], terms: Alerts) -> int | None:
    """Reads a batch of events; how many new alerts it made, None where there was nothing to read."""
    kinds = {kind for rule in rules for kind in rule.when}
    with store.read() as unit:
        events, up_to = unit.alerts.unread(kinds, BATCH)
        if up_to == unit.alerts.read_up_to():
            return None
    with store.write() as unit:
        new = sum(_raise(unit, event, rules, terms) for event in events)
        unit.alerts.have_read(up_to)
        return new


def _raise(unit: Unit, event: EventRow, rules: tuple[AlertRule, ...], terms: Alerts) -> bool:
    """Makes an event part of an alert; True where it had to be a new one."""
    rule = rule_for(rules, event.kind, event.partner, event.text)
    if rule is None or not _matters(unit, event):
        return False
    key = event.kind if event.kind in NEWS else key_of(rule, event.partner, event.subject, event.text)
    known = unit.alerts.unresolved_of(rule.name, key)
    if known is not None and (because := _ends_with_more(known, event, unit)):
        _resolve(unit, known, because, terms)
        known = None
    id = known.id if known else _open(unit, rule, key, event, terms)
    is_new = unit.alerts.put_subject(id, event.subject, event.kind, event.id, event.at) or event.kind in HAPPENING
    count = (known.count if known else 0) + is_new
    partner = event.partner if known is None or known.partner == event.partner else None  # what tells of two is of neither
    unit.alerts.change(id, partner=partner, text=event.text, last_at=event.at, count=count)
    return known is None


def _matters(unit: Unit, event: EventRow) -> bool:
    """Whether what it tells of is still so; a happening matters for a week."""
    goes_on = unit.lasting.goes_on(event.kind, event.subject, event.at)
    return goes_on if goes_on is not None else unit.clock.now() - event.at < FORGOTTEN


def _ends_with_more(alert: AlertRow, event: EventRow, unit: Unit) -> str:
    """Why an alert ends where more of the same comes; empty where it goes on with it."""
    if event.kind in NEWS:
        return WAS_NEWS
    is_past = alert.acknowledged_at is not None and unit.clock.now() - alert.acknowledged_at > ACKNOWLEDGED_FOR
    return "more of the same came long after it was acknowledged" if is_past else ""


def _open(unit: Unit, rule: AlertRule, key: str, event: EventRow, terms: Alerts) -> int:
    steps = terms.escalation(rule.escalation).steps
    id = unit.alerts.add(
        rule=rule.name,
        key=key,
        level=rule.level,
        partner=event.partner,
        state="open",
        text=event.text,
        count=0,
        began_at=event.at,
        last_at=event.at,
        escalation=rule.escalation,
        next_at=event.at + steps[0].after if steps else event.at,
    )
    unit.events.tell("alert.opened", f"alert:{id}", f"{rule.name}: {event.text}", partner=event.partner)
    return id


# -- closing -------------------------------------------------------------------------------------


class _Closing(NamedTuple):
    alert: AlertRow
    over: list[SubjectRow]


def _close(store: Database, terms: Alerts) -> None:
    """Marks what is over, and closes alerts that are about nothing any more; the others say what of them goes on."""
    with store.read() as unit:
        found = [_Closing(alert, list(_over(unit, alert))) for alert in unit.alerts.unresolved()]
    if not any(each.over for each in found):
        return
    with store.write() as unit:
        for alert, over in found:
            for subject in over:
                unit.alerts.is_over(subject)
            if not over:
                continue
            text = unit.alerts.newest_text(alert.id)
            if text is None:
                _resolve(unit, alert, _because(unit, alert, over), terms)
            elif text != alert.text:
                unit.alerts.change(alert.id, text=text)


def _over(unit: Unit, alert: AlertRow) -> Iterator[SubjectRow]:
    for subject in unit.alerts.subjects(alert.id):
        goes_on = unit.lasting.goes_on(subject.kind, subject.subject, subject.at)
        if goes_on is None:
            goes_on = alert.state == "open" and unit.clock.now() - subject.at < FORGOTTEN
        if not goes_on:
            yield subject


def _because(unit: Unit, alert: AlertRow, over: list[SubjectRow]) -> str:
    """Why nothing goes on that an alert was about; anything of it that only became worse is another alert's now."""
    if any(unit.lasting.has_grown(each.kind, each.subject, each.at) for each in unit.alerts.subjects(alert.id, all=True)):
        return LATE_NOW
    if all(subject.kind in NEWS for subject in over):
        return WAS_NEWS
    return "nothing more happened" if all(subject.kind in HAPPENING for subject in over) else "its cause is gone"


def _resolve(unit: Unit, alert: AlertRow, because: str, terms: Alerts) -> None:
    """Closes an alert, and has whoever was told of it told that it is over; that rings nobody in quiet hours.

    What is late now is not told as over: it is another alert's, and the last word on it must not be that all is well. Nor is
    news.
    """
    now = unit.clock.now()
    unit.alerts.change(alert.id, state="resolved", resolved_at=now, resolved_because=because, next_at=None)
    unit.events.tell("alert.resolved", f"alert:{alert.id}", f"{alert.rule}: {because}", partner=alert.partner)
    if because in (LATE_NOW, WAS_NEWS):
        return
    told = {notice.channel for notice in unit.notices.of(alert.id) if notice.state in ("sent", "unknown", "sending")}
    for channel in (each for each in terms.channels if each.name in told):
        unit.notices.add(alert.id, OVER, channel.name, channel.rings(now, "notice"))


# -- telling -------------------------------------------------------------------------------------


def _is_due(alert: AlertRow, unit: Unit, terms: Alerts) -> bool:
    is_time = alert.next_at is not None and alert.next_at <= unit.clock.now()
    return is_time and alert.state == "open" and bool(terms.escalation(alert.escalation).steps)


def _take_step(unit: Unit, alert: AlertRow, terms: Alerts) -> None:
    """Has the next ones told; when the steps are through, the last ones again."""
    escalation, now = terms.escalation(alert.escalation), unit.clock.now()
    number, steps = alert.step + 1, escalation.steps
    if number > len(steps) and escalation.again is None:
        unit.alerts.change(alert.id, next_at=None)
        return
    told = [now]
    for name in steps[min(number, len(steps)) - 1].tell:
        if channel := terms.channel(name):
            told.append(channel.rings(now, alert.level))
            unit.notices.add(alert.id, number, name, told[-1])
    wait = steps[number].after if number < len(steps) else escalation.again
    unit.alerts.change(alert.id, step=number, next_at=max(told) + wait if wait is not None else None)
