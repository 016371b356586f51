"""What commands work with that compute and record, and leave running to the engine: no ERP and no connection is reached."""

from __future__ import annotations

from edi_gateway.bootstrap.gateway import find_store
from edi_gateway.errors import Defect, WrongInput
from edi_gateway.operations.apply import in_force, maps_in_force
from edi_gateway.pipeline.tools import Tools
from edi_gateway.settings import Settings
from edi_gateway.store.database import Database
from edi_gateway.transports.base import Sink


def find_tools(settings: Settings) -> Tools:
    """Store, profiles and maps in force. Raises WrongInput where there is no store, or nothing is in force in it."""
    return tools_of(find_store(settings))


def tools_of(store: Database) -> Tools:
    """The same over a store that is open. Raises WrongInput where nothing is in force in it."""
    directory = in_force(store)
    if directory is None:
        raise WrongInput("no partners are in force here", do="'edi-gateway partner apply'")
    return Tools(store, store.clock, directory, maps_in_force(store), {}, _no_connection)


def _no_connection(name: str) -> Sink:
    raise Defect(f"a command that only records was about to send over {name}")
