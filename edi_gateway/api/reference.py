"""The page on the API, written from its own description."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, cast

from edi_gateway.api.app import PATH, TAGS, create_api
from edi_gateway.api.body import HELD, STREAMED
from edi_gateway.api.describe import OPEN
from edi_gateway.api.office import Office
from edi_gateway.api.problem import CODES

_HEAD = f"""# API reference

Written from the API's own description by `tools/document_api`; a gateway that runs gives that description, OpenAPI 3.1, at
`{PATH}/openapi.json`. A first walk through it: [your first order over the API](../how-to/first-order-over-the-api.md).

## What holds everywhere

* **Addresses** below stand under `{PATH}`. **Keys**: `Authorization: Bearer egw_…`, made with `edi-gateway key add`; a key may
  *read*, *operate* or *admin*, of all partners or of one; a *mailbox* key opens one mailbox and nothing else. `/health` and
  `/ready` need none.
* **Lists** come in pages: `limit` (at most 500) and `cursor`, which is the `next` of the page before; `next` is null on the last.
* **Idempotency-Key** (1 to 200 visible characters) on any POST, PUT, PATCH or DELETE: the same request under the same key is done
  once and answered the same for a day, with `Idempotent-Replayed: true`; another request under it, or another `If-Match`, is
  `key_reused`, the same while the first is in flight `in_flight`. A request that failed gives its key back. Requests whose answer
  holds a secret take none, nor do those at a mailbox, which are harmless when repeated.
* **Profiles** carry an `ETag`; changing one needs it as `If-Match`, making a new one `If-None-Match: *`.
* **Bodies** may be {HELD >> 20} MB, payloads {STREAMED >> 20} MB; what is larger is `too_large`.
* **X-Request-Id**: yours, or one we make; it is in the answer, in problems as `instance`, and in the log.
* **RateLimit-Limit, -Remaining, -Reset** on every answer to a caller that is known; beyond them it is 429 with `Retry-After`. A
  request repeated under its Idempotency-Key counts as any other.
* **Everything that changes something** is in the audit log under the name of the key or person: `/events`.

## Problems

What goes wrong is told as RFC 9457 says, `application/problem+json`. `code` stays the same over releases; decide by it.

| code | status | says |
|---|---|---|
"""

_PAGE = "Page_"  # how FastAPI begins the name of a page of something


def reference() -> str:
    """The whole page."""
    told = create_api(cast(Office, None)).openapi()  # the description needs no store
    codes = "".join(f"| `{code}` | {status} | {says} |\n" for code, (status, says) in CODES.items())
    return _HEAD + codes + "".join(_nouns(told))


def _nouns(told: dict[str, Any]) -> Iterator[str]:
    routes = [(path, method.upper(), one) for path, methods in told["paths"].items() for method, one in methods.items()]
    for tag, about in TAGS.items():
        yield f"\n## {tag.capitalize()}\n\n{about}\n"
        for path, method, one in routes:
            if one["tags"][0] == tag:
                yield from _route(path, method, one)
    yield "\n## Shapes\n"
    for name, schema in told["components"]["schemas"].items():
        yield from _shape(name, schema)


def _route(path: str, method: str, one: dict[str, Any]) -> Iterator[str]:
    notes = " Needs no key." * (path in OPEN) + " Deprecated." * one.get("deprecated", False)
    yield f"\n### {method} {path}\n\n{_line(one['description'])}{notes}\n"
    rows = [each for each in one.get("parameters", ()) if each["in"] != "path"]
    if rows:
        yield "\n| parameter | in | is | says |\n|---|---|---|---|\n"
        for each in rows:
            yield f"| `{each['name']}` | {each['in']} | {_type(each['schema'])} | {_cell(each.get('description', ''))} |\n"
    if "requestBody" in one:
        yield f"\nBody: {_content(one['requestBody']['content'])}.\n"
    good = next((status, each) for status, each in sorted(one["responses"].items()) if status < "300")
    yield f"\nAnswers {good[0]}{': ' + _content(good[1]['content']) if good[1].get('content') else ''}.\n"


def _content(content: dict[str, Any]) -> str:
    kind, media = next(iter(content.items()))
    schema = media.get("schema")
    return _type(schema) if schema and kind == "application/json" else f"`{kind}`"


def _shape(name: str, schema: dict[str, Any]) -> Iterator[str]:
    if "properties" not in schema or name.startswith(_PAGE):
        return
    yield f"\n### {name}\n\n{_line(schema.get('description', ''))}\n\n| field | is | says |\n|---|---|---|\n"
    needed = schema.get("required", ())
    for field, one in schema["properties"].items():
        example = f" For example `{json.dumps(one['examples'][0], ensure_ascii=False)}`." if one.get("examples") else ""
        optional = "" if field in needed else ", optional"
        yield f"| `{field}` | {_type(one)}{optional} | {_cell(one.get('description', '') + example)} |\n"


def _type(schema: dict[str, Any]) -> str:
    """A type in words, with a link to its shape."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        if name.startswith(_PAGE):
            held = name.removeprefix(_PAGE).removesuffix("_")
            return f"page of [{held}](#{held.lower()})"
        return f"[{name}](#{name.lower()})"
    if "anyOf" in schema:
        return " or ".join(_type(each) for each in schema["anyOf"])
    if "enum" in schema:
        return " ".join(f"`{json.dumps(each)}`" for each in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    return str(schema.get("format") or schema.get("type") or "anything")


def _line(text: str) -> str:
    return " ".join(text.split()).replace("``", "`")


def _cell(text: str) -> str:
    return _line(text).replace("|", "\\|")
