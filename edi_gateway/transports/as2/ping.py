"""Trying an AS2 connection step by step, so that a person knows which end to mend. Nothing is posted."""

from __future__ import annotations

import socket
from datetime import datetime
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from edi_gateway.errors import NeedsPerson, TryAgain, WrongInput
from edi_gateway.transports.as2.client import Client
from edi_gateway.transports.as2.relation import Keys, Relation
from edi_gateway.transports.ping import Ping, Step

_PORTS = {"http": 80, "https": 443}


def ping(relation: Relation, keys: Keys, client: Client, now: datetime) -> tuple[Step, ...]:
    """Tries our key, their certificate, name, port, TLS and the server's answer."""
    found = Ping()
    found.ask("our key", lambda: _certificate(keys.signer().certificate, now))
    found.ask("theirs", lambda: _certificate(keys.recipient(), now))
    if not relation.url:
        return found.steps()  # a connection they only send over
    found.ask("name", lambda: f"{_host(relation)} is {_resolve(relation)}")
    found.ask("port", lambda: _dial(relation))
    found.ask("answer", lambda: _look(relation, client))
    return found.steps()


def _certificate(certificate: x509.Certificate, now: datetime) -> str:
    print_ = certificate.fingerprint(hashes.SHA256()).hex(":", 1).upper()
    ends = certificate.not_valid_after_utc
    if ends <= now:
        raise NeedsPerson(f"{certificate.subject.rfc4514_string()} expired on {ends:%Y-%m-%d}", do="have the next one added")
    return f"{certificate.subject.rfc4514_string()}, until {ends:%Y-%m-%d}, SHA-256 {print_}"


def _host(relation: Relation) -> str:
    return urlsplit(relation.url).hostname or ""


def _port(relation: Relation) -> int:
    split = urlsplit(relation.url)
    return split.port or _PORTS.get(split.scheme, 443)


def _resolve(relation: Relation) -> str:
    try:
        found = socket.getaddrinfo(_host(relation), _port(relation), type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise WrongInput(f"could not find the host: {error}", where=relation.url, do="check the host name") from error
    return str(found[0][4][0])


def _dial(relation: Relation) -> str:
    try:
        with socket.create_connection((_host(relation), _port(relation)), timeout=10):
            return f"port {_port(relation)} answers"
    except OSError as error:
        raise TryAgain(f"could not connect: {error}", where=relation.url) from error


def _look(relation: Relation, client: Client) -> str:
    """Any answer is a sign of life, since few stations know HEAD; but one that does not know us says so to every request."""
    status = client.look(relation.url)
    if status == 401:
        todo = "set login and password of the connection to what they gave us"
        raise NeedsPerson("the server answers 401: it does not take our login", where=relation.url, do=todo)
    return f"the server answers {status}; no message was posted"
