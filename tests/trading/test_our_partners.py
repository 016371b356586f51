"""The three partners that come with the gateway: loaded, and unlike each other."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from edi_gateway.mapping.library import Library
from edi_gateway.trading.loader import load
from edi_gateway.x12.delimiters import Delimiters

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def directory():
    return load(ROOT / "partners")


def terms(directory, partner, set, direction, release):
    return directory.agreement(directory.partner(partner), set, direction, release, "production")


def test_northwind_is_a_retailer_with_cartons_and_a_day_to_answer(directory):
    northwind = directory.partner("northwind")
    assert northwind.marks.delimiters() == Delimiters("*", ">", "~", None, "\n")
    assert terms(directory, "northwind", "850", "in", "004010VICS").acknowledgment.within == timedelta(hours=24)
    assert northwind.answers.ship_notice_structure == "shipment, order, pack, item"
    assert northwind.answers.lines == "always"


def test_cascade_is_a_distributor_without_cartons_and_two_hours_to_answer(directory):
    cascade = directory.partner("cascade")
    assert cascade.marks.delimiters() == Delimiters("|", "^", "\n")
    assert terms(directory, "cascade", "850", "in", "004010").acknowledgment.within == timedelta(hours=2)
    assert cascade.answers.ship_notice_structure == "shipment, order, item"
    assert cascade.answers.lines == "changes"


def test_fairmont_is_a_grocer_on_005010_and_asks_for_a_999(directory):
    fairmont = directory.partner("fairmont")
    assert fairmont.marks.delimiters() == Delimiters("*", ">", "~", "^")
    assert terms(directory, "fairmont", "850", "in", "005010").acknowledgment.form == "999"
    assert directory.guide(fairmont, terms(directory, "fairmont", "856", "out", "005010")).hierarchies == (("S", "O", "P", "I"),)


def test_ship_notices_and_invoices_are_never_retransmitted_without_a_person(directory):
    for partner in directory.partners:
        sent_once = [each for each in partner.agreements if each.set in {"856", "810"}]
        assert sent_once
        assert not any(each.awaits.retransmit for each in sent_once)


def test_our_company_prefix_numbers_cartons(directory):
    assert directory.identity("main").company_prefix == "0614141"


def test_nobody_has_a_key_to_a_mailbox_before_one_is_enrolled(directory):
    assert {connection.name: connection.keys for connection in directory.connections} == {
        "cascade-mailbox": (),
        "fairmont-mailbox": (),
        "northwind-mailbox": (),
    }


def test_every_agreement_names_a_map_there_is():
    maps = Library.load(ROOT / "maps").names()
    load(ROOT / "partners", maps)
    named = {agreement.map for partner in load(ROOT / "partners").partners for agreement in partner.agreements}
    assert {name.rpartition("/")[2] for name in named} == {
        "850-order",
        "820-remittance",
        "order-acknowledgment-855",
        "ship-notice-856",
        "invoice-810",
    }


def test_a_map_made_for_a_partner_is_the_one_agreed_with_it(directory):
    maps = Library.load(ROOT / "maps").names()
    for partner in directory.partners:
        own = {name for name in maps if name.startswith(f"{partner.name}/")}
        named = {agreement.map for agreement in partner.agreements}
        assert own <= named
