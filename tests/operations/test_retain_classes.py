"""Retain, by class: the content of documents and the details of events go when their time is over, what they prove does not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from desk import NORTHWIND, Desk, Profiles
from msgspec.structs import replace
from partner_says import accepts, northwind, order
from play import play, prepare

from edi_gateway.errors import NeedsPerson
from edi_gateway.operations.audit import noted, verify
from edi_gateway.operations.cases import decide
from edi_gateway.operations.reject_hold import reject_hold
from edi_gateway.operations.retain import Retained, retain
from edi_gateway.order_to_cash.cash import Application, Question
from edi_gateway.store.rows import EventRow
from edi_gateway.store.tables import document, erp_event, order_thread
from edi_gateway.views.evidence import on_record
from edi_gateway.views.order_trace import order_trace
from edi_gateway.views.orders import orders
from edi_gateway.views.shipments import shipments

TERMS = "retention:\n  payloads: 400d\n  documents: {documents}d\n  events: {events}d"


@pytest.fixture
def played(make_desk: Callable[..., Desk], profiles: Profiles) -> Desk:
    """Two days of orders, a year ago: PO-1 is paid; of PO-2 the 856 was rejected and waits for a person."""
    profiles.add(NORTHWIND, TERMS.format(documents=200, events=9000))
    desk = make_desk()
    (desk.folder / "mailboxes/northwind/inbox").mkdir(parents=True, exist_ok=True)
    prepare(desk.folder)
    play(desk, desk.folder)
    desk.clock.advance(timedelta(days=300))
    return desk


def of_order(desk: Desk, number: str) -> dict[str, str]:
    """Bodies of an order's documents, by kind."""
    with desk.store.reading() as connection:
        thread = sa.select(order_thread.c.id).where(order_thread.c.number == number).scalar_subquery()
        query = sa.select(document.c.kind, document.c.body).where(document.c.thread_id == thread)
        return {row.kind: row.body for row in connection.execute(query)}


def test_a_paid_order_loses_its_content_and_an_open_one_does_not(played: Desk) -> None:
    before = of_order(played, "PO-2")
    [removed] = retain(played.store, played.directory)
    assert (removed.documents, removed.payloads, removed.events) == (5, 0, 0)
    assert set(of_order(played, "PO-1").values()) == {"{}"}
    assert of_order(played, "PO-2") == before
    assert retain(played.store, played.directory) == []


def test_an_order_keeps_its_content_while_another_one_of_the_same_shipment_is_open(played: Desk) -> None:
    one, other = played.order("PO-1"), played.order("PO-2")
    with played.store.write() as unit:
        (notice,) = unit.documents.in_thread(one.id, "ship notice")
        unit.documents.join(notice.id, other.id)
    before = of_order(played, "PO-1")
    would = retain(played.store, played.directory, is_dry=True)
    assert would == retain(played.store, played.directory)
    assert [one.documents for one in would] == [1]  # the remittance, which is of no order
    assert of_order(played, "PO-1") == before

    with played.store.engine.begin() as connection:
        connection.execute(order_thread.update().where(order_thread.c.id == other.id).values(state="paid"))
    retain(played.store, played.directory)
    assert set(of_order(played, "PO-1").values()) == {"{}"}


def test_what_a_disputed_case_is_about_stays_until_the_case_is_closed(played: Desk) -> None:
    said = played.set("820").document_id
    asked = Question(kind="deduction", message="8.00 deducted", amount=Decimal(8), invoice="00090001")
    with played.store.write() as unit:
        unit.cases.open("northwind", said, Application(remittance="x", trace="NW-1", amount=Decimal(888), questions=(asked,)))
    decide(played.store, 1, "disputed", because="no claim number; they were told", by="anna")
    assert retain(played.store, played.directory) == []
    decide(played.store, 1, "recovered", because="it came with the next one", by="anna")
    assert [one.documents for one in retain(played.store, played.directory)] == [5]


def test_numbers_figures_statuses_and_the_digest_stay(played: Desk) -> None:
    def kept() -> list[object]:
        listed = [(one.number, one.state, one.billed, one.paid) for one in orders(played.store)]
        return [*listed, [(one.control_number, one.acknowledgment, one.validation) for one in played.sets()]]

    before = kept()
    retain(played.store, played.directory)
    assert kept() == before
    with played.store.reading() as connection:
        digests = connection.execute(sa.select(document.c.sha256).where(document.c.removed_at.is_not(None))).scalars().all()
    assert {len(one) for one in digests} == {64}


def test_what_shows_an_order_shows_what_is_left_of_it(played: Desk) -> None:
    retain(played.store, played.directory)
    trace = order_trace(played.store, "PO-1")
    assert [one.kind for one in trace.documents if one.figures] == []
    assert len(trace.documents) == 5
    assert trace.disagreements == ()
    assert [one.order for one in shipments(played.store)] == ["PO-2"]
    assert on_record(played.store, "PO-1").documents[0].sha256
    with (
        played.store.read() as unit,
        pytest.raises(NeedsPerson, match=r"was removed on 20.*as the partner's retention says — ask the partner"),
    ):
        unit.documents.read(trace.thread.document_id)


