"""An embedded ERP: items, stock, prices, credit; it decides, packs, ships and bills by a clock that can be moved.

catalog    what it sells and to whom; catalog_file reads it
entries    what can happen in it, one line of its journal each
journal    the append-only file that is its memory
world      what the entries add up to
business   what it does next, and when
packing    how goods go into cartons
faults     what can be made to go wrong with the ERP
mishaps    what can be made to go wrong with an order in the warehouse
simulator  the ``Erp`` in front of it all
"""

from edi_gateway.erp.simulator.catalog import Catalog
from edi_gateway.erp.simulator.catalog_file import default_catalog, load_catalog
from edi_gateway.erp.simulator.faults import Faults
from edi_gateway.erp.simulator.mishaps import Mishap, Mishaps
from edi_gateway.erp.simulator.simulator import SimulatedErp

__all__ = ["Catalog", "Faults", "Mishap", "Mishaps", "SimulatedErp", "default_catalog", "load_catalog"]
