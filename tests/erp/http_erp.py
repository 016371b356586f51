"""Somebody else's ERP with an HTTP interface, in its own words; it can be slow, refuse, repeat and forget."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

ITEMS = {"PB-1001": {"article": "PB-1001", "listPrice": 18.50, "atp": 480, "stopped": False}}


class OtherErp:
    """What the server remembers, and what is switched to go wrong."""

    def __init__(self) -> None:
        self.orders: dict[str, dict[str, Any]] = {}
        self.changes: dict[str, dict[str, Any]] = {}
        self.payments: dict[str, dict[str, Any]] = {}
        self.outbox: list[dict[str, Any]] = []
        self.seen: list[tuple[str, str, dict[str, str], Any]] = []
        self.slow = 0.0
        self.refuses: set[str] = set()  # paths it does not have
        self.fails: set[str] = set()  # paths it answers 503 to
        self.answers: list[int] = []  # statuses given instead of an answer, one a request
        self.forgets = False  # does what is asked, then hangs up
        self.repeats = False
        self.page = 100
        self.next = ""  # a link to the next page of its own; {} is what comes after
        self.token = "t0p-s3cret"
        self.token_lives: object = 3600

    def works(self) -> None:
        """Decides on, ships and bills every order it has not told of yet."""
        for order in self.orders.values():
            if order.pop("new", False):
                lines, about = order["positions"], {"order": order["extId"]}
                self._tell("CONFIRMED", about, positions=[{"pos": p["pos"], "qty": p["qty"], "state": "OK"} for p in lines])
                packed = [{"pos": p["pos"], "qty": p["qty"]} for p in lines]
                self._tell("GOODS_ISSUE", about, delivery=f"D{order['no']}", parcels=[{"weightLb": 12.5, "content": packed}])
                billed = [{"pos": p["pos"], "qty": p["qty"], "price": p["price"]} for p in lines]
                self._tell("BILLING", about, billNo=f"B{order['no']}", delivery=f"D{order['no']}", positions=billed)

    def decides(self, order: str, quantity: str, at: str = "") -> None:
        """Confirms a quantity of position 001."""
        self._tell("CONFIRMED", {"order": order, "when": at or None}, positions=[{"pos": "001", "qty": quantity, "state": "OK"}])

    def delivers(self, quantities: Mapping[str, str]) -> None:
        """One delivery, told of the first of these orders: a parcel for each, with that quantity of position 001."""
        parcels = [{"ofOrder": order, "content": [{"pos": "001", "qty": quantity}]} for order, quantity in quantities.items()]
        self._tell("GOODS_ISSUE", {"order": next(iter(quantities))}, delivery="DELIVERY", parcels=parcels)

    def credits(self, position: str, quantity: int, price: float, why: str) -> None:
        """Takes back so much of the bill told last."""
        bill = next(told for told in reversed(self.outbox) if told["what"] == "BILLING")
        taken = [{"pos": position, "qty": quantity, "price": price}]
        self._tell(
            "CREDIT_MEMO",
            {"order": bill["order"]},
            memoNo=f"M{bill['billNo']}",
            ofBill=bill["billNo"],
            cause=why,
            positions=taken,
        )

    def _tell(self, kind: str, about: dict[str, Any], **rest: Any) -> None:
        self.outbox.append({"seq": len(self.outbox) + 1, "what": kind, **about, **rest, "done": False})

    def handle(self, method: str, url: str, headers: dict[str, str], body: Any) -> tuple[int, Any]:
        split = urlsplit(url)
        query = {name: values[0] for name, values in parse_qs(split.query).items()}
        if split.path in self.fails:
            return 503, {"error": "not now"}
        match method, split.path.strip("/").split("/"):
            case "POST", ["token"]:
                return 200, {"access_token": self.token, "expires_in": self.token_lives}
            case "POST", ["atp"]:
                found = [{"pos": p["pos"], **ITEMS[p["sku"]]} for p in body["positions"] if p["sku"] in ITEMS]
                known = body["buyer"] == "northwind"
                return 200, {"known": known, "limit": 50000.25, "used": 100, "positions": found}
            case "POST", ["orders"]:
                return self._create(self.orders, body["extId"], {**body, "no": 9000 + len(self.orders), "new": True})
            case "POST", ["payments"]:
                return self._create(self.payments, body["extId"], {**body, "no": 7000 + len(self.payments)})
            case "PUT", ["orders", order, "changes", key]:
                return 200, self._change(order, key, body)
            case "GET", [("orders" | "changes" | "payments") as kind, key]:
                found_one = {"orders": self.orders, "changes": self.changes, "payments": self.payments}[kind].get(key)
                return (404, {"error": "no such thing"}) if found_one is None else (200, {"no": found_one["no"]})
            case "GET", ["outbox"]:
                return 200, self._outbox(int(query["limit"]), int(query.get("from", 0)))
            case "POST", ["outbox", *_, seq, "done"] if split.path not in self.refuses:
                return self._done(seq)
            case "GET", ["ping"]:
                return 200, None
        return (400 if split.path in self.refuses else 404), {"error": "no such path"}

    def _create(self, where: dict[str, dict[str, Any]], key: str, thing: dict[str, Any]) -> tuple[int, Any]:
        if key in where:
            return 409, {"error": "there already", "no": where[key]["no"]}
        where[key] = thing
        return 201, {"no": thing["no"]}

    def _change(self, order: str, key: str, body: Any) -> dict[str, Any]:
        if key not in self.changes:
            left = not self.orders[order].get("new")
            self.changes[key] = {"no": 8000 + len(self.changes), "tooLate": "loaded already" if left else None}
            if not left:
                self.orders[order]["positions"] = body["positions"]
        return self.changes[key]

    def _outbox(self, limit: int, start: int) -> dict[str, Any]:
        new = [one for one in self.outbox if not one["done"] and one["seq"] > start]
        page = new[: min(limit, self.page)]
        more = len(new) > len(page)
        told = [one for one in page for _ in range(2 if self.repeats else 1)]
        link = self.next or f"/outbox?limit={limit}&from={{}}"
        return {"events": told, "more": link.format(page[-1]["seq"]) if more else None}

    def _done(self, seq: str) -> tuple[int, Any]:
        for one in self.outbox:
            if str(one["seq"]) == seq:
                one["done"] = True
                return 204, None
        return 404, {"error": "no such event"}


class _Handler(BaseHTTPRequestHandler):
    erp: ClassVar[OtherErp]
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._serve("GET")

    def do_POST(self) -> None:
        self._serve("POST")

    def do_PUT(self) -> None:
        self._serve("PUT")

    def _serve(self, method: str) -> None:
        erp, headers = self.erp, {name.lower(): value for name, value in self.headers.items()}
        raw = self.rfile.read(int(headers.get("content-length", 0)))
        body = json.loads(raw) if headers.get("content-type") == "application/json" else raw.decode()
        erp.seen.append((method, self.path, headers, body))
        time.sleep(erp.slow)
        if erp.answers:
            self._answer(erp.answers.pop(0), {"error": "not now", "you_sent": headers.get("authorization", "")})
            return
        status, content = erp.handle(method, self.path, headers, body)
        if erp.forgets:
            self.close_connection = True
            return
        self._answer(status, content)

    def _answer(self, status: int, content: Any) -> None:
        body = b"" if content is None else json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def served(erp: OtherErp) -> Iterator[str]:
    """Its url, while the server runs."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"erp": erp}))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
