"""Hypothesis strategies: valid sets of any definition, and whole interchanges of them. They shrink to the shortest set."""

from __future__ import annotations

from random import Random

from fuzz import DEFINITIONS, in_interchange
from hypothesis import strategies as st
from mutated_documents import mutated
from valid_documents import valid_set

from edi_gateway.x12.envelope import Segment
from edi_gateway.x12.standard import TransactionSetDefinition


@st.composite
def valid_sets(draw: st.DrawFn) -> tuple[TransactionSetDefinition, list[Segment]]:
    """A definition and a set that nothing is wrong with, ST to SE."""
    definition = draw(st.sampled_from(DEFINITIONS))
    often, most = draw(st.sampled_from((0.0, 0.1, 0.25))), draw(st.integers(1, 60))
    return definition, valid_set(definition, Random(draw(st.integers(0, 1 << 32))), often=often, most=most)


@st.composite
def spoilt_sets(draw: st.DrawFn) -> tuple[TransactionSetDefinition, list[Segment]]:
    """The same after one to four changes, each of which may leave it valid."""
    definition, segments = draw(valid_sets())
    return definition, mutated(segments, definition, Random(draw(st.integers(0, 1 << 32))), draw(st.integers(1, 4)))


valid_interchanges = st.builds(lambda drawn: in_interchange(drawn[1], drawn[0]), valid_sets())
"""The bytes of an interchange with one valid set; ISA14 asks for a TA1."""
spoilt_interchanges = st.builds(lambda drawn: in_interchange(drawn[1], drawn[0]), spoilt_sets())
