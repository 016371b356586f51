"""An ERP behind an HTTP interface that speaks JSON, described by a file instead of by code."""

from edi_gateway.erp.rest.connector import RestErp

__all__ = ["RestErp"]
