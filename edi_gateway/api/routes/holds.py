"""Holds: what waits for a person, and what a person does about it."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from edi_gateway.api import models
from edi_gateway.api.caller import Caller, Reader, does
from edi_gateway.api.office import Here, Office
from edi_gateway.api.once import Once
from edi_gateway.api.page import Cursor, Limit, Page, after, page_of
from edi_gateway.api.plain import page_as_json
from edi_gateway.api.problem import not_found
from edi_gateway.api.words import Number, moment
from edi_gateway.operations.deliver_out_of_band import deliver_out_of_band
from edi_gateway.operations.dismiss import dismiss
from edi_gateway.operations.hold import hold as hold_flow
from edi_gateway.operations.reject_hold import reject_hold
from edi_gateway.operations.resume import resume
from edi_gateway.store.rows import FlowRow
from edi_gateway.views.set_list import held
from edi_gateway.views.waits_behind import waits_behind

routes = APIRouter(prefix="/holds", tags=["holds"], route_class=Once)

STATES = (
    "held, dead, rejected; retried: what waits for its next try, and keeps what is behind it waiting; behind: what is ready and "
    "waits behind one of its order that is held or dead. Default: held, dead."
)


class Resume(BaseModel):
    """``attach_to`` names the partner an unknown sender's interchange belongs to."""

    attach_to: str = Field("", max_length=80, examples=[""])
    seen: models.Seen = None


class Ending(models.Reason):
    """Why, and what was read: a hold that changed since then is left as it is."""

    seen: models.Seen = None


@routes.get("", response_model=Page[models.HoldOut])
def holds(
    office: Here,
    caller: Reader,
    partner: Annotated[str, Query(max_length=80)] = "",
    state: Annotated[list[str], Query(description=STATES)] = [],  # noqa: B006
    limit: Limit = 100,
    cursor: Cursor = "",
) -> Any:
    """What waits for a person, newest first, and why."""
    caller.look(f"partner {partner}", partner or caller.partner)
    who = partner or caller.partner or ""
    return page_as_json(models.HoldOut, page_of(held(office.store, who, *state, limit=limit + 1, before=after(cursor)), limit))


@routes.get("/{flow}", response_model=models.FlowOut)
def hold(office: Here, caller: Reader, flow: Number) -> Any:
    """One flow, whatever its state; of a ready one, which other one of its order it waits behind."""
    found = flow_seen(office, caller, flow)
    with office.store.asking() as connection:
        behind = waits_behind(connection, [flow])
    return msgspec.structs.replace(found, because=behind.get(flow, found.because))


@routes.post("/{flow}/place", response_model=models.AnswerOut)
def place(office: Here, caller: Annotated[Caller, does("hold.place")], flow: Number, why: models.Reason) -> Any:
    """Holds what waits for its next try, so that what is behind it goes on at once: where it fails for this one alone."""
    flow_seen(office, caller, flow)
    hold_flow(office.store, flow, because=why.because, by=caller.name)
    return models.AnswerOut(text=f"flow {flow} is held; what was behind it goes on", child=f"flow:{flow}")


@routes.post("/{flow}/resume", response_model=models.AnswerOut)
def go_on(office: Here, caller: Annotated[Caller, does("hold.resume")], flow: Number, wish: Resume | None = None) -> Any:
    """Lets it go on at the stage where it stopped, after what held it was mended; of what a rule held, the approval."""
    flow_seen(office, caller, flow)
    wish = wish or Resume()
    is_admin, seen = caller.role == "admin", moment(wish.seen)
    resume(office.store, flow, by=caller.name, admin=is_admin, attach_to=wish.attach_to, seen=seen)
    return models.AnswerOut(text=f"flow {flow} goes on", child=f"flow:{flow}")


@routes.post("/{flow}/dismiss", response_model=models.AnswerOut)
def end(office: Here, caller: Annotated[Caller, does("hold.dismiss")], flow: Number, why: Ending) -> Any:
    """Ends it; payload, document and history stay."""
    flow_seen(office, caller, flow)
    dismiss(office.store, flow, because=why.because, by=caller.name, admin=caller.role == "admin", seen=moment(why.seen))
    return models.AnswerOut(text=f"flow {flow} is dismissed", child=f"flow:{flow}")


@routes.post("/{flow}/ignore", response_model=models.AnswerOut, deprecated=True)
def ignore(office: Here, caller: Annotated[Caller, does("hold.dismiss")], flow: Number, why: Ending) -> Any:
    """The former name of ``dismiss``: it does the same."""
    return end(office, caller, flow, why)


@routes.post("/{flow}/reject", response_model=models.AnswerOut)
def reject(office: Here, caller: Annotated[Caller, does("hold.reject")], flow: Number, why: Ending) -> Any:
    """Refuses it and tells its sender: an order by an 855, a change by an 865, what is owed still by the 997."""
    flow_seen(office, caller, flow)
    return models.AnswerOut(text=reject_hold(office.tools(), flow, because=why.because, by=caller.name, seen=moment(why.seen)))


@routes.post("/{flow}/delivered", response_model=models.AnswerOut)
def delivered(office: Here, caller: Annotated[Caller, does("hold.delivered")], flow: Number, why: Ending) -> Any:
    """Marks what could not be sent or posted as brought there by other means; nothing is sent."""
    flow_seen(office, caller, flow)
    return models.AnswerOut(
        text=deliver_out_of_band(office.tools(), flow, because=why.because, by=caller.name, seen=moment(why.seen))
    )


def flow_seen(office: Office, caller: Caller, id: int) -> FlowRow:
    """A flow of a partner this caller may see. Raises not found for any other."""
    with office.store.read() as unit:
        found = unit.flows.get(id)
    if found is None or not caller.sees(found.partner):
        raise not_found(f"flow {id}")
    return found