def test_a_dry_run_counts_and_removes_nothing(played: Desk) -> None:
    would = retain(played.store, played.directory, is_dry=True)
    assert retain(played.store, played.directory) == would


def test_what_the_erp_told_goes_with_it_and_is_not_collected_again(played: Desk) -> None:
    retain(played.store, played.directory)
    with played.store.reading() as connection:
        bodies = connection.execute(sa.select(erp_event.c.body)).scalars().all()
    assert bodies.count("{}") == 3  # decided, shipped, billed
    assert len(bodies) == 6
    posted, sets = played.posted(), len(played.sets())
    played.later(hours=1)
    assert (played.posted(), len(played.sets())) == (posted, sets)


# -- events ------------------------------------------------------------------------------------------------------------------


def told_of(desk: Desk) -> Desk:
    """A held order and one that waits for an answer; eight years pass."""
    desk.drop(northwind(1, order("PO-1", price="1")))
    desk.drop(northwind(2, order("PO-2")))
    desk.clock.advance(timedelta(days=366 * 8))
    return desk


@pytest.fixture
def told(desk: Desk) -> Desk:
    return told_of(desk)


def without_details(desk: Desk) -> list[EventRow]:
    return [event for event in desk.events() if not event.actor]


def test_details_go_and_the_chain_is_verified_from_its_beginning_to_its_end(any_desk: Desk) -> None:
    told = told_of(any_desk)
    kept = noted(str(verify(told.store).head))
    [northwinds, *_] = [one for one in retain(told.store, told.directory) if one.partner == NORTHWIND]
    gone = [event for event in without_details(told) if event.partner == NORTHWIND]
    assert len(gone) == northwinds.events > 3
    assert {event.text for event in gone} == {"its details were removed, as retention says"}
    found = verify(told.store, kept)
    assert (found.broken_at, found.without_details) == (None, len(without_details(told)))


def test_who_did_it_goes_but_not_what_happened_to_what(told: Desk) -> None:
    def kept() -> list[tuple[object, ...]]:
        return [(one.at, one.kind, one.partner, one.subject, one.control_number, one.hash) for one in told.events()]

    before = kept()
    retain(told.store, told.directory)
    assert kept()[: len(before)] == before


def test_the_details_of_what_is_open_stay_however_old(told: Desk) -> None:
    retain(told.store, told.directory)
    held = {flow.subject for flow in told.flows("held")}
    about = [event for event in told.events() if event.subject in held]
    assert about
    assert all(event.actor for event in about)


REMOVED = "actor = '', text = 'its details were removed, as retention says'"


def test_the_database_lets_details_be_removed_and_nothing_else(any_desk: Desk) -> None:
    told = told_of(any_desk)
    changes = (
        REMOVED.replace("''", "'somebody'"),
        "actor = '', text = 'nothing'",
        f"{REMOVED}, kind = 'x'",
        f"{REMOVED}, partner = NULL",
    )
    for change in changes:
        with pytest.raises(sa.exc.DBAPIError, match="only appended"), told.store.engine.begin() as connection:
            connection.exec_driver_sql(f"UPDATE event SET {change} WHERE id = 2")


def test_what_is_removed_is_told_by_class(told: Desk) -> None:
    before = len(told.events())
    found = retain(told.store, told.directory, by="clerk")
    kinds = {event.kind for event in told.events()[before:]}
    assert all(isinstance(one, Retained) for one in found)
    assert kinds <= {"payload.removed", "document.removed", "event.removed"}
    assert "event.removed" in kinds
    assert {event.actor for event in told.events()[before:]} == {"clerk"}


def test_an_order_without_its_content_is_in_the_state_it_ended_in(played: Desk) -> None:
    retain(played.store, played.directory)
    with played.store.read() as unit:
        thread = unit.threads.look(played.order("PO-1").id).thread
    assert (thread.lines, thread.state, played.order("PO-1").state) == ((), "paid", "paid")


def test_a_refused_order_without_its_content_is_still_a_refused_one(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1", price="1")))
    reject_hold(desk.tools, desk.flow("held").id, because="not at this price", by="ann")
    desk.later(minutes=10)
    desk.drop(northwind(2, accepts("PR", 1, "855")))
    desk.clock.advance(timedelta(days=3000))
    retain(desk.store, desk.directory)
    with desk.store.read() as unit:
        thread = unit.threads.look(desk.order("PO-1").id).thread
    assert (thread.lines, thread.state) == ((), "rejected")


def test_money_taken_back_from_an_order_without_its_content_opens_it_again_and_leaves_its_other_figures(played: Desk) -> None:
    retain(played.store, played.directory)
    before = played.order("PO-1")
    with played.store.write() as unit:
        stored = unit.threads.get(before.id)
        (one,) = stored.thread.receivables
        taken_back = replace(stored.thread, receivables=(replace(one, payments=()),))
        unit.threads.save(stored.id, taken_back)
    after = played.order("PO-1")
    assert (after.ordered, after.confirmed, after.shipped) == (before.ordered, before.confirmed, before.shipped)
    assert (after.state, after.open) == ("billed", before.billed)
    with played.store.read() as unit:
        assert "00090001" in [each.receivable.invoice for each in unit.unpaid.all()]
