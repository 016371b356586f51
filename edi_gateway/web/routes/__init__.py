"""The pages, one file a noun."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter

from edi_gateway.web.console import Console
from edi_gateway.web.routes import document, documents, home, live, sign_in

ROUTES: tuple[Callable[[Console], APIRouter], ...] = (
    sign_in.routes,
    home.routes,
    live.routes,
    documents.routes,
    document.routes,
)
