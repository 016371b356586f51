"""The standard's definitions, as data: what releases 004010 and 005010 allow in the sets the gateway knows."""

from edi_gateway.x12.standard.load import code_name, codes, group_code, load, releases, segment, segment_ids, sets
from edi_gateway.x12.standard.model import (
    CompositeDefinition,
    ElementUse,
    LoopUse,
    SegmentDefinition,
    SegmentUse,
    SyntaxNote,
    TransactionSetDefinition,
)
from edi_gateway.x12.standard.nearest import Nearest, agreed, nearest

__all__ = [
    "CompositeDefinition",
    "ElementUse",
    "LoopUse",
    "Nearest",
    "SegmentDefinition",
    "SegmentUse",
    "SyntaxNote",
    "TransactionSetDefinition",
    "agreed",
    "code_name",
    "codes",
    "group_code",
    "load",
    "nearest",
    "releases",
    "segment",
    "segment_ids",
    "sets",
]
