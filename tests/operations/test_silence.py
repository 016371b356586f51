"""What did not happen is told, once: a silent partner, a document nobody fetched; and the figures of a day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from desk import NORTHWIND, Desk, Profiles
from partner_says import northwind, order, remittance
from world_stages import AtTheWorld

from edi_gateway.bootstrap.daily_jobs import daily_jobs
from edi_gateway.errors import NeedsPerson
from edi_gateway.operations.daily_summary import daily_summary
from edi_gateway.operations.deliver_out_of_band import deliver_out_of_band
from edi_gateway.operations.silence import SILENT, UNFETCHED, watch_silence
from edi_gateway.operations.watch_invoices import watch_invoices
from edi_gateway.pipeline.stages import WORLD_STAGES
from edi_gateway.pipeline.tools import Record
from edi_gateway.trading.alerts import Alerts


def look(desk: Desk) -> int:
    return watch_silence(desk.store, desk.directory)


def test_a_partner_that_is_silent_for_longer_than_agreed_is_told_once(profiles: Profiles, make_desk: Callable[..., Desk]) -> None:
    profiles.add(NORTHWIND, "silent_after: 2d")
    profiles.add(NORTHWIND, "contacts: [{name: EDI desk, role: technical, email: edi@northwind.example}]")
    desk = make_desk()
    desk.drop(northwind(1, order("PO-1")))
    desk.later(hours=47)
    look(desk)
    assert desk.events(SILENT) == []
    desk.later(hours=2)
    look(desk)
    look(desk)
    assert [event.text for event in desk.events(SILENT)] == [
        "nothing came from Northwind Stores since 2026-11-17 15:00 UTC; ask EDI desk, edi@northwind.example"
    ]


def test_a_partner_that_spoke_again_and_falls_silent_again_is_told_again(
    profiles: Profiles, make_desk: Callable[..., Desk]
) -> None:
    profiles.add(NORTHWIND, "silent_after: 2d")
    desk = make_desk()
    for number in (1, 2):
        desk.drop(northwind(number, order(f"PO-{number}")))
        desk.later(days=3)
        look(desk)
    assert len(desk.events(SILENT)) == 2


def test_a_partner_that_has_never_sent_anything_is_not_silent(profiles: Profiles, make_desk: Callable[..., Desk]) -> None:
    profiles.add(NORTHWIND, "silent_after: 2d")
    desk = make_desk()
    desk.later(days=3)
    assert look(desk) == 0


def test_silence_in_working_hours_passes_over_the_weekend(profiles: Profiles, make_desk: Callable[..., Desk]) -> None:
    profiles.add(NORTHWIND, "silent_after: 96h\nsilence_counted_in: working hours")
    desk = make_desk()
    desk.drop(northwind(1, order("PO-1")))  # Tuesday: four working days later is Monday
    desk.later(days=5)
    look(desk)
    assert desk.events(SILENT) == []
    desk.later(days=1, hours=1)
    look(desk)
    assert len(desk.events(SILENT)) == 1


def test_what_lies_in_a_mailbox_for_longer_than_agreed_is_told_once(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1")))
    desk.later(hours=23)
    look(desk)
    assert desk.events(UNFETCHED) == []
    desk.later(hours=25)
    lying = [one.id for one in desk.transmissions("out")]
    assert look(desk) == len(lying)
    assert look(desk) == 0
    assert "lies in mailbox northwind since 2026-11-17" in desk.events(UNFETCHED)[0].text


def test_what_was_fetched_is_not_told(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1")))
    desk.later(minutes=1)
    with desk.store.write() as unit:
        for one in desk.transmissions("out"):
            unit.transmissions.change(one.id, state="fetched")
    desk.clock.advance(timedelta(days=3))
    assert look(desk) == 0


def test_nor_is_what_a_person_brought_there_by_other_means(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk(world={**WORLD_STAGES, "send": TheMailboxIsFull("send")})
    desk.drop(northwind(1, order("PO-1")))
    for flow in desk.flows("held"):
        deliver_out_of_band(desk.tools, flow.id, because="e-mailed it", by="ann")
    assert {one.state for one in desk.transmissions("out")} == {"sent"}
    desk.clock.advance(timedelta(days=3))
    assert look(desk) == 0


class TheMailboxIsFull(AtTheWorld):
    """What is to be sent is put to a person."""

    def does(self, *_: object) -> Record:
        raise NeedsPerson("the mailbox is full")


def test_the_summary_counts_from_the_one_before(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1"), order("PO-2")))
    first = daily_summary(desk.store)
    assert "2 × in 850" in first
    assert "1 × out 997" in first
    assert "held: 0, dead: 0, unanswered past their time: 0, out of order: nothing" in first
    desk.clock.advance(timedelta(hours=15))
    assert "no sets" in daily_summary(desk.store)


def test_the_summary_is_made_when_the_file_of_alerts_says(desk: Desk) -> None:
    alerts = Alerts.model_validate({"summary": {"at": "07:30", "time_zone": "America/Chicago"}})
    told = [daily_jobs(desk.store, replace(desk.directory, alerts=each))["daily summary"].trigger for each in (Alerts(), alerts)]
    assert [str(each) for each in told] == ["cron 0 6 * * * in UTC", "cron 30 7 * * * in America/Chicago"]


def test_an_invoice_past_its_date_is_told_once_and_not_once_it_is_remitted(desk: Desk) -> None:
    desk.drop(northwind(1, net_in_thirty_days("PO-1"), net_in_thirty_days("PO-2")))
    desk.later(hours=8)
    bills = {row.business_number: row for row in desk.sets("810")}
    assert len(bills) == 2
    desk.clock.advance(timedelta(days=29))
    assert watch_invoices(desk.store, desk.directory) == 0
    paid = desk.sent("810")[0]
    desk.drop(northwind(2, remittance("T-1", (paid.one("BIG")[2], f"{int(paid.one('TDS')[1]) / 100:g}"))))
    desk.clock.advance(timedelta(days=2))
    assert watch_invoices(desk.store, desk.directory) == 1
    assert watch_invoices(desk.store, desk.directory) == 0
    (told,) = desk.events("invoice.overdue")
    assert told.text.startswith(f"invoice {desk.sent('810')[1].one('BIG')[2]} for order PO-2 was due on 2026-12-17: ")


def net_in_thirty_days(number: str) -> list[list[str]]:
    segments = order(number)
    at = next(place for place, segment in enumerate(segments) if segment[0] == "DTM")
    return [*segments[:at], ["ITD", "01", "3", "", "", "", "", "30"], *segments[at:]]
