"""XML of our own: the fields of documents and events as elements, held against an XML Schema made from the same types.

    <order-for-erp id="…" customer="northwind"><number>0004711</number><lines><order-line>…</order-line></lines></order-for-erp>
    <events><shipped order="…"><shipment>S1</shipment><cartons><packed-carton> … </packed-carton></cartons></shipped></events>

Fields may stand in any order; what is missing has its default. ``schemas`` gives the schemas, for those on the other side.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache

from lxml import etree

from edi_gateway.documents.base import Value
from edi_gateway.documents.order import Order
from edi_gateway.documents.remittance import Remittance
from edi_gateway.erp.base import OrderBilled, OrderCredited, OrderDecided, OrderEvent, OrderShipped
from edi_gateway.erp.folder import elements
from edi_gateway.errors import WrongInput

SUFFIX = "xml"
EVENTS: dict[str, type[OrderEvent]] = {
    "decided": OrderDecided,
    "shipped": OrderShipped,
    "billed": OrderBilled,
    "credited": OrderCredited,
}
_OUT: dict[str, type[Value]] = {"order-for-erp": Order, "change-for-erp": Order, "remittance-for-erp": Remittance}
_USUAL = ("id", "customer")
_ATTRIBUTES = {"change-for-erp": (*_USUAL, "changes")}


def write_order(key: str, customer: str, order: Order) -> bytes:
    """The order, valid by its schema."""
    return _write("order-for-erp", key, customer, order)


def write_change(key: str, customer: str, of: str, order: Order) -> bytes:
    """The order as it is to be, valid by its schema; ``changes`` is the id of the order it changes."""
    return _write("change-for-erp", key, customer, order, changes=of)


def write_remittance(key: str, customer: str, remittance: Remittance) -> bytes:
    """The remittance, valid by its schema."""
    return _write("remittance-for-erp", key, customer, remittance)


def read_events(body: bytes, at: datetime) -> list[OrderEvent]:
    """The events under ``<events>``. Raises WrongInput naming the line and what the schema does not allow there."""
    root = parse(body)
    try:
        _compiled("events").assertValid(root)
    except etree.DocumentInvalid as error:
        raise WrongInput(f"is not what the schema allows: {error}", do="see it with: edi-gateway erp schema events") from None
    return [_event(found, at) for found in root]


def schemas() -> dict[str, bytes]:
    """The schemas by name: ``order-for-erp``, ``change-for-erp``, ``remittance-for-erp``, which we write, and ``events``."""
    made = {name: elements.schema({name: type_}, attributes=_ATTRIBUTES.get(name, _USUAL)) for name, type_ in _OUT.items()}
    made["events"] = elements.schema(dict(EVENTS), attributes=("order",), around="events", leaving_out=("id", "order"))
    return {name: _bytes(found) for name, found in made.items()}


def parse(body: bytes) -> etree._Element:
    """A document's root, if it is plain XML: no DTD, no entities. Raises WrongInput naming the line."""
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True)
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise WrongInput(f"is no XML: {error.msg}", where=f"line {error.lineno}") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise WrongInput("has a DOCTYPE, which is never needed here", do="leave it out")
    return root


def _write(name: str, key: str, customer: str, document: Value, **more: str) -> bytes:
    root = etree.Element(name, {"id": key, "customer": customer, **more})
    elements.write(document, root)
    _compiled(name).assertValid(root)
    return _bytes(root)


def _bytes(root: etree._Element) -> bytes:
    return etree.tostring(root, pretty_print=True, xml_declaration=True, encoding="UTF-8")


def _event(found: etree._Element, at: datetime) -> OrderEvent:
    given = {"id": "", "order": found.get("order", ""), "at": at}
    return elements.read(found, EVENTS[str(found.tag)], given)


@cache
def _compiled(name: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.fromstring(schemas()[name]))
