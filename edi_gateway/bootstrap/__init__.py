"""The one place that knows concrete classes: builds a gateway from its settings, starts it and stops it."""

from edi_gateway.bootstrap.gateway import Gateway, find_store, has_store, open_store

__all__ = ["Gateway", "find_store", "has_store", "open_store"]
