"""The packs of an 856: as many as announced, each with a label of its own."""

from __future__ import annotations

from collections.abc import Iterator

from edi_gateway.documents.ship_notice import ShipNotice
from edi_gateway.simulated_partner.checks.about import About
from edi_gateway.simulated_partner.checks.labels import fault_of_label
from edi_gateway.simulated_partner.complaint import Complaint, Kind
from edi_gateway.simulated_partner.ledger import Ledger
from edi_gateway.trading.profile import OurIdentity


def check_packs(ledger: Ledger, supplier: OurIdentity, about: About, notice: ShipNotice) -> Iterator[Complaint]:
    """Everything wrong with packs and labels, where packs are agreed."""
    packs = [pack for shipped in notice.orders for pack in shipped.packs]
    if all(not pack.sscc for pack in packs):
        yield about.complain(Kind.SHIPMENT_NO_PACKS, "it names no packs, and packs are agreed")
        return
    if notice.pack_count != len(packs):
        yield about.complain(Kind.SHIPMENT_PACK_COUNT, f"it announces {notice.pack_count} packs and names {len(packs)}")
    seen: set[str] = set()
    for pack in packs:
        fault = fault_of_label(pack.sscc, supplier.company_prefix)
        if fault:
            yield about.complain(Kind.SHIPMENT_SSCC, f"label '{pack.sscc}' {fault}")
        elsewhere = ledger.labels.get(pack.sscc, notice.shipment)
        if pack.sscc in seen or elsewhere != notice.shipment:
            where = "in this ship notice" if pack.sscc in seen else f"in shipment {elsewhere}"
            yield about.complain(Kind.SHIPMENT_SSCC_REUSED, f"label {pack.sscc} was used before {where}")
        seen.add(pack.sscc)
