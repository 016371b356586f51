"""pyas2lib's side of ``bench.py``, run by the interpreter of its own environment: FOLDER SIZE SECONDS."""

import logging
import sys
from pathlib import Path

from bench_timing import memory, rate, tell
from pyas2lib.as2 import Message, Organization, Partner

logging.disable(logging.CRITICAL)


def party(folder: Path, name: str, **agreed):
    key, certificate = (folder / f"{name}.p12").read_bytes(), (folder / f"{name}.pem").read_bytes()
    ours = Organization(as2_name=name, sign_key=key, decrypt_key=key, sign_key_pass="test", decrypt_key_pass="test")
    return ours, Partner(as2_name=name, verify_cert=certificate, encrypt_cert=certificate, validate_certs=False, **agreed)


def main(folder: Path, size: int, seconds: float) -> None:
    agreed = {"sign": True, "digest_alg": "sha256", "encrypt": True, "enc_alg": "aes_256_cbc"}
    agreed |= {"mdn_mode": "SYNC", "mdn_digest_alg": "sha256"}
    (one, as_one), (two, as_two) = party(folder, "one", **agreed), party(folder, "two", **agreed)
    before = memory()
    payload = (b"ISA*00*~\r\n" * (size // 10 + 1))[:size]

    def make():
        message = Message(one, as_two)
        message.build(payload, filename="850.edi", content_type="application/octet-stream", disposition_notification_to="x@y")
        return message

    message = make()
    raw = message.headers_str + b"\r\n" + message.content

    def open_():
        status, (error, _), mdn = Message().parse(raw, lambda _: two, lambda _: as_one)
        assert status == "processed", error
        assert mdn.content

    tell(before, rate(make, seconds), rate(open_, seconds))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
