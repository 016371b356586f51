"""Cross-references: partners' codes for items and locations and ours, with the days they hold; one by one or by the table."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query
from pydantic import BaseModel, Field

from edi_gateway.api import models
from edi_gateway.api.caller import Caller, Reader, does
from edi_gateway.api.office import Here, Office
from edi_gateway.api.once import Once
from edi_gateway.api.page import Cursor, Limit, Page, Place, part_of
from edi_gateway.api.problem import Problem, not_found
from edi_gateway.api.words import Name
from edi_gateway.errors import WrongInput
from edi_gateway.operations import cross_reference as operation
from edi_gateway.operations.access import may
from edi_gateway.operations.rights import RIGHTS
from edi_gateway.trading.cross_reference import COLUMNS, CrossReference, Kind, read_bytes

routes = APIRouter(prefix="/partners/{name}/cross-references", tags=["cross-references"], route_class=Once)

LARGEST = 20 << 20  # bytes of a table: some two hundred thousand entries

Code = Annotated[str, Query(min_length=1, max_length=80, description="Theirs, without the qualifier.", examples=["0423"])]
Qualifier = Annotated[str, Query(max_length=3, description="Of their code; empty: any.")]


class EntryOut(models.Out):
    """One code of theirs and what it is with us, for the days it holds; both days included, none: from ever, for good."""

    kind: Kind = Field(examples=["location"])
    qualifier: str = Field(max_length=3, description="Of their code; empty: any.", examples=["92"])
    code: str = Field(min_length=1, max_length=80, examples=["0423"])
    ours: str = Field(min_length=1, max_length=80, examples=["STORE-0423"])
    valid_from: date | None = None
    valid_until: date | None = None
    note: str = Field("", max_length=2000)


class NewEntry(EntryOut):
    """``resume`` lets go on what was held because such an entry was missing; that needs the right to operate."""

    resume: bool = False


class PutOut(BaseModel):
    """The entry as it is in force, and the flows that go on."""

    entry: EntryOut
    resumed: list[int]


class ImportOut(BaseModel):
    """How many entries the table brought; ``absent`` are in force and not in it: they stay, but with ``replace``."""

    new: int
    changed: int
    same: int
    absent: int
    dry_run: bool


@routes.get("", response_model=Page[EntryOut])
def entries(
    office: Here,
    caller: Reader,
    name: Name,
    kind: Annotated[Kind | None, Query(description="item or location; default: both.")] = None,
    code: Annotated[str, Query(max_length=80, description="Only this code of theirs.")] = "",
    on: Annotated[date | None, Query(description="Only what holds on this day.")] = None,
    limit: Limit = 100,
    cursor: Cursor = "",
) -> Any:
    """A partner's entries, by kind, code and first day."""
    caller.look(f"partner {name}", name)
    _partner(office, name)
    with office.store.read() as unit:
        found = unit.cross_references.of(name, kind)
    return part_of([each for each in found if code in ("", each.code) and _holds(each, on)], limit, cursor, _place)


def _place(entry: CrossReference) -> Place:
    begins = entry.valid_from.isoformat() if entry.valid_from else ""
    return (entry.kind, entry.code, entry.qualifier, begins)


@routes.put("", response_model=PutOut)
def put(office: Here, caller: Annotated[Caller, does("cross_reference.change", whole=True)], name: Name, new: NewEntry) -> Any:
    """Says what one code of theirs is with us; replaces what was said of it under the same first day."""
    _partner(office, name)
    if new.resume and not may(caller.role, RIGHTS["hold.resume"]):
        raise Problem("not_allowed", f"{caller.name} may not operate, and so not let flows go on")
    if new.valid_from and new.valid_until and new.valid_until < new.valid_from:
        raise WrongInput("the last day is before the first", where="valid_until")
    entry = CrossReference(**new.model_dump(exclude={"resume"}))
    operation.put_in_force(office.store, name, [entry], by=caller.name)
    resumed = operation.resume_held(office.store, name, entry, by=caller.name) if new.resume else []
    return {"entry": entry, "resumed": resumed}


@routes.delete("", response_model=models.AnswerOut)
def delete(
    office: Here,
    caller: Annotated[Caller, does("cross_reference.change", whole=True)],
    name: Name,
    kind: Kind,
    code: Code,
    qualifier: Qualifier = "",
    valid_from: Annotated[date | None, Query(description="Of the entry that begins then; none: that holds from ever.")] = None,
) -> Any:
    """Takes one entry away."""
    _partner(office, name)
    if not operation.take_away(office.store, name, (kind, qualifier, code, valid_from), by=caller.name):
        raise not_found(f"{kind} {qualifier}:{code} of {name} from that day")
    return models.AnswerOut(text=f"{kind} {qualifier}:{code} of {name} is no longer known")


@routes.post("/import", response_model=ImportOut)
def import_(
    office: Here,
    caller: Annotated[Caller, does("cross_reference.change", whole=True)],
    name: Name,
    body: Annotated[bytes, Body(media_type="text/csv", max_length=LARGEST, examples=[",".join(COLUMNS)])],
    replace: Annotated[bool, Query(description="Take away entries that are not in the table.")] = False,
    dry_run: Annotated[bool, Query(description="Say what would change, and change nothing.")] = False,
) -> Any:
    """Puts a CSV table in force: all of it, or with any mistake nothing. Its heading: kind, qualifier, code, ours, …"""
    _partner(office, name)
    given = read_bytes(body, "the table")
    if dry_run:
        found = operation.compare(office.store, name, given)
    else:
        found = operation.put_in_force(office.store, name, given, by=caller.name, replace=replace)
    return ImportOut(**{how: len(those) for how, those in found._asdict().items()}, dry_run=dry_run)


def _partner(office: Office, name: str) -> None:
    if name not in {each.name for each in office.tools().directory.partners}:
        raise not_found(f"partner {name}")


def _holds(entry: CrossReference, on: date | None) -> bool:
    return on is None or ((entry.valid_from or date.min) <= on <= (entry.valid_until or date.max))
