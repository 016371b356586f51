"""Holds: the document of a held flow, and letting it go on as it should have been."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter

from edi_gateway.api import models
from edi_gateway.api.caller import Caller, Reader, does
from edi_gateway.api.office import Here
from edi_gateway.api.once import Once
from edi_gateway.api.routes.again import Correction
from edi_gateway.api.routes.holds import flow_seen
from edi_gateway.api.words import Number, moment
from edi_gateway.operations.correct_held import correct_held, held_text

routes = APIRouter(prefix="/holds", tags=["holds"], route_class=Once)


class HeldCorrection(Correction):
    """What is held as it is to be, and what was read: a hold that changed since then is left as it is."""

    seen: models.Seen = None


@routes.get("/{flow}/model", response_model=dict[str, Any])
def model(office: Here, caller: Reader, flow: Number) -> Any:
    """The business content of what is held, theirs or ours: edit it, and give it to ``correct``."""
    flow_seen(office, caller, flow)
    return msgspec.json.decode(held_text(office.tools(), flow))


@routes.post("/{flow}/correct", response_model=models.AnswerOut)
def correct(office: Here, caller: Annotated[Caller, does("hold.correct")], flow: Number, wish: HeldCorrection) -> Any:
    """Edits it and lets it go on; what still keeps it holds it again. What the partner rejected goes again as an original."""
    flow_seen(office, caller, flow)
    given = msgspec.json.encode(wish.document).decode() if wish.document is not None else ""
    seen = moment(wish.seen)
    return correct_held(office.tools(), flow, given, wish.changes, because=wish.because, by=caller.name, seen=seen)
