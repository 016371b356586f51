"""Holds: a form with the document of what is held, and letting it go on as it should have been."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response

from edi_gateway.clock import moment_of
from edi_gateway.errors import GatewayError
from edi_gateway.operations.correct_held import correct_held, read_held
from edi_gateway.web.console import Act, Console, route_class

_SAYS = (
    "What still keeps it holds it again: this approves nothing. What the partner rejected goes again as an original; what came "
    "stays on record as it came."
)


def routes(console: Console) -> APIRouter:
    """The form, and what it does."""
    router = APIRouter(route_class=route_class(console), dependencies=[Depends(console.reads)])
    hold_correct = Depends(console.act("hold.correct"))

    @router.get("/holds/{flow:int}/correct")
    def correcting(request: Request, flow: int) -> Response:
        held = read_held(console.tools(), flow)
        return console.page(request, "correct.html", text=held.text, seen=held.seen.isoformat(), mistakes=(), **_about(flow))

    @router.post("/holds/{flow:int}/correct")
    def correct(request: Request, flow: int, act: Act = hold_correct) -> Response:
        text, because, seen = act.form.text("document"), act.form.get("because"), act.form.get("seen")
        try:
            told = correct_held(console.tools(), flow, text, [], because=because, by=act.by, seen=moment_of(seen))
        except GatewayError as error:
            written = {"text": text, "because": because, "seen": seen}
            return console.again(request, error, "correct.html", **written, **_about(flow))
        return console.go(request, "/holds", told.text)

    return router


def _about(flow: int) -> dict[str, str]:
    return {"what": f"what flow {flow} carries", "says": _SAYS, "back": "/holds", "button": "Correct it"}
