"""A shipment that waits is seen, and why: what holds it, or what of its order waits before it."""

from __future__ import annotations

from collections.abc import Callable

from desk import NORTHWIND, Desk, Profiles
from partner_says import northwind, order, rejects

from edi_gateway.operations.dismiss import dismiss
from edi_gateway.views.shipments import shipments


def test_a_shipment_behind_a_rejected_855_is_seen_with_why_it_waits(any_desk: Desk) -> None:
    any_desk.drop(northwind(1, order("PO-1")))
    any_desk.later(minutes=10)
    any_desk.drop(northwind(2, rejects("PR", 1, "855")))
    any_desk.later(hours=8)
    rejected = any_desk.flow("held")
    (waits,) = shipments(any_desk.store)
    assert (waits.order, waits.delivery, waits.document) == ("PO-1", "not drafted", "")
    assert waits.because.startswith(f"waits behind flow {rejected.id} of its order, held at 'await': northwind answered 855 PO-1")
    dismiss(any_desk.store, rejected.id, because="they took it by telephone", by="ann")
    any_desk.run()
    (left,) = shipments(any_desk.store)
    assert (left.shipment, left.delivery, left.because) == (waits.shipment, "sent", "")


def test_a_shipment_whose_856_is_held_says_what_holds_it(make_desk: Callable[..., Desk], profiles: Profiles) -> None:
    guide = profiles.folder / NORTHWIND / "guides/856.yaml"
    guide.write_text(guide.read_text().replace('BSN01: {codes: ["00"]}', 'BSN01: {codes: ["05"]}'))
    desk = make_desk()
    desk.drop(northwind(1, order("PO-1")))
    desk.later(hours=8)
    (waits,) = shipments(desk.store)
    assert (waits.delivery, waits.document) == ("pending", desk.set("856").document_id)
    assert waits.because.startswith("held: the 856 we would send breaks the partner's guide: segment 2, BSN01")
