"""Our AS2 and pyas2lib, over HTTP, both ways, for the common cases.

pyas2lib is under the GPL: it lives in an environment of its own below ``build/``, is run as another program, and is no part of
the product. Its oscrypto cannot read the version of Debian's OpenSSL; one character of it is put right there.
"""

from __future__ import annotations

import base64
import itertools
import json
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

from as2_parties import NOW, Party, key_pair, serve
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from exchange import Exchange, NotThere

from edi_gateway.transports.as2.packing import Compression, Packing
from edi_gateway.transports.as2.relation import Allowance

HERE = Path(__file__).parent
VENV = HERE.parents[1] / "build" / "pyas2lib"
PINNED = "pyas2lib==1.4.4"
TEXT = b"ISA*00*          *00*~\r\nGS*PO*~\r\n" * 20
BINARY = bytes(range(256)) * 10
GROUP = "pyas2lib"
_PATIENCE = 10.0


def environment() -> Path:
    """The interpreter of an environment that holds pyas2lib, made where it is missing. Raises NotThere."""
    python = VENV / "bin" / "python"
    if not (VENV / ".ready").exists():
        steps = (
            [sys.executable, "-m", "venv", "--clear", str(VENV)],
            [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", PINNED],
        )
        for step in steps:
            done = subprocess.run(step, capture_output=True, check=False)
            if done.returncode:
                raise NotThere(f"pyas2lib cannot be installed: {done.stderr.decode().strip().splitlines()[-1]}")
        for file in VENV.glob("lib/python*/site-packages/oscrypto/_openssl/_libcrypto_c*.py"):
            file.write_text(file.read_text().replace(r"\\.\\d[a-z]*)", r"\\.\\d+[a-z]*)"))
        (VENV / ".ready").touch()
    return python


class Peer:
    """The other program, and a party of ours that deals with it."""

    def __init__(self, stack: ExitStack) -> None:
        python, folder = environment(), Path(tempfile.mkdtemp(prefix="interop-pyas2lib-"))
        self.gateway = Party("GATEWAY", "PYAS2")
        theirs = key_pair("PYAS2")
        locked = serialize_key_and_certificates(b"peer", theirs.key, theirs.certificate, None, BestAvailableEncryption(b"test"))
        (folder / "peer.p12").write_bytes(locked)
        (folder / "gateway.pem").write_bytes(self.gateway.pair.certificate.public_bytes(Encoding.PEM))
        command = [str(python), str(HERE / "pyas2lib_peer.py"), str(folder)]
        process = stack.enter_context(subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True))
        stack.callback(process.terminate)
        if not (port := process.stdout.readline() if process.stdout else ""):
            raise NotThere(f"pyas2lib does not start: {process.stderr.read()[-400:] if process.stderr else ''}")
        server = stack.enter_context(serve(self.gateway))
        self._base = f"http://127.0.0.1:{port.strip()}"
        self._ours = f"http://127.0.0.1:{server.port}/as2"
        weak = (Allowance("sha1", NOW.date()), Allowance("3des", NOW.date()))
        self.gateway.agree(url=f"{self._base}/as2", receipt_url=self._ours, receipt_addresses=(self._base,), allowances=weak)

    def ask(self, path: str, value: dict[str, Any] | None = None) -> dict[str, Any]:
        data = None if value is None else json.dumps(value).encode()
        with urllib.request.urlopen(urllib.request.Request(self._base + path, data=data), timeout=60) as response:
            return dict(json.loads(response.read()))

    def we_send(self, packing: Packing, payload: bytes, receipt: str) -> None:
        """Ours to theirs: it arrives as it was, and their receipt proves it."""
        self.ask("/terms", {"sign": packing.sign is not None, "encrypt": packing.encrypt is not None})
        kind = "application/edi-consent" if payload is TEXT else "application/octet-stream"
        self.gateway.agree(packing=packing, receipt=receipt, content_type=kind)
        reference = self.gateway.send(payload, f"{time.monotonic_ns()}.edi").reference
        _until(lambda: self.gateway.journal.messages[reference].state == "confirmed")
        received = [base64.b64decode(each) for each in self.ask("/received")["received"]]
        assert received == [payload]

    def they_send(self, payload: bytes, receipt: str, **terms: Any) -> None:
        """Theirs to ours: it arrives as it was, and our receipt is taken by them."""
        self.gateway.agree(must_be_signed=terms["sign"], must_be_encrypted=terms["encrypt"])
        kind = "application/edi-consent" if payload is TEXT else "application/octet-stream"
        later = {"mdn_url": f"{self._base}/as2"} if receipt == "ASYNC" else {}
        about = {"url": self._ours, "payload": base64.b64encode(payload).decode(), "name": "850.edi", "content_type": kind}
        told = self.ask("/send", {**terms, **later, **about, "mdn_mode": receipt, "mdn_digest_alg": "sha256"})
        if receipt == "ASYNC":
            assert self.gateway.deliver_owed() == [200]
            _until(lambda: told["id"] in self.ask("/received")["told"])
            status = self.ask("/received")["told"][told["id"]][0]
        else:
            status = told["status"]
        assert status == "processed", told
        assert self.gateway.journal.payloads[-1] == payload


def _until(is_so: Any) -> None:
    end = time.monotonic() + _PATIENCE
    while not is_so():
        assert time.monotonic() < end, "it did not come to that in time"
        time.sleep(0.01)


COMPRESS: tuple[Compression, ...] = ("none", "before signing", "after signing")
_THEIR_CIPHERS = ("tripledes_192_cbc", "aes_128_cbc", "aes_192_cbc", "aes_256_cbc")


def exchanges(quick: bool) -> Iterator[Exchange]:
    """Both ways; nothing where it is quick, since pyas2lib has to be fetched first."""
    if quick:
        return
    with ExitStack() as stack:
        peer = Peer(stack)
        for sign, encrypt, compress, payload, receipt in itertools.product(
            (None, "sha1", "sha256", "sha512"),
            (None, "3des", "aes128-cbc", "aes256-cbc"),
            COMPRESS,
            (TEXT, BINARY),
            ("synchronous", "asynchronous"),
        ):
            if sign is None:  # an unsigned message gets no MIC of it
                continue
            packing = Packing(sign=sign, encrypt=encrypt, compress=compress)
            text = f"we send: {sign}, {encrypt}, compressed {compress}, {_kind(payload)}, receipt {receipt}"
            yield Exchange(GROUP, text, partial(peer.we_send, packing, payload, receipt))
        for digest, cipher, compress_, payload, receipt in itertools.product(
            ("sha1", "sha256", "sha384", "sha512"), (None, *_THEIR_CIPHERS), (False, True), (TEXT, BINARY), ("SYNC", "ASYNC")
        ):
            agreed = {"sign": True, "digest_alg": digest, "encrypt": cipher is not None, "compress": compress_}
            agreed |= {"enc_alg": cipher} if cipher else {}
            text = f"it sends: {digest}, {cipher}, {'compressed' if compress_ else 'plain'}, {_kind(payload)}, receipt {receipt}"
            yield Exchange(GROUP, text, partial(peer.they_send, payload, receipt, **agreed))


def _kind(payload: bytes) -> str:
    return "text" if payload is TEXT else "binary"
