"""The page on the API is what the API says, and the walk through it works."""

from __future__ import annotations

import re
import sys
from typing import Any

import pytest
from calling import Calls
from desk import ROOT
from fastapi import FastAPI
from fastapi.testclient import TestClient
from partner_says import northwind, order

from edi_gateway.api.app import PATH
from edi_gateway.api.reference import reference

HOW_TO = ROOT / "docs" / "how-to" / "first-order-over-the-api.md"


def test_the_page_is_what_the_api_says() -> None:
    assert (ROOT / "docs/reference/api.md").read_text(encoding="utf-8") == reference(), "run tools/document_api"


def test_the_first_order_over_the_api_goes_as_it_is_told(calls: Calls, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "edi_gateway_client", _client(calls, monkeypatch))
    told = {"address": "", "key": calls.client("operate").headers["Authorization"].partition(" ")[2]}
    scene: dict[str, object] = {**told, "order": northwind(1, order("PO-1001", price="1"))}
    for code in re.findall(r"```python\n(.*?)```", HOW_TO.read_text(encoding="utf-8"), re.DOTALL):
        exec(compile(code, str(HOW_TO), "exec"), scene)
        calls.desk.run()
    assert calls.desk.posted() == ["PO-1001"]


def test_the_client_mends_a_code_enters_a_deposit_and_fetches_evidence(calls: Calls, monkeypatch: pytest.MonkeyPatch) -> None:
    calls.desk.drop(northwind(1, order("PO-1")))
    module: Any = _client(calls, monkeypatch)
    gateway = module.Gateway("", calls.admin.headers["Authorization"].partition(" ")[2])
    assert gateway.put_cross_reference("northwind", "location", "0423", "STORE-0423", qualifier="92", resume=True) == []
    assert "settled when one comes" in gateway.deposit("NW-1", "888.00", "2026-11-18")
    assert gateway.evidence(calls.desk.set("850").id).startswith(b"PK")


def _client(calls: Calls, monkeypatch: pytest.MonkeyPatch) -> object:
    """The client's module, speaking to the scene's API."""
    monkeypatch.syspath_prepend(str(ROOT / "clients" / "python"))
    import edi_gateway_client

    outer = FastAPI(openapi_url=None)
    outer.mount(PATH, calls.app)
    real = edi_gateway_client.Gateway
    http = TestClient(outer, base_url="http://gateway.test")
    monkeypatch.setattr(edi_gateway_client, "Gateway", lambda address, key: real(address, key, http=http))
    return edi_gateway_client
