"""Our side of ``bench.py``: FOLDER SIZE SECONDS."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from bench_timing import memory, rate, tell
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509 import load_pem_x509_certificate

from edi_gateway.transports.as2.cms.algorithms import DIGESTS
from edi_gateway.transports.as2.cms.keys import KeyPair
from edi_gateway.transports.as2.disposition import Disposition
from edi_gateway.transports.as2.mdn import Mdn
from edi_gateway.transports.as2.mime.entity import Entity
from edi_gateway.transports.as2.mime.headers import Headers
from edi_gateway.transports.as2.mime.region import Region
from edi_gateway.transports.as2.packing import Packing, Part, pack
from edi_gateway.transports.as2.unpacking import Trust, open_message


def pair(folder: Path, name: str) -> KeyPair:
    key = load_pem_private_key((folder / f"{name}.key").read_bytes(), None)
    return KeyPair(key, load_pem_x509_certificate((folder / f"{name}.pem").read_bytes()))  # type: ignore[arg-type]


def main(folder: Path, size: int, seconds: float) -> None:
    one, two, now = pair(folder, "one"), pair(folder, "two"), datetime.now(UTC)
    before = memory()
    payload = (b"ISA*00*~\r\n" * (size // 10 + 1))[:size]

    def make() -> tuple[dict[str, str], bytes]:
        packed = pack([Part([payload], "application/edi-x12", "850.edi")], Packing(), now, one, [two.certificate])
        return dict(packed.fields), b"".join(packed.body)

    headers, body = make()

    def open_() -> None:
        whole = Region.of(body)
        opened = open_message(Entity(Headers(headers.items()), whole, whole), Trust([two], [one.certificate]))
        (part,) = opened.parts()
        assert part.content.size == size
        mdn = Mdn("<1@x>", "two", Disposition("processed"), opened.mic(DIGESTS["sha256"]), "taken")
        b"".join(mdn.signed(DIGESTS["sha256"], now, two).pieces())

    tell(before, rate(make, seconds), rate(open_, seconds))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
