"""What went wrong, as RFC 9457 says it: ``application/problem+json`` with a code that stays the same over releases."""

from __future__ import annotations

import secrets
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from edi_gateway import log
from edi_gateway.errors import Collected, Defect, GatewayError, NeedsPerson, TryAgain, WrongInput
from edi_gateway.operations.access import TooManyTries
from edi_gateway.operations.seen import ChangedSince

MEDIA_TYPE = "application/problem+json"
TYPES = "urn:edi-gateway:problem:"

CODES: dict[str, tuple[int, str]] = {
    "not_signed_in": (401, "No key, or one that is not true"),
    "not_allowed": (403, "This caller may not do that"),
    "not_found": (404, "There is no such thing, or this caller does not see it"),
    "method_not_allowed": (405, "This address knows no such method"),
    "in_flight": (409, "The first request with this Idempotency-Key is not answered yet"),
    "conflict": (409, "It cannot be done as things are now"),
    "version_changed": (412, "It was changed since it was read"),
    "too_large": (413, "The body is larger than what is taken"),
    "wrong_media_type": (415, "The body is of a kind that is not taken here"),
    "wrong_input": (422, "What was given is wrong"),
    "key_reused": (422, "The Idempotency-Key was used with another request"),
    "version_needed": (428, "Say which version is to be changed: If-Match"),
    "too_many_requests": (429, "Slow down"),
    "defect": (500, "The gateway itself is wrong"),
    "try_again": (503, "It may go by itself later"),
}
_BY_STATUS = {404: "not_found", 405: "method_not_allowed", 413: "too_large", 415: "wrong_media_type"}
_log = log.logger(__name__)


class Mistake(BaseModel):
    """One thing that is wrong with what was given."""

    where: str = Field("", description="File and line, or the field.")
    what: str
    do: str = Field("", description="How to mend it.")


class ProblemBody(BaseModel):
    """A problem (RFC 9457). ``code`` is stable: programs decide by it."""

    type: str = Field(examples=[f"{TYPES}wrong_input"])
    title: str
    status: int = Field(examples=[422])
    code: str = Field(examples=["wrong_input"])
    detail: str = Field(examples=["flow 7 is done; only held and dead ones wait for a person"])
    instance: str = Field(description="The request's id, as in X-Request-Id and the log.")
    mistakes: list[Mistake] = []


class Problem(Exception):
    """A problem with its code, raised where a route knows better than the error's kind."""

    def __init__(self, code: str, detail: str, **headers: str) -> None:
        self.code, self.detail = code, detail
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}
        super().__init__(detail)


def not_found(what: str) -> Problem:
    """Nothing of that name or number, as far as this caller may know."""
    return Problem("not_found", f"there is no {what}")


def answer(
    request: Request, code: str, detail: str, *, mistakes: list[Mistake] | None = None, headers: dict[str, str] | None = None
) -> Response:
    """The response that tells a problem."""
    status, title = CODES[code]
    instance = getattr(request.state, "request_id", "") or secrets.token_hex(8)
    body = ProblemBody(
        type=TYPES + code, title=title, status=status, code=code, detail=detail, instance=instance, mistakes=mistakes or []
    )
    return JSONResponse(body.model_dump(), status, headers=headers, media_type=MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Every error leaves the application as a problem."""

    @app.exception_handler(Problem)
    def told(request: Request, error: Problem) -> Response:
        return answer(request, error.code, error.detail, headers=error.headers)

    @app.exception_handler(GatewayError)
    def known(request: Request, error: GatewayError) -> Response:
        wait = {"Retry-After": str(int(error.after.total_seconds()))} if isinstance(error, TooManyTries) else None
        if isinstance(error, Defect):
            _log.error("a request met a defect", error=str(error), path=request.url.path)
        return answer(request, code_of(error), str(error), mistakes=list(_mistakes(error)), headers=wait)

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> Response:
        mistakes = [Mistake(where=_where(each["loc"]), what=str(each["msg"])) for each in error.errors()]
        return answer(request, "wrong_input", "; ".join(f"{one.where}: {one.what}" for one in mistakes), mistakes=mistakes)

    @app.exception_handler(HTTPException)
    def http(request: Request, error: HTTPException) -> Response:
        code = _BY_STATUS.get(error.status_code, "wrong_input")
        headers = dict(error.headers) if error.headers else None
        return answer(request, code, str(error.detail or HTTPStatus(error.status_code).phrase), headers=headers)

    @app.exception_handler(ClientDisconnect)
    def gone(request: Request, error: ClientDisconnect) -> Response:
        return Response(status_code=400)  # nobody reads it; what came in part is forgotten

    @app.exception_handler(UnicodeError)
    def unwritable(request: Request, error: UnicodeError) -> Response:
        return answer(request, "wrong_input", "holds half a character (a lone surrogate), which is no text")

    @app.exception_handler(Exception)
    def unknown(request: Request, error: Exception) -> Response:
        _log.error("a request met a defect", error=f"{type(error).__name__}: {error}", path=request.url.path, exc_info=error)
        return answer(request, "defect", "the gateway itself is wrong; please report it with this instance")


def code_of(error: GatewayError) -> str:
    """The code of an error of ours, by its kind."""
    match error:
        case TooManyTries():
            return "too_many_requests"
        case TryAgain():
            return "try_again"
        case NeedsPerson():
            return "conflict"
        case ChangedSince():
            return "version_changed"
        case WrongInput():
            return "wrong_input"
    return "defect"


def _mistakes(error: GatewayError) -> list[Mistake]:
    single = error.mistakes if isinstance(error, Collected) else (error,)
    return [Mistake(where=each.where or "", what=each.what, do=each.do or "") for each in single]


def _where(location: Any) -> str:
    return ".".join(str(part) for part in location)
