"""Cryptographic messages between ours and ``openssl cms``, both ways, for every algorithm both know."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from as2_parties import NOW, curve_pair, key_pair
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from exchange import Exchange, NotThere

from edi_gateway.transports.as2.cms.algorithms import CIPHERS, DIGESTS, digest_of
from edi_gateway.transports.as2.cms.decrypting import decrypt
from edi_gateway.transports.as2.cms.encrypting import encrypt
from edi_gateway.transports.as2.cms.keys import KeyPair
from edi_gateway.transports.as2.cms.signing import sign, sign_around
from edi_gateway.transports.as2.cms.verifying import SignedData, verify

WEAK = ("sha1", "3des")
CONTENTS = {"text": b"ISA*00*~\r\n" * 500, "binary": os.urandom(70_001), "empty": b"", "bare LF": b"ISA~\nGS~\n"}
_CIPHER = {"3des": "-des3", **{name: f"-{name.replace('aes', 'aes-')}" for name in CIPHERS if name != "3des"}}


class OpenSsl:
    """The program, and a folder with keys, certificates and contents."""

    def __init__(self, folder: Path) -> None:
        program = shutil.which("openssl")
        if program is None:
            raise NotThere("there is no openssl program")
        self._program, self.folder = program, folder
        for name in ("one", "two", "curve"):
            pair = _pair(name)
            (folder / f"{name}.pem").write_bytes(pair.certificate.public_bytes(Encoding.PEM))
            (folder / f"{name}.key").write_bytes(pair.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))

    def cms(self, *arguments: str, **files: bytes) -> bytes:
        """Runs ``openssl cms``; ``files`` are written under their names, and it runs where they are. Returns what it wrote."""
        for name, content in files.items():
            (self.folder / name).write_bytes(content)
        out = self.folder / "out"
        out.unlink(missing_ok=True)
        command = [self._program, "cms", *arguments, "-binary", "-out", "out"]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, check=False)
        if done.returncode:
            raise AssertionError(done.stderr.decode()[-400:])
        return out.read_bytes()


def _pair(name: str) -> KeyPair:
    return curve_pair(name) if name == "curve" else key_pair(name)


def exchanges(quick: bool) -> Iterator[Exchange]:
    """All of them; quick: only with one content."""
    openssl = OpenSsl(Path(tempfile.mkdtemp(prefix="interop-openssl-")))
    contents = {"text": CONTENTS["text"]} if quick else CONTENTS
    group = "openssl cms"
    for name, content in contents.items():
        for digest, (who, pss), opaque in itertools.product(DIGESTS, _SIGNERS, (False, True)):
            scheme = "ecdsa" if who == "curve" else "pss" if pss else "pkcs1"
            what = f"{digest} {scheme} {'opaque' if opaque else 'detached'} {name}"
            if not (opaque and not content):
                yield Exchange(group, f"we sign: {what}", partial(_we_sign, openssl, content, who, digest, pss, opaque))
            for more in _SIGNED_FORMS:
                if "-stream" in more and (pss or not content):
                    continue  # openssl 3.0 cannot write these itself
                text = f"it signs: {what} {' '.join(more)}"
                yield Exchange(group, text, partial(_it_signs, openssl, content, who, digest, pss, opaque, more))
        for cipher, oaep in itertools.product(CIPHERS, (None, "sha1", "sha256")):
            what = f"{cipher} {'oaep ' + oaep if oaep else 'pkcs1'} {name}"
            yield Exchange(group, f"we encrypt: {what}", partial(_we_encrypt, openssl, content, cipher, oaep))
            for more in _ENCRYPTED_FORMS:
                if "-stream" in more and not content:
                    continue
                text = f"it encrypts: {what} {' '.join(more)}"
                yield Exchange(group, text, partial(_it_encrypts, openssl, content, cipher, oaep, more))


_SIGNERS = (("one", False), ("one", True), ("curve", False))
_SIGNED_FORMS: tuple[tuple[str, ...], ...] = ((), ("-stream",), ("-keyid",), ("-noattr",), ("-nocerts",), ("-nosmimecap",))
_ENCRYPTED_FORMS: tuple[tuple[str, ...], ...] = ((), ("-stream",), ("-keyid",))


def _we_sign(openssl: OpenSsl, content: bytes, who: str, digest: str, pss: bool, opaque: bool) -> None:
    algorithm, pair, trust = DIGESTS[digest], _pair(who), ("-CAfile", f"{who}.pem", *_TRUST)
    if opaque:
        made = b"".join(sign_around([content], algorithm, pair, NOW, pss=pss))
        read = openssl.cms("-verify", *trust, "-inform", "DER", "-in", "made", made=made)
    else:
        made = sign(digest_of(algorithm, [content]), algorithm, pair, NOW, pss=pss)
        read = openssl.cms("-verify", *trust, "-inform", "DER", "-in", "made", "-content", "content", made=made, content=content)
    assert read == content


_TRUST = ("-purpose", "any", "-no_check_time")


def _it_signs(openssl: OpenSsl, content: bytes, who: str, digest: str, pss: bool, opaque: bool, more: tuple[str, ...]) -> None:
    padding = ("-keyopt", "rsa_padding_mode:pss") if pss else ()
    form = ("-nodetach",) if opaque else ()
    made = openssl.cms(
        *("-sign", "-md", digest, "-signer", f"{who}.pem", "-inkey", f"{who}.key", *padding, *form, *more),
        *("-outform", "DER", "-in", "content"),
        content=content,
    )
    signed = SignedData.read(made)
    held = [content] if signed.content is None else list(signed.content)
    assert b"".join(held) == content
    found = verify(signed, held, [key_pair("two").certificate, _pair(who).certificate], WEAK)
    assert found.certificate == _pair(who).certificate


def _we_encrypt(openssl: OpenSsl, content: bytes, cipher: str, oaep: str | None) -> None:
    people = [key_pair("two").certificate, key_pair("one").certificate]
    made = b"".join(encrypt([content], people, CIPHERS[cipher], oaep=DIGESTS[oaep] if oaep else None))
    read = openssl.cms("-decrypt", "-inform", "DER", "-in", "made", "-recip", "one.pem", "-inkey", "one.key", made=made)
    assert read == content


def _it_encrypts(openssl: OpenSsl, content: bytes, cipher: str, oaep: str | None, more: tuple[str, ...]) -> None:
    padding = ("-keyopt", "rsa_padding_mode:oaep", "-keyopt", f"rsa_oaep_md:{oaep}") if oaep else ()
    made = openssl.cms(
        *("-encrypt", _CIPHER[cipher], *more, "-outform", "DER", "-in", "content"),
        *("-recip", "two.pem", "-recip", "one.pem", *padding),
        content=content,
    )
    assert decrypt(made, [key_pair("one")], WEAK).content == content
