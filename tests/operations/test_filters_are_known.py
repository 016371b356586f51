"""A filter that names what there is not is a mistake, told with the nearest word; it is no empty list."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from desk import ROOT, Desk

from edi_gateway.errors import WrongInput
from edi_gateway.operations.apply import apply
from edi_gateway.operations.replay import begin, terms
from edi_gateway.operations.resume import resume
from edi_gateway.operations.resume_cause import resume_cause
from edi_gateway.store.cases import CaseRow
from edi_gateway.store.database import Database
from edi_gateway.store.selection import Selection
from edi_gateway.views.deadlines import deadlines
from edi_gateway.views.figures import figures, overdue_invoices
from edi_gateway.views.interchanges import find_interchanges
from edi_gateway.views.invoices import invoices
from edi_gateway.views.moved import find_events, find_transmissions
from edi_gateway.views.numbers import arrivals
from edi_gateway.views.orders import find_orders
from edi_gateway.views.set_list import Sought, find, held
from edi_gateway.views.sync import sync
from edi_gateway.views.traffic import sets
from edi_gateway.views.which_order import which_order


def find_cases(store: Database, partner: str) -> list[CaseRow]:
    with store.read() as unit:
        return unit.cases.rows(partner=partner)


OF_PARTNERS: list[Callable[[Database, str], object]] = [
    lambda store, name: sets(store, Selection(partner=name)),
    lambda store, name: find(store, Sought(meant=Selection(partner=name))),
    lambda store, name: held(store, name),
    lambda store, name: find_orders(store, partner=name),
    lambda store, name: find_transmissions(store, partner=name),
    lambda store, name: find_interchanges(store, partner=name),
    lambda store, name: invoices(store, partner=name),
    lambda store, name: figures(store, partner=name),
    lambda store, name: overdue_invoices(store, partner=name),
    lambda store, name: deadlines(store, name),
    lambda store, name: arrivals(store, name),
    lambda store, name: sync(store, partner=name),
    lambda store, name: find_events(store, partner=name),
    lambda store, name: find_cases(store, name),
]
OF_STATES: list[tuple[Callable[[Database, str], object], str, str]] = [
    (lambda store, word: sets(store, Selection(state=word)), "hold", "held"),
    (lambda store, word: sets(store, Selection(validation=word)), "warning", "warnings"),
    (lambda store, word: find(store, Sought(meant=Selection(delivery=word))), "delivred", "delivered"),
    (lambda store, word: find(store, Sought(meant=Selection(acknowledgment=word))), "partial accepted", "partially accepted"),
    (lambda store, word: held(store, "", word), "reject", "rejected"),
    (lambda store, word: find_orders(store, state=word), "partly-shipped", "partly shipped"),
    (lambda store, word: invoices(store, state=word), "drafts", "draft"),
    (lambda store, word: find_transmissions(store, direction=word), "outt", "out"),
]


@pytest.fixture
def store(desk: Desk) -> Database:
    """A store with the partners in force, and nothing that came."""
    apply(desk.store, ROOT / "partners", ROOT / "maps", by="ann")
    return desk.store


def test_a_partner_there_is_not_is_told_with_the_nearest_name(store: Database) -> None:
    for ask in OF_PARTNERS:
        ask(store, "northwind")
        with pytest.raises(WrongInput, match="there is no partner 'nothwind' — did you mean 'northwind'"):
            ask(store, "nothwind")


def test_an_order_is_looked_for_at_no_partner_there_is_not(store: Database) -> None:
    with pytest.raises(WrongInput, match="there is no partner 'nothwind' — did you mean 'northwind'"):
        which_order(store, "PO-1", "nothwind")


def test_a_state_there_is_not_is_told_with_the_nearest_word(store: Database) -> None:
    for ask, wrong, right in OF_STATES:
        ask(store, right)
        with pytest.raises(WrongInput, match=f"'{wrong}' is no .* — did you mean '{right}'"):
            ask(store, wrong)


def test_an_interchange_is_attached_to_nobody_that_there_is_not(desk: Desk, store: Database) -> None:
    desk.drop("unknown-sender-850.edi")
    held_as = desk.flow("held")
    with pytest.raises(WrongInput, match="there is no partner 'nothwind' — did you mean 'northwind'"):
        resume(store, held_as.id, by="ann", attach_to="nothwind")
    assert desk.flow("held") == held_as


def test_nothing_is_replayed_or_resumed_for_a_partner_there_is_not(desk: Desk, store: Database) -> None:
    how = terms(origin="raw", versions="current", numbers="new", sends=False, is_dry=True)
    with pytest.raises(WrongInput, match="there is no partner 'nothwind'"):
        begin(desk.tools, Selection(partner="nothwind"), how, because="x", by="ann")
    with pytest.raises(WrongInput, match="there is no partner 'nothwind'"):
        resume_cause(store, "sleeps", partner="nothwind", by="ann")
