"""What every answer carries, whoever gives it."""

from __future__ import annotations

import asyncio

from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

from edi_gateway.web.guard import Guard


def answered(path: str, **own: str) -> dict[str, str]:
    """The headers of an answer that says some of its own."""
    sent: list[Message] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse("yes", headers=own)(scope, receive, send)

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    asyncio.run(Guard(app)({"type": "http", "method": "GET", "path": path, "headers": []}, receive, send))
    return {name.decode(): value.decode() for name, value in sent[0]["headers"]}


def test_no_page_is_kept_by_a_browser_framed_or_has_scripts_of_others() -> None:
    headers = answered("/documents")
    assert headers["cache-control"] == "no-store"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "'unsafe-inline'" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


def test_style_and_script_may_be_kept() -> None:
    assert "cache-control" not in answered("/static/console.css")


def test_what_an_answer_says_itself_stays() -> None:
    headers = answered("/api/v1/holds", **{"Content-Security-Policy": "default-src 'none'"})
    assert headers["content-security-policy"] == "default-src 'none'"
