"""Give in: a payload that a program hands over goes on record, and on its way, together with who gave it."""

from __future__ import annotations

from typing import BinaryIO

from edi_gateway.pipeline.inbound.receive import take_in
from edi_gateway.pipeline.tools import Tools
from edi_gateway.store import payloads


def give_in(tools: Tools, partner: str, name: str, source: BinaryIO, *, by: str, alone: bool = False) -> int:
    """Takes a payload as if it had come over the partner's connection; the id of its transmission.

    The same bytes under one name count once. ``alone``: it may be of this partner and of nobody else, whoever sends over the
    connection; what of it is another's is held for a person. Raises WrongInput for a partner there is not.
    """
    connection = tools.directory.partner(partner).connection
    identity = f"api|{partner}|{name}" + ("|alone" if alone else "")  # one of a single partner is another than one of several
    staged = payloads.stage(source, tools.store.files)
    with tools.store.write() as unit:
        only_of = partner if alone else ""
        id = take_in(unit, staged, connection=connection, name=name, identity=identity, only_of=only_of)
        text = f"{name}, {staged.size:,} bytes, was given in"
        unit.events.tell("payload.given", f"transmission:{id}", text, partner=partner, actor=by)
    return id
