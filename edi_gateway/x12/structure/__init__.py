"""Where every segment of a set belongs: ``place(definition, segments)``, flat and as a tree of loops."""

from edi_gateway.x12.structure.model import Fault, Loop, Placed, Structure
from edi_gateway.x12.structure.place import Walk, paths_of, place

__all__ = ["Fault", "Loop", "Placed", "Structure", "Walk", "paths_of", "place"]
