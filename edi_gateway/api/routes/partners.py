"""Partners and connections: read, changed under the same checks as the files, compared, tried."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Header, Response
from pydantic import BaseModel, Field

from edi_gateway.api import models
from edi_gateway.api.caller import Caller, Reader, does
from edi_gateway.api.office import Here, Office
from edi_gateway.api.once import Once
from edi_gateway.api.page import Cursor, Limit, Page, slice_of
from edi_gateway.api.problem import Problem, not_found
from edi_gateway.api.words import Name
from edi_gateway.bootstrap.tested import tell_tested
from edi_gateway.errors import WrongInput
from edi_gateway.operations import put_profile
from edi_gateway.operations.apply import differences
from edi_gateway.operations.put_profile import VersionChanged
from edi_gateway.trading.profile import TradingPartner
from edi_gateway.trading.versions import profile_version
from edi_gateway.transports.ping import Step
from edi_gateway.views.versions import handled_under

routes = APIRouter(route_class=Once)

IfMatch = Annotated[str | None, Header(max_length=200, description='The ETag of the version to be changed, or "*".')]
IfNoneMatch = Annotated[str | None, Header(max_length=200, description='"*": only if there is none of that name yet.')]
Profile = dict[str, Any]


class PartnerLine(BaseModel):
    """A partner in a list."""

    name: str = Field(examples=["northwind"])
    title: str
    interchange: list[str] = Field(description="Their ids on the ISA.", examples=[["ZZ:NORTHWIND"]])
    connection: str
    receives: list[str] = Field(description="Sets we send them.")
    sends: list[str] = Field(description="Sets they send us.")
    version: str


class ProfileOut(BaseModel):
    """A profile as its file says it, defaults left out; ``version`` is its ETag too. Secrets stand there by reference."""

    name: str
    version: str
    profile: Profile


class Checked(BaseModel):
    """What putting it in force would change: ``path: old → new``."""

    version: str
    differences: list[str]


class VersionOut(models.Out):
    """One version that was put in force, what it changed, and how much was handled under it; empty: taken away."""

    version: str
    applied_at: datetime
    applied_by: str
    differences: list[str]
    handled: int = 0


class StepOut(models.Out):
    """One thing that has to work before documents can move."""

    step: str = Field(examples=["port"])
    ok: bool
    detail: str


class AgreementOut(BaseModel):
    """The terms of one set, direction, release and usage with one partner."""

    partner: str
    agreement: Profile


@routes.get("/partners", response_model=Page[PartnerLine], tags=["partners"])
def partners(office: Here, caller: Reader, limit: Limit = 100, cursor: Cursor = "") -> Any:
    """All trading partners in force, by name."""
    seen = [each for each in office.tools().directory.partners if caller.sees(each.name)]
    return slice_of([_line(each) for each in sorted(seen, key=lambda each: each.name)], limit, cursor)


@routes.get("/partners/{name}", response_model=ProfileOut, tags=["partners"])
def partner(office: Here, caller: Reader, name: Name, response: Response) -> Any:
    """Everything agreed with one partner."""
    caller.look(f"partner {name}", name)
    return _profile(office, "partner", name, response)


@routes.put("/partners/{name}", response_model=ProfileOut, tags=["partners"])
def put_partner(
    office: Here,
    caller: Annotated[Caller, does("partner.change", whole=True)],
    name: Name,
    profile: Profile,
    response: Response,
    if_match: IfMatch = None,
    if_none_match: IfNoneMatch = None,
) -> Any:
    """Puts a profile in force, a new one or a changed one; a running gateway takes it up by itself."""
    return _put(office, caller, "partner", name, profile, response, _version_meant(if_match, if_none_match))


@routes.delete("/partners/{name}", status_code=204, tags=["partners"])
def remove_partner(
    office: Here, caller: Annotated[Caller, does("partner.change", whole=True)], name: Name, if_match: IfMatch = None
) -> None:
    """Takes a partner out of force; its versions and all that was exchanged are kept."""
    _remove(office, caller, "partner", name, if_match)


@routes.post("/partners/{name}/validate", response_model=Checked, tags=["partners"])
def validate(office: Here, caller: Annotated[Caller, does("partner.change", whole=True)], name: Name, profile: Profile) -> Any:
    """Checks a profile as putting it in force would, and says what it would change; changes nothing."""
    return _check(office, "partner", name, profile)


@routes.get("/partners/{name}/history", response_model=list[VersionOut], tags=["partners"])
def history(office: Here, caller: Reader, name: Name) -> Any:
    """Every version that was put in force, oldest first."""
    caller.look(f"partner {name}", name)
    return _history(office, "partner", name)


@routes.get("/partners/{name}/agreements", response_model=list[AgreementOut], tags=["agreements"])
def agreements_of(office: Here, caller: Reader, name: Name) -> Any:
    """What is exchanged with one partner."""
    caller.look(f"partner {name}", name)
    return _agreements([_partner(office, name)])


@routes.get("/agreements", response_model=Page[AgreementOut], tags=["agreements"])
def agreements(office: Here, caller: Reader, limit: Limit = 100, cursor: Cursor = "") -> Any:
    """What is exchanged with whom: set, direction, release, usage, map, guide."""
    seen = [each for each in office.tools().directory.partners if caller.sees(each.name)]
    return slice_of(_agreements(seen), limit, cursor)


@routes.post("/partners/{name}/test-connection", response_model=list[StepOut], tags=["partners"])
def try_partner(office: Here, caller: Annotated[Caller, does("connection.try")], name: Name) -> Any:
    """Tries the partner's connection step by step; no document moves. What came of it is on record."""
    caller.look(f"partner {name}", name)
    return _tried(office, caller, _partner(office, name).connection)


