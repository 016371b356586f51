"""Try cartons: what the partner's rules say of a shipment before it leaves; nothing is recorded, no label is given."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from edi_gateway.documents.base import Carrier
from edi_gateway.documents.party import Party
from edi_gateway.errors import WrongInput
from edi_gateway.operations.read_shipment import TRIAL, check_lines, shipped_from_json
from edi_gateway.order_to_cash.compliance import Exposure, Verdict, examine, exposures, measures_of
from edi_gateway.order_to_cash.facts import PackContent, PackedCarton, Shipped
from edi_gateway.order_to_cash.sscc import sscc
from edi_gateway.order_to_cash.turnaround import ShipTerms, draft_ship_notice
from edi_gateway.order_to_cash.turnaround.ship_notice import labels_to_give
from edi_gateway.pipeline.inbound.find_order import taken_orders
from edi_gateway.pipeline.outbound.around import around
from edi_gateway.pipeline.standing import standing_order
from edi_gateway.pipeline.tools import Tools
from edi_gateway.store.rows import DocumentRow
from edi_gateway.store.threads import StoredThread
from edi_gateway.store.unit import Unit
from edi_gateway.trading.compliance.clock import due


class Tried(NamedTuple):
    """The verdict of each rule, and what the broken ones may cost."""

    verdicts: tuple[Verdict, ...]
    exposures: tuple[Exposure, ...]


def try_cartons(tools: Tools, order: str, shipped: Shipped, *, partner: str = "", where: str = "the shipment") -> Tried:
    """The verdicts on the ship notice these cartons would make, of the order with this number.

    Cartons without a label get one for the trial alone. Raises WrongInput where there is no such order, or two partners have one,
    and Collected for lines the order does not have and quantities of nothing; ``where`` is what mistakes call the shipment.
    """
    with tools.store.read() as unit:
        stored = _order(tools, unit, order, partner)
        row = _row(unit, stored, shipped)
        profile, pack = tools.directory.partner(row.partner), tools.directory.pack(row.partner)
        ours = tools.directory.identity(profile.ours)
        ship_from = Party(role="SF", **ours.ship_from.model_dump()) if ours.ship_from else None
        terms = ShipTerms(ship_from=ship_from, structure=profile.answers.ship_notice_structure)
        trial = [sscc(ours.company_prefix, serial) for serial in range(labels_to_give(shipped, terms))]
        asked = standing_order(unit, stored.thread.document_id)
        check_lines(shipped, asked, where)
        now, zone = unit.clock.now(), ZoneInfo(profile.time_zone)
        notice = draft_ship_notice(asked, shipped, terms, now=now.astimezone(zone), sscc=trial, zone=zone)
        known = around(unit, tools, row, notice, stored.thread)
        known = msgspec.structs.replace(
            known,
            labels_used={label: shipment for label, shipment in known.labels_used.items() if label not in trial},
            leaves_at=shipped.at,
            is_trial=True,
            due_at=due(profile, pack, "856", shipped.at),
        )
    verdicts = examine(asked, stored.thread, notice, profile, pack, known)
    return Tried(verdicts, exposures(verdicts, pack, measures_of(notice, [(asked, stored.thread)], known)))


def try_json(tools: Tools, order: str, body: bytes | str, *, partner: str = "", where: str = "the shipment") -> Tried:
    """As ``try_cartons``, of a shipment in JSON. Raises Collected with all that is wrong in it, lines of the order included."""
    with tools.store.read() as unit:
        asked = standing_order(unit, _order(tools, unit, order, partner).thread.document_id)
    shipped = shipped_from_json(body, now=tools.clock.now(), where=where, order=asked)
    return try_cartons(tools, order, shipped, partner=partner, where=where)


def example_of(tools: Tools, order: str, partner: str = "") -> Shipped:
    """A shipment of all that is left to ship of an order, in one carton, with everything that may be said: to begin from.

    Raises WrongInput where there is no such order, two partners have one, or nothing is left to ship of it.
    """
    with tools.store.read() as unit:
        stored = _order(tools, unit, order, partner)
    contents = tuple(PackContent(line_number=line.number, quantity=line.to_ship) for line in stored.thread.lines if line.to_ship)
    if not contents:
        raise WrongInput(f"nothing is left to ship of order {order}", do=f"see 'edi-gateway order show {order}'")
    return Shipped(
        at=tools.clock.now(),
        shipment=TRIAL,
        cartons=(PackedCarton(contents=contents, weight=Decimal(10)),),
        carrier=Carrier(scac="ABCD", trailer="T-1"),
        bill_of_lading="B-1",
    )


def _order(tools: Tools, unit: Unit, number: str, partner: str) -> StoredThread:
    whose = [tools.directory.partner(partner)] if partner else tools.directory.partners
    found = [one for each in whose for one in taken_orders(unit, each.name, number)]
    if not found:
        of = f" of {partner}" if partner else ""
        raise WrongInput(f"there is no order {number}{of}", do="see 'edi-gateway order list'")
    if len(names := sorted({one.thread.partner for one in found})) > 1:
        raise WrongInput(f"{' and '.join(names)} each have an order {number}", do="say whose: name the partner")
    if len(found) > 1:
        raise WrongInput(f"{names[0]} has {len(found)} orders {number}", do="see 'edi-gateway order list'")
    return found[0]


def _row(unit: Unit, stored: StoredThread, shipped: Shipped) -> DocumentRow:
    """The notice's row as it would be; it has no id, for it is not on record."""
    order = unit.documents.get(stored.thread.document_id)
    return msgspec.structs.replace(
        order, id="", kind="ship notice", direction="out", number=shipped.shipment, thread_id=stored.id, at=unit.clock.now()
    )
