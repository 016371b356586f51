"""What begins held, because nothing can be done with it without a person, is told like any hold."""

from __future__ import annotations

from collections.abc import Callable

from desk import NORTHWIND, Desk, Profiles
from partner_says import change, northwind, order

from edi_gateway.operations.alert_watch import watch_alerts
from edi_gateway.operations.dismiss import dismiss
from edi_gateway.views.alerts import alerts


def told(desk: Desk) -> list[str]:
    watch_alerts(desk.store, desk.directory.alerts)
    return [alert.text.partition(" — ")[0] for alert in alerts(desk.store) if alert.rule == "held"]


def test_a_set_that_nothing_is_agreed_for(any_desk: Desk) -> None:
    any_desk.drop(northwind(1, change("PO-1")))
    assert told(any_desk) == ["no agreement for 860 004010VICS from northwind"]
    dismiss(any_desk.store, any_desk.flow("held").id, because="by telephone", by="ann")
    assert told(any_desk) == []


def test_an_interchange_of_nobody(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1")).replace(b"7005551200", b"7005551299"))
    assert told(desk) == ["nobody has interchange id 08:7005551299; nearest: 08:7005551200 (northwind)"]


def test_a_repetition_that_is_for_a_person(profiles: Profiles, make_desk: Callable[..., Desk]) -> None:
    profiles.replace(NORTHWIND, "interchange: answer again", "interchange: hold")
    desk = make_desk()
    for _ in range(2):
        desk.drop(northwind(1, order("PO-1")))
    assert told(desk) == ["interchange 000000001 is on record already; nothing in it is processed again"]