@routes.get("/connections", response_model=Page[ProfileOut], tags=["connections"])
def connections(office: Here, caller: Reader, limit: Limit = 100, cursor: Cursor = "") -> Any:
    """The places documents come from and go to."""
    directory = office.tools().directory
    used = {each.connection for each in directory.partners if caller.sees(each.name)}
    names = sorted(each.name for each in directory.connections if caller.partner is None or each.name in used)
    return slice_of([_profile(office, "connection", name, Response()) for name in names], limit, cursor)


@routes.get("/connections/{name}", response_model=ProfileOut, tags=["connections"])
def connection(office: Here, caller: Reader, name: Name, response: Response) -> Any:
    """One connection."""
    _see_connection(office, caller, name)
    return _profile(office, "connection", name, response)


@routes.put("/connections/{name}", response_model=ProfileOut, tags=["connections"])
def put_connection(
    office: Here,
    caller: Annotated[Caller, does("connection.change", whole=True)],
    name: Name,
    profile: Profile,
    response: Response,
    if_match: IfMatch = None,
    if_none_match: IfNoneMatch = None,
) -> Any:
    """Puts a connection in force, a new one or a changed one."""
    return _put(office, caller, "connection", name, profile, response, _version_meant(if_match, if_none_match))


@routes.delete("/connections/{name}", status_code=204, tags=["connections"])
def remove_connection(
    office: Here, caller: Annotated[Caller, does("connection.change", whole=True)], name: Name, if_match: IfMatch = None
) -> None:
    """Takes a connection out of force that nobody names any more."""
    _remove(office, caller, "connection", name, if_match)


@routes.post("/connections/{name}/test", response_model=list[StepOut], tags=["connections"])
def try_connection(office: Here, caller: Annotated[Caller, does("connection.try")], name: Name) -> Any:
    """Tries a connection step by step; no document moves. What came of it is on record."""
    _see_connection(office, caller, name)
    return _tried(office, caller, name)


def _tried(office: Office, caller: Caller, connection: str) -> tuple[Step, ...]:
    steps = office.ping(connection)
    tell_tested(office.store, connection, steps, by=caller.name)
    return steps


