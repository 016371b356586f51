"""Compliance: the rules in force with a partner, the verdicts on our documents, cartons tried, and proof against a charge."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel, Field

from edi_gateway.api import models
from edi_gateway.api.caller import Caller, Overseer, Reader, does
from edi_gateway.api.office import Here
from edi_gateway.api.page import Cursor, Limit, Page, after, cursor_to
from edi_gateway.api.problem import not_found
from edi_gateway.api.words import Name, Number
from edi_gateway.operations.try_cartons import try_json
from edi_gateway.views.compliance import exposure_by_rule, rules_in_force
from edi_gateway.views.compliance_list import Sought, find_verdicts
from edi_gateway.views.dispute import dispute_of
from edi_gateway.views.evidence_file import zip_of

routes = APIRouter(tags=["compliance"])

_SHIPMENT = {"cartons": [{"weight": 14.5, "contents": [{"line_number": "001", "quantity": 12}]}]}


class RuleExposureOut(models.Out):
    """What documents that left and broke a rule may cost: what could be reckoned, and of how many it is unknown."""

    documents: int = Field(examples=[3])
    amount: Decimal = Field(examples=["35.50"])
    unknown: int = Field(examples=[1])
    currency: str = Field(examples=["USD"])
    last: str = Field(description="The reckoning of the last of them.", examples=["7 cartons × 2.5 = 17.5"])


class RuleOut(models.Out):
    """A rule in force with a partner."""

    rule: str = Field(examples=["R13"])
    kind: str = Field(description="pre, watch or post.", examples=["pre"])
    about: list[str] = Field(examples=[["856"]])
    does: str = Field(description="block, warn or off.", examples=["block"])
    parameters: dict[str, str] = Field(examples=[{"weight_tolerance_percent": "5"}])
    stake: str = Field(description="The fee, as the pack says it; empty where none is known.", examples=["2.5 per carton"])
    source: str = Field(examples=["Vendor Standards 2026 §4.2, 2026-02-01"])
    asks: str
    exposure: RuleExposureOut | None


class VerdictOut(models.Out):
    """What came of one rule for one document of ours at one look."""

    id: int = Field(description="Of the look; looks are never overwritten.", examples=[41])
    at: datetime
    partner: str = Field(examples=["northwind"])
    document_id: str
    kind: str = Field(examples=["ship notice"])
    number: str = Field(examples=["S-88120"])
    occasion: str = Field(description="draft, correct, retransmit, re-envelope or send anew.", examples=["draft"])
    rule: str = Field(examples=["R13"])
    result: str = Field(description="stopped, warned, kept or off.", examples=["stopped"])
    place: str = Field(examples=["weight"])
    message: str = Field(examples=["it weighs 44 LB, its packs 40"])
    source: str
    exposure: Decimal | None = Field(
        description="What the document may cost by this rule, on the first verdict of the rule at a look; null: no fee is known, "
        "it cannot be reckoned, or it stands on that first one."
    )
    reckoning: str = Field(examples=["7 cartons × 2.5 = 17.5"])
    set: int | None = Field(description="Its number under /documents, where it has one.")


class TriedVerdictOut(models.Out):
    """What one rule says of cartons that were tried."""

    rule: str = Field(examples=["R12"])
    result: str = Field(examples=["stopped"])
    message: str = Field(examples=["60 EA shipped of 48 ordered"])
    place: str = Field(examples=["line 001"])
    source: str
    stake: str
    do: str = Field(description="What a person may do about it.")


class ExposureOut(models.Out):
    """What the ship notice would cost by one rule; ``amount`` null: unknown, and ``reckoning`` says why."""

    rule: str = Field(examples=["R12"])
    amount: Decimal | None = Field(examples=["12.50"])
    reckoning: str = Field(examples=["5 cartons × 2.5 = 12.5"])


class TriedOut(BaseModel):
    """What the rules say; nothing was recorded."""

    verdicts: list[TriedVerdictOut]
    exposures: list[ExposureOut]


class Cartons(BaseModel):
    """Cartons for one order. ``shipment`` is what the ERP would tell; the contents of its cartons are enough."""

    order: str = Field(min_length=1, max_length=80, examples=["0004711"])
    partner: str = Field("", max_length=80, description="Whose order, where two have one of that number.")
    shipment: dict[str, Any] = Field(examples=[_SHIPMENT])


@routes.get("/compliance/verdicts", response_model=Page[VerdictOut])
def verdicts(
    office: Here,
    caller: Reader,
    partner: Annotated[str, Query(max_length=80)] = "",
    rule: Annotated[str, Query(max_length=3, description="Its number.", examples=["R13"])] = "",
    result: Annotated[Literal["", "stopped", "warned", "kept", "off"], Query(description="Empty: what was broken.")] = "",
    number: Annotated[str, Query(max_length=80, description="Of the shipment, invoice or order.")] = "",
    limit: Limit = 100,
    cursor: Cursor = "",
) -> Any:
    """The newest first: every rule that a document of ours broke, each time it was to leave.

    A look at a document is told whole, so that a page may hold a few more than its limit.
    """
    caller.look(f"partner {partner}", partner or caller.partner)
    whose = partner or caller.partner or ""
    sought = Sought(partner=whose, rule=rule, result=result, number=number, before=after(cursor))
    found = find_verdicts(office.store, sought, limit)
    return {"items": found, "next": cursor_to(found[-1].id) if len(found) >= limit else None}


@routes.get("/partners/{name}/compliance", response_model=list[RuleOut])
def rules(office: Here, caller: Reader, name: Name) -> Any:
    """The rules in force with a partner, with what was broken of late and may cost."""
    caller.look(f"partner {name}", name)
    directory = office.tools().directory
    if name not in {each.name for each in directory.partners}:
        raise not_found(f"partner {name}")
    return rules_in_force(directory.pack(name), exposure_by_rule(office.store, name, directory.partner(name).currency))


@routes.post("/compliance/try", response_model=TriedOut)
def try_(office: Here, caller: Annotated[Caller, does("compliance.try")], given: Cartons) -> Any:
    """What the rules say of the ship notice these cartons would make; nothing is recorded, and no label is given out."""
    caller.look(f"partner {given.partner}", given.partner or caller.partner)
    whose = given.partner or caller.partner or ""
    tried = try_json(office.tools(), given.order, json.dumps(given.shipment), partner=whose, where="shipment")
    return {"verdicts": tried.verdicts, "exposures": tried.exposures}


@routes.get("/orders/{id}/dispute", response_class=Response, responses={200: {"content": {"application/zip": {}}}})
def dispute(office: Here, caller: Overseer, id: Number) -> Response:
    """What proves our side of a charge about this order, as one zip file; begin with its index.html."""
    with office.store.read() as unit:
        if unit.threads.find(id) is None:
            raise not_found(f"order {id}")
    headers = {"Content-Disposition": f'attachment; filename="dispute-{id}.zip"'}
    return Response(zip_of(partial(dispute_of, office.store, id)), media_type="application/zip", headers=headers)
