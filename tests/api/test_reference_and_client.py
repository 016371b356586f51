"""The page on the API is what the API says, and the walk through it works."""

from __future__ import annotations

import base64
import hashlib
import re
import sys
from functools import partial
from typing import Any

import httpx
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
    told = {"address": "", "key": _key(calls.client("operate"))}
    told["mailbox_key"] = _key(calls.client("mailbox", connection="northwind-mailbox"))
    told["admin_key"] = _key(calls.admin)
    orders = {"order": northwind(1, order("PO-1001", price="1")), "second_order": northwind(2, order("PO-1002"))}
    scene: dict[str, object] = {**told, **orders}
    for code in re.findall(r"```python\n(.*?)```", HOW_TO.read_text(encoding="utf-8"), re.DOTALL):
        exec(compile(code, str(HOW_TO), "exec"), scene)
        calls.desk.run()
    assert calls.desk.posted() == ["PO-1001", "PO-1002"]
    assert {row.state for row in calls.desk.transmissions("out")} == {"fetched"}


def test_the_client_mends_a_code_enters_a_deposit_and_fetches_evidence(calls: Calls, monkeypatch: pytest.MonkeyPatch) -> None:
    calls.desk.drop(northwind(1, order("PO-1")))
    module: Any = _client(calls, monkeypatch)
    gateway = module.Gateway("", _key(calls.admin))
    assert gateway.put_cross_reference("northwind", "location", "0423", "STORE-0423", qualifier="92", resume=True) == []
    assert "settled when one comes" in gateway.deposit("NW-1", "888.00", "2026-11-18")
    with pytest.raises(module.Problem, match="no remittance of northwind"):
        gateway.deposit("NW-2", "888.00", "2026-11-18", partner="northwind")
    with pytest.raises(module.Problem, match="pays anything"):
        gateway.take_back_deposit("NW-1", "888.00", "2026-11-18", "R01, no funds", partner="northwind")
    assert gateway.evidence(calls.desk.set("850").id).startswith(b"PK")


def test_the_client_changes_makes_and_takes_away_a_partner(calls: Calls, monkeypatch: pytest.MonkeyPatch) -> None:
    module: Any = _client(calls, monkeypatch)
    admin = module.Gateway("", _key(calls.admin))
    read = admin.get("/partners/northwind")
    put = admin.put("/partners/northwind", read["profile"] | {"title": "Renamed"}, version=read["version"])
    assert (put["profile"]["title"], admin.get("/partners/northwind")["version"]) == ("Renamed", put["version"])
    with pytest.raises(module.Problem) as refused:
        admin.put("/partners/northwind", read["profile"], version=read["version"])
    assert refused.value.code == "version_changed"
    left_out = ("test", "fallback")
    new = {name: value for name, value in read["profile"].items() if name not in left_out}
    new |= {"name": "eastwind", "interchange": ["ZZ:EASTWIND"], "group": ["EASTWIND"], "agreements": []}
    made = admin.put("/partners/eastwind", new, version="")
    assert admin.delete("/partners/eastwind", version=made["version"]) is None


def test_the_client_speaks_every_method_of_the_api_and_takes_what_is_no_json(
    calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edi_gateway.operations.webhooks.checked", lambda address, *, internal: "192.0.2.7")
    calls.desk.drop(sent := northwind(1, order("PO-1")))
    module: Any = _client(calls, monkeypatch)
    admin = module.Gateway("", _key(calls.admin))
    methods = {method for each in admin.get("/openapi.json")["paths"].values() for method in each}
    assert [method for method in methods if not callable(getattr(admin, method, None))] == []
    assert admin.raw("/transmissions/1/raw") == sent
    assert b"edi_gateway_flows" in admin.raw("/metrics")
    table = "kind,qualifier,code,ours\nlocation,92,0423,STORE-0423\n"
    admin.post("/partners/northwind/cross-references/import", table)
    entry = {"kind": "location", "qualifier": "92", "code": "0423"}
    admin.delete("/partners/northwind/cross-references", **entry)
    assert list(admin.pages("/partners/northwind/cross-references")) == []
    hook = admin.post("/webhooks", {"address": "https://shop.example/hook"})
    assert admin.patch(f"/webhooks/{hook['id']}", {"paused": True})["paused"] is True
    assert admin.delete(f"/webhooks/{hook['id']}") is None


def test_the_client_makes_a_key_of_a_mailbox_that_opens_nothing_else(calls: Calls, monkeypatch: pytest.MonkeyPatch) -> None:
    module: Any = _client(calls, monkeypatch)
    admin = module.Gateway("", _key(calls.admin))
    key = admin.make_key("their shop", "mailbox", connection="northwind-mailbox", lasts_days=30)
    assert module.Mailbox("", key).waiting() == []
    with pytest.raises(module.Problem) as refused:
        module.Gateway("", key).get("/documents")
    assert refused.value.code == "not_allowed"


def test_the_client_notices_a_file_that_was_damaged_on_its_way(calls: Calls, monkeypatch: pytest.MonkeyPatch) -> None:
    digest = base64.b64encode(hashlib.sha256(b"ISA*whole").digest()).decode()
    cut = httpx.Response(200, content=b"ISA*wh", headers={"Repr-Digest": f"sha-256=:{digest}:"})
    http = httpx.Client(transport=httpx.MockTransport(lambda _: cut), base_url="http://gateway.test")
    module: Any = _client(calls, monkeypatch)
    with pytest.raises(ValueError, match="damaged"):
        module.Mailbox("", "egw_", http=http).fetch("997.edi")


def _key(client: TestClient) -> str:
    return str(client.headers["Authorization"]).partition(" ")[2]


def _client(calls: Calls, monkeypatch: pytest.MonkeyPatch) -> object:
    """The client's module, speaking to the scene's API."""
    monkeypatch.syspath_prepend(str(ROOT / "clients" / "python"))
    import edi_gateway_client

    outer = FastAPI(openapi_url=None)
    outer.mount(PATH, calls.app)
    http = TestClient(outer, base_url="http://gateway.test")
    for name in ("Gateway", "Mailbox"):
        monkeypatch.setattr(edi_gateway_client, name, partial(getattr(edi_gateway_client, name), http=http))
    return edi_gateway_client