def _partner(office: Office, name: str) -> TradingPartner:
    try:
        return office.tools().directory.partner(name)
    except WrongInput as error:
        raise Problem("not_found", str(error)) from None


def _see_connection(office: Office, caller: Caller, name: str) -> None:
    directory = office.tools().directory
    used = {each.connection for each in directory.partners if caller.sees(each.name)}
    if name not in {each.name for each in directory.connections} or (caller.partner is not None and name not in used):
        raise not_found(f"connection {name}")


def _line(each: TradingPartner) -> PartnerLine:
    return PartnerLine(
        name=each.name,
        title=each.title,
        interchange=[str(id) for id in each.interchange],
        connection=each.connection,
        receives=sorted({one.set for one in each.agreements if one.direction == "out"}),
        sends=sorted({one.set for one in each.agreements if one.direction == "in"}),
        version=profile_version(each),
    )


def _agreements(seen: list[TradingPartner]) -> list[dict[str, Any]]:
    return [{"partner": each.name, "agreement": one.model_dump(mode="json")} for each in seen for one in each.agreements]


def _profile(office: Office, kind: str, name: str, response: Response) -> ProfileOut:
    now = put_profile.current(office.store, kind, name)
    if now is None:
        raise not_found(f"{kind} {name}")
    response.headers["ETag"] = f'"{now[0]}"'
    return ProfileOut(name=name, version=now[0], profile=put_profile.as_written(kind, now[1]))


def _put(
    office: Office, caller: Caller, kind: str, name: str, profile: Profile, response: Response, if_version: str | None
) -> ProfileOut:
    maps = office.tools().maps
    try:
        edited = put_profile.put(office.store, maps, kind, name, profile, if_version=if_version, by=caller.name)
    except VersionChanged as error:
        raise Problem("version_changed", str(error)) from None
    response.status_code = 200 if edited.before else 201
    response.headers["ETag"] = f'"{edited.version}"'
    return ProfileOut(name=name, version=edited.version, profile=put_profile.as_written(kind, edited.body))


def _remove(office: Office, caller: Caller, kind: str, name: str, if_match: str | None) -> None:
    if put_profile.current(office.store, kind, name) is None:
        raise not_found(f"{kind} {name}")
    try:
        put_profile.remove(
            office.store,
            office.tools().maps,
            kind,
            name,
            if_version=_version_meant(if_match, None),
            by=caller.name,
        )
    except VersionChanged as error:
        raise Problem("version_changed", str(error)) from None


def _check(office: Office, kind: str, name: str, profile: Profile) -> Checked:
    edited = put_profile.check(office.store, office.tools().maps, kind, name, profile)
    return Checked(version=edited.version, differences=differences(edited.before or "{}", edited.body))


def _version_meant(if_match: str | None, if_none_match: str | None) -> str | None:
    """The version a change is for: empty for a new one, None for whatever there is. Raises version_needed without any word."""
    if if_none_match is not None and if_none_match.strip('"') == "*":
        return ""
    if if_match is None:
        raise Problem("version_needed", "If-Match names the version that is changed; for a new one: If-None-Match: *")
    return None if if_match.strip() == "*" else if_match.strip().removeprefix("W/").strip('"')


def _history(office: Office, kind: str, name: str) -> list[VersionOut]:
    with office.store.read() as unit:
        versions = unit.versions.history(kind, name)
    if not versions:
        raise not_found(f"{kind} {name}")
    handled = handled_under(office.store, kind, name)
    told, before = [], "{}"
    for each in versions:
        under = handled.get(each.version)
        changed = differences(before, each.body or "{}") if before != "{}" else []
        told.append(
            VersionOut(
                version=each.version,
                applied_at=each.applied_at,
                applied_by=each.applied_by,
                differences=changed,
                handled=under.count if under else 0,
            )
        )
        before = each.body or "{}"
    return told
