"""The description of the API (OpenAPI 3.1): what FastAPI knows of the routes, with keys and problems as they are here."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from edi_gateway.api.problem import CODES, MEDIA_TYPE, ProblemBody

OPEN = ("/health", "/ready")  # no key is needed
_KEY = "An API key: read, operate, admin or mailbox."
_REF = "#/components/schemas/{model}"
_NOT_OURS = ("HTTPValidationError", "ValidationError")


def described(app: FastAPI) -> dict[str, Any]:
    """The document at ``/openapi.json``."""
    if app.openapi_schema is None:
        told = get_openapi(
            title=app.title,
            version=app.version,
            description=app.description,
            routes=app.routes,
            servers=app.servers,
            tags=app.openapi_tags,
        )
        for path, methods in told["paths"].items():
            for operation in methods.values():
                operation["responses"].update(_problems(is_open=path in OPEN))
                operation["security"] = [] if path in OPEN else [{"key": []}]
        _complete(told["components"])
        app.openapi_schema = told
    return app.openapi_schema


def _complete(components: dict[str, Any]) -> None:
    _, problem = models_json_schema([(ProblemBody, "serialization")], ref_template=_REF)
    components["schemas"] = {
        name: schema for name, schema in sorted((components["schemas"] | problem["$defs"]).items()) if name not in _NOT_OURS
    }
    components["securitySchemes"] = {
        "key": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "egw_…",
            "description": _KEY,
        }
    }


def _problems(*, is_open: bool) -> dict[str, Any]:
    """What may go wrong, by status, with the codes that tell it apart."""
    found: dict[str, list[str]] = {}
    for code, (status, _) in CODES.items():
        if not (is_open and status in (401, 403)):
            found.setdefault(str(status), []).append(code)
    content = {MEDIA_TYPE: {"schema": {"$ref": _REF.format(model="ProblemBody")}}}
    return {status: {"description": "; ".join(codes), "content": content} for status, codes in sorted(found.items())}
