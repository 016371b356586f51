"""An EDI/B2B document gateway for suppliers: purchase orders in, acknowledgments, ship notices and invoices out."""

__version__ = "0.1.0"
