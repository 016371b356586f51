"""The forms files may have. A form writes documents for the ERP and reads what the ERP tells; both are pure.

An event names its order by ``order``: our document id as it stands in the order's file, or the buyer's order number, with the
customer before it where two use the same number (``northwind:0004711``).
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple, Protocol

import edi_gateway.erp.folder.csv_form as csv_form
import edi_gateway.erp.folder.idoc_form as idoc_form
import edi_gateway.erp.folder.json_form as json_form
import edi_gateway.erp.folder.xml_form as xml_form
from edi_gateway.documents.order import Order
from edi_gateway.documents.remittance import Remittance
from edi_gateway.erp.base import OrderEvent


class Form(Protocol):
    """One form of files, such as JSON. Readers raise WrongInput naming line or element; ``at`` stands in for a missing time."""

    SUFFIX: str

    def write_order(self, key: str, customer: str, order: Order) -> bytes:
        """An order as a file for the ERP."""
        ...

    def write_change(self, key: str, customer: str, of: str, order: Order) -> bytes:
        """An order as it is to be now, for the ERP that has it under ``of``; a line of quantity 0 is cancelled."""
        ...

    def write_remittance(self, key: str, customer: str, remittance: Remittance) -> bytes:
        """A remittance as a file for the ERP."""
        ...

    def read_events(self, body: bytes, at: datetime) -> list[OrderEvent]:
        """What a file of the ERP tells, in its order; ids are left empty."""
        ...


class _Forms(NamedTuple):
    json: Form
    csv: Form
    xml: Form
    idoc: Form


FORMS: dict[str, Form] = _Forms(json_form, csv_form, xml_form, idoc_form)._asdict()
