"""The flow page of what is in force, with what the engine does where something fails."""

from __future__ import annotations

from datetime import timedelta

from edi_gateway.mapping.library import Library
from edi_gateway.trading.directory import Directory
from edi_gateway.views.flows import FlowFacts, Patience, flows
from edi_gateway.worker.backoff import Pace
from edi_gateway.worker.moves import MOST_DEFECTS, MOST_TRIES


def flow_page(directory: Directory, maps: Library, partner: str = "") -> list[FlowFacts]:
    """Every agreement of one partner, or of all, by its eight facts. Raises WrongInput for a partner or map there is not."""
    first, longest = (timedelta(seconds=each) for each in Pace.WORLD.value)
    return flows(directory, maps, Patience(first, longest, MOST_TRIES, MOST_DEFECTS), partner)
