"""The other side, run by the interpreter of an environment that holds pyas2lib: an HTTP server that speaks AS2 through it.

POST /as2 takes messages and later receipts; POST /send makes it send one, as JSON says; GET /received tells what it took.
Nothing of the gateway is imported here, and nothing of pyas2lib there.
"""

import base64
import json
import logging
import sys
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from pyas2lib.as2 import Mdn, Message, Organization, Partner

NOT_OF_THE_PARTNER = ("mdn_url", "url", "payload", "name", "content_type")

logging.disable(logging.CRITICAL)


class Peer:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.received, self.sent, self.told = [], {}, {}
        self.terms = {}

    def organization(self):
        key = (self.folder / "peer.p12").read_bytes()
        secret = {"sign_key_pass": "test", "decrypt_key_pass": "test"}
        return Organization(as2_name="PYAS2", sign_key=key, decrypt_key=key, mdn_url=self.terms.get("mdn_url"), **secret)

    def partner(self):
        certificate = (self.folder / "gateway.pem").read_bytes()
        agreed = {name: value for name, value in self.terms.items() if name not in NOT_OF_THE_PARTNER}
        return Partner(as2_name="GATEWAY", verify_cert=certificate, encrypt_cert=certificate, validate_certs=False, **agreed)

    def take(self, raw, answer):
        """A message or a later receipt; ``answer`` is called with what goes back at once."""
        if b"disposition-notification;" in raw[:4000].lower() or b"report-type" in raw[:6000].lower():
            mdn = Mdn()
            status, detail = mdn.parse(raw, lambda message_id, _: self.sent.get(message_id))
            self.told[mdn.orig_message_id] = [status, detail]
            return answer(200, {}, b"")
        message = Message()
        status, exception, mdn = message.parse(raw, lambda _: self.organization(), lambda _: self.partner())
        if not exception[0]:
            payload = message.payload.get_payload(decode=True)
            self.received.append(base64.b64encode(payload).decode())
        if mdn is None:
            return answer(200, {}, b"")
        if mdn.mdn_url:
            answer(200, {}, b"")
            threading.Thread(target=post, args=(mdn.mdn_url, mdn.headers, mdn.content)).start()
            return None
        return answer(200, mdn.headers, mdn.content)

    def send(self, terms):
        self.terms = terms
        message = Message(self.organization(), self.partner())
        payload = base64.b64decode(terms["payload"])
        message.build(payload, filename=terms["name"], content_type=terms["content_type"], disposition_notification_to="x@peer")
        self.sent[message.message_id] = message
        headers, body = post(terms["url"], message.headers, message.content)
        if terms.get("mdn_mode") != "SYNC":
            return {"id": message.message_id}
        raw = b"".join(f"{name}: {value}\r\n".encode() for name, value in headers) + b"\r\n" + body
        status, detail = Mdn().parse(raw, lambda *_: message)
        return {"id": message.message_id, "status": status, "detail": detail}


def post(url, headers, body):
    request = urllib.request.Request(url, data=body, headers=dict(headers), method="POST")
    with urllib.request.urlopen(request, timeout=30) as response:
        return response.headers.items(), response.read()


class Handler(BaseHTTPRequestHandler):
    peer: Peer

    def do_POST(self):
        body = self._body()
        if self.path == "/terms":
            self.peer.terms, self.peer.received[:] = json.loads(body), []
            return self._answer(200, {}, b"{}")
        if self.path == "/send":
            return self._answer(200, {}, json.dumps(self.peer.send(json.loads(body))).encode())
        raw = b"".join(f"{name}: {value}\r\n".encode() for name, value in self.headers.items()) + b"\r\n" + body
        return self.peer.take(raw, self._answer)

    def do_GET(self):
        self._answer(200, {}, json.dumps({"received": self.peer.received, "told": self.peer.told}).encode())

    def _body(self):
        return self.rfile.read(int(self.headers["Content-Length"]))

    def _answer(self, status, headers, body):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, " ".join(str(value).split()))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def main():
    Handler.peer = Peer(Path(sys.argv[1]))
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_address[1], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
