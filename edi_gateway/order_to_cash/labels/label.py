"""What stands on a label, whatever it is printed with."""

from __future__ import annotations

from typing import NamedTuple

from edi_gateway.documents.party import Party
from edi_gateway.documents.ship_notice import Pack, PackedItem, ShipNotice, ShippedOrder
from edi_gateway.errors import WrongInput
from edi_gateway.order_to_cash.sscc import is_gln, is_sscc
from edi_gateway.wording import count


class Symbol(NamedTuple):
    """One GS1-128 symbol: its application identifier and what follows it."""

    identifier: str
    value: str

    @property
    def text(self) -> str:
        """What stands under it for people."""
        return f"({self.identifier}) {self.value}"


class Label(NamedTuple):
    """One carton's or pallet's label. ``number`` of ``of`` counts the cartons, or the pallets, of the shipment."""

    kind: str  # carton, pallet
    sscc: str
    number: int
    of: int
    ship_from: tuple[str, ...]
    ship_to: tuple[str, ...]
    mark_for: tuple[str, ...]
    about: tuple[str, ...]  # order, department, vendor
    carrier: tuple[str, ...]  # carrier, bill of lading, PRO
    content: str
    postal: Symbol | None
    place: Symbol | None  # the store a carton is for, by its GLN or by the partner's number for it

    @property
    def symbol(self) -> Symbol:
        """The symbol of the SSCC."""
        return Symbol("00", self.sscc)


def labels_of(notice: ShipNotice) -> tuple[Label, ...]:
    """The labels of a shipment: a pallet's before those of its cartons. Raises WrongInput for a pack without a right SSCC."""
    packs = [(order, pack) for order in notice.orders for pack in order.packs]
    pallets = list(dict.fromkeys(pack.pallet for _, pack in packs if pack.pallet))
    made: list[Label] = []
    seen: set[str] = set()
    for number, (order, pack) in enumerate(packs, start=1):
        if pack.pallet and pack.pallet not in seen:
            seen.add(pack.pallet)
            stacked = [each for _, each in packs if each.pallet == pack.pallet]
            said = count(len(stacked), "carton")
            made.append(_label(notice, order, "pallet", pack.pallet, len(seen), len(pallets), said, _one_place(stacked)))
        made.append(_label(notice, order, "carton", pack.sscc, number, len(packs), _content(pack), pack.mark_for))
    return tuple(made)


def _label(
    notice: ShipNotice, order: ShippedOrder, kind: str, sscc: str, number: int, of: int, content: str, mark_for: Party | None
) -> Label:
    if not is_sscc(sscc):
        raise WrongInput(
            f"{kind} {number} of shipment {notice.shipment} has '{sscc}' for an SSCC, which is none",
            do="labels are for shipments that are told by packs; see the partner's ship_notice_structure",
        )
    ship_to = notice.ship_to
    return Label(
        kind=kind,
        sscc=sscc,
        number=number,
        of=of,
        ship_from=_address(notice.ship_from),
        ship_to=_address(ship_to),
        mark_for=_address(mark_for),
        about=_about(order),
        carrier=_carrier(notice),
        content=content,
        postal=Symbol("420", _plain(ship_to.postal_code)) if ship_to and _plain(ship_to.postal_code) else None,
        place=_place(mark_for, ship_to),
    )


def _one_place(packs: list[Pack]) -> Party | None:
    """The store all of them are for; None where they are for several."""
    places = {pack.mark_for for pack in packs}
    return places.pop() if len(places) == 1 else None


def _place(store: Party | None, ship_to: Party | None) -> Symbol | None:
    """Whom a carton is for: by GLN the party it is shipped to (410), or the one it goes on to from there (413); else our own 91.

    AI 410 and 413 are "ship to" and "ship for - deliver for - forward to" (GS1 General Specifications §3.7).
    """
    if store is None or not store.id.isdigit():
        return None
    if not is_gln(store.id):
        return Symbol("91", store.id)
    return Symbol("410" if ship_to is not None and ship_to.id == store.id else "413", store.id)


def _address(party: Party | None) -> tuple[str, ...]:
    if party is None:
        return ()
    town = " ".join(
        filter(None, (party.city + "," if party.city and party.region else party.city, party.region, party.postal_code))
    )
    name = party.name or (f"Store {party.id}" if party.role == "BY" else party.id)
    return tuple(filter(None, (name, party.name_2, party.street, party.street_2, town, party.country)))


def _about(order: ShippedOrder) -> tuple[str, ...]:
    told = (("PO", order.order_number), ("Dept", order.department), ("Vendor", order.vendor_number))
    return tuple(f"{word} {value}" for word, value in told if value)


def _carrier(notice: ShipNotice) -> tuple[str, ...]:
    scac = notice.carrier.scac if notice.carrier else ""
    told = (("Carrier", scac), ("B/L", notice.bill_of_lading), ("PRO", notice.carrier_reference))
    return tuple(f"{word} {value}" for word, value in told if value)


def _content(pack: Pack) -> str:
    if len(pack.items) != 1:
        return f"mixed, {len(pack.items)} items"
    return item_line(pack.items[0])


def item_line(item: PackedItem) -> str:
    """``12 EA  PB-1001  Lantern``: quantity, unit, the item by its first id, what it is."""
    return "  ".join(
        filter(None, (f"{item.quantity:f} {item.unit}", item.item_ids[0].id if item.item_ids else "", item.description))
    )


def _plain(postal_code: str) -> str:
    """A postal code as AI 420 carries it: letters and digits."""
    return "".join(character for character in postal_code if character.isalnum())
