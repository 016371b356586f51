"""Each preset at work: its sample order goes all the way, every answer keeps its guides, and its money is applied."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from desk import ROOT, Desk, library
from preset_scenes import SCENES, Scene, answered

from edi_gateway.documents.invoice import Invoice
from edi_gateway.simulated_partner.payments import remittance_for
from edi_gateway.x12.writer import GroupHeader, InterchangeHeader, write_interchange


def remittance(desk: Desk, scene: Scene) -> bytes:
    """Their 820 for the invoice they got, as their agreement has it."""
    partner = desk.directory.partner(scene.preset)
    ours = desk.directory.identity(partner.ours)
    (agreement,) = [each for each in partner.agreements if each.set == "820"]
    with desk.store.read() as unit:
        invoice = unit.documents.read(desk.set("810").document_id or "")
    assert isinstance(invoice, Invoice)
    advice = remittance_for([invoice], partner, ours, trace="T-1", on=date(2026, 12, 18))
    them, at = partner.interchange[0], desk.clock.now()
    header = InterchangeHeader(
        sender=them, receiver=ours.interchange, control_number=900, at=at, version=partner.interchange_version
    )
    group = GroupHeader(
        code="RA", sender=partner.group[0], receiver=ours.group, control_number=900, release=agreement.release, at=at
    )
    segments = library(ROOT / "maps").writing(agreement.map).write(advice, release=agreement.release)
    if partner.characters == "basic":
        segments = [[element.upper() for element in segment] for segment in segments]
    return write_interchange(header, [(group, [[["ST", "820", ""], *segments]])], partner.marks.delimiters())


@pytest.mark.parametrize("scene", SCENES, ids=str)
def test_an_order_goes_all_the_way_and_nothing_is_found_in_any_set(desk: Desk, scene: Scene) -> None:
    answered(desk, scene)
    assert desk.codes(to=scene.mailbox) == scene.answers
    assert desk.order(scene.order).billed == Decimal(scene.total)
    desk.drop(remittance(desk, scene), "820.edi", at=scene.mailbox)
    assert desk.order(scene.order).remitted == Decimal(scene.total)
    assert desk.held() == []
    assert {row.code: row.findings for row in desk.sets() if row.validation != "valid"} == {}
