"""What both our SSH client and our SSH server insist on: sound algorithms, and keys told apart by fingerprint."""

from __future__ import annotations

import base64
import binascii
import hashlib
import logging
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

import paramiko

from edi_gateway.errors import WrongInput

logging.getLogger("paramiko").addHandler(logging.NullHandler())  # what it logs with a traceback, we raise or report in words

# By name in the form paramiko takes. Some versions of it no longer know a few of these; naming them keeps older ones in line.
WEAK_ALGORITHMS: dict[str, list[str]] = {
    "kex": ["diffie-hellman-group1-sha1", "diffie-hellman-group14-sha1", "diffie-hellman-group-exchange-sha1"],
    "ciphers": ["3des-cbc", "blowfish-cbc", "aes128-cbc", "aes192-cbc", "aes256-cbc", "arcfour128", "arcfour256"],
    "macs": ["hmac-sha1", "hmac-sha1-96", "hmac-md5", "hmac-md5-96"],
    "keys": ["ssh-rsa", "ssh-dss", "ssh-rsa-cert-v01@openssh.com"],
    "pubkeys": ["ssh-rsa", "ssh-dss", "ssh-rsa-cert-v01@openssh.com"],
}
WEAK_IF_ALLOWED = frozenset(WEAK_ALGORITHMS["ciphers"] + WEAK_ALGORITHMS["macs"]) - {
    "blowfish-cbc",
    "arcfour128",
    "arcfour256",
}
"""Those of them that an exception can allow, since paramiko speaks them still; the others are gone for good."""
_RSA_SIGNATURES = ("rsa-sha2-512", "rsa-sha2-256")


def refused_algorithms(allowed: Iterable[str] = ()) -> dict[str, list[str]]:
    """The weak algorithms without those allowed by exception, in the form paramiko takes."""
    allowed = frozenset(allowed) & WEAK_IF_ALLOWED
    return {kind: [name for name in names if name not in allowed] for kind, names in WEAK_ALGORITHMS.items()}


def weak_in_use(transport: paramiko.Transport) -> list[str]:
    """The weak ciphers and MACs a connection has agreed on."""
    sides = ("local_cipher", "remote_cipher", "local_mac", "remote_mac")  # its stubs leave two of them out
    return sorted({getattr(transport, side) for side in sides} & WEAK_IF_ALLOWED)


class PublicKey(NamedTuple):
    """A public key: its type (``ssh-ed25519``, ``ssh-rsa`` …) and its bytes as SSH sends them."""

    kind: str
    blob: bytes

    @property
    def fingerprint(self) -> str:
        """As OpenSSH shows it: ``SHA256:`` and base64 without padding."""
        return "SHA256:" + base64.b64encode(hashlib.sha256(self.blob).digest()).decode().rstrip("=")

    @property
    def line(self) -> str:
        """As it stands in a ``.pub`` file, without a comment."""
        return f"{self.kind} {base64.b64encode(self.blob).decode()}"


def public_key_of(key: paramiko.PKey) -> PublicKey:
    """The public half of a paramiko key."""
    return PublicKey(key.get_name(), key.asbytes())


def read_public_key(line: str) -> PublicKey:
    """Reads a line of ``authorized_keys``, ``known_hosts`` or a ``.pub`` file; options, hosts and comments are passed over.

    Raises WrongInput when there is no public key in it.
    """
    words = line.split()
    for kind, text in pairwise(words):
        blob = _decoded(text)
        if blob[4 : 4 + len(kind)] == kind.encode() and blob[:4] == len(kind).to_bytes(4, "big"):
            return PublicKey(kind, blob)
    shown = line if len(line) <= 40 else line[:40] + "…"
    raise WrongInput(f"{shown!r} is no public key", do="paste a line such as 'ssh-ed25519 AAAA…', not a private key")


class HostKeyPins:
    """The host keys a server may show: public keys or ``SHA256:`` fingerprints, several during a rollover."""

    def __init__(self, pins: Iterable[str]) -> None:
        self._keys: list[PublicKey] = []
        self._fingerprints: set[str] = set()
        for pin in pins:
            self._add(pin.strip())

    def __bool__(self) -> bool:
        return bool(self._fingerprints)

    def accept(self, key: PublicKey) -> bool:
        """Whether the key a server showed is one of the pinned ones."""
        return key.fingerprint in self._fingerprints

    @property
    def algorithms(self) -> tuple[str, ...]:
        """The host key algorithms worth asking for; empty when a bare fingerprint leaves that open."""
        if len(self._keys) < len(self._fingerprints):
            return ()
        names = [name for key in self._keys for name in (_RSA_SIGNATURES if key.kind == "ssh-rsa" else (key.kind,))]
        return tuple(dict.fromkeys(names))

    def _add(self, pin: str) -> None:
        if pin.startswith("SHA256:") and " " not in pin:
            if len(_decoded(pin[7:] + "=")) != hashlib.sha256().digest_size:
                raise WrongInput(f"{pin!r} is no SHA-256 fingerprint", do="copy it as ssh-keygen -l shows it")
            self._fingerprints.add(pin.rstrip("="))
        else:
            key = read_public_key(pin)
            self._keys.append(key)
            self._fingerprints.add(key.fingerprint)


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
