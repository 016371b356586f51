"""AS2 connections as the transport knows them, and their certificates and keys out of the store and the vault."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from edi_gateway.clock import Clock
from edi_gateway.errors import Defect, NeedsPerson, WrongInput
from edi_gateway.store.database import Database
from edi_gateway.store.vault import Vault
from edi_gateway.trading.certificates import Certificate, in_use, owner_of_connection, owner_of_identity
from edi_gateway.trading.directory import Directory
from edi_gateway.trading.profile import As2Connection
from edi_gateway.transports.as2.cms.keys import KeyPair, PrivateKey
from edi_gateway.transports.as2.packing import Packing
from edi_gateway.transports.as2.relation import Allowance, Relation


def relation_of(connection: As2Connection, ours: str) -> Relation:
    """What an AS2 connection says, as the transport knows it; ``ours`` is our AS2 name."""
    return Relation(
        connection=connection.name,
        ours=ours,
        theirs=connection.as2_id,
        partner=connection.senders[0] if len(connection.senders) == 1 else None,
        url=connection.url,
        packing=Packing(
            sign=_given(connection.sign),
            pss=connection.signature == "pss",
            encrypt=_given(connection.encrypt),
            oaep=connection.key_transport.removeprefix("oaep-") if connection.key_transport != "pkcs1" else None,
            compress=connection.compress,
        ),
        content_type=connection.content_type,
        must_be_signed=connection.must_be_signed,
        must_be_encrypted=connection.must_be_encrypted,
        receipt=connection.receipt,
        receipt_signed=connection.receipt_signed,
        receipt_url=connection.receipt_url,
        receipt_within=connection.receipt_within,
        receipt_addresses=connection.receipt_addresses,
        allowances=tuple(Allowance(each.what, each.until) for each in connection.exceptions),
        largest=connection.largest_megabytes << 20,
    )


def _given(name: str) -> str | None:
    return None if name == "none" else name


class As2Relations:
    """Every AS2 relation of a directory, by the two names, and their keys as they are at the moment they are asked for."""

    def __init__(self, directory: Directory, store: Database, vault: Vault, clock: Clock) -> None:
        self._store, self._vault, self._clock = store, vault, clock
        self._identity_of: dict[str, str] = {}
        self._relations: dict[tuple[str, str], Relation] = {}
        self._pairs: dict[str, KeyPair] = {}
        names = {each.name: each.as2_id for each in directory.ourselves}
        for connection in directory.connections:
            if isinstance(connection, As2Connection):
                relation = relation_of(connection, names[connection.ours])
                self._relations[relation.ours, relation.theirs] = relation
                self._identity_of[connection.name] = connection.ours

    def between(self, ours: str, theirs: str) -> Relation | None:
        """What is agreed between two AS2 names; None for strangers."""
        return self._relations.get((ours, theirs))

    def of(self, connection: str) -> Relation:
        """The relation behind a connection. Raises WrongInput where it is no AS2 connection any more."""
        for relation in self._relations.values():
            if relation.connection == connection:
                return relation
        raise WrongInput(f"there is no AS2 connection '{connection}'")

    def keys(self, relation: Relation) -> StoredKeys:
        """The certificates and keys of a relation as they are now."""
        with self._store.read() as unit:
            ours = unit.certificates.of(owner_of_identity(self._identity_of[relation.connection]))
            theirs = unit.certificates.of(owner_of_connection(relation.connection))
        return StoredKeys(relation, ours, theirs, self._clock.now(), self)

    def pair(self, certificate: Certificate) -> KeyPair:
        """A certificate of ours with its private key, which is taken out of the vault once. Raises NeedsPerson."""
        if certificate.fingerprint not in self._pairs:
            pem = self._private(certificate)
            key = load_pem_private_key(pem, password=None, unsafe_skip_rsa_key_validation=True)  # checked when it was added
            if not isinstance(key, PrivateKey):
                raise Defect(f"the key of certificate {certificate.id} is of a kind that should never have been added")
            chain = tuple(x509.load_pem_x509_certificates(certificate.chain)) if certificate.chain else ()
            self._pairs[certificate.fingerprint] = KeyPair(key, _loaded(certificate.der), chain)
        return self._pairs[certificate.fingerprint]

    def _private(self, certificate: Certificate) -> bytes:
        try:
            pem = self._vault.get(certificate.key_name)
        except WrongInput as error:
            raise NeedsPerson(error.what, where=error.where, do=error.do) from error
        if pem is None:
            raise NeedsPerson(
                f"the private key of certificate {certificate.id} is not in the vault", do="add it again with its key"
            )
        return pem


class StoredKeys:
    """The certificates and keys of one relation at one moment."""

    def __init__(
        self, relation: Relation, ours: list[Certificate], theirs: list[Certificate], now: datetime, pairs: As2Relations
    ) -> None:
        self._relation, self._now, self._pairs = relation, now, pairs
        self._ours = [each for each in ours if each.has_key]
        self._theirs = [each for each in theirs if each.valid_from <= now]

    def ours(self) -> Sequence[KeyPair]:
        """Every key pair of ours that a message to us may be encrypted for, also those that have had their day."""
        return [self._pairs.pair(each) for each in self._ours if each.serves("encryption")]

    def signer(self) -> KeyPair:
        """The one we sign with now. Raises NeedsPerson where there is none that holds."""
        found = in_use(self._ours, "signing", self._now)
        if found is None or not found.holds(self._now):
            what = f"no certificate of {self._relation.ours} holds now, to sign with"
            raise NeedsPerson(what, where=self._relation.where, do="make one, certificate generate, and give it to the partner")
        return self._pairs.pair(found)

    def theirs(self) -> Sequence[x509.Certificate]:
        """Every certificate a signature of theirs may be by."""
        return [_loaded(each.der) for each in self._theirs if each.serves("signing")]

    def recipient(self) -> x509.Certificate:
        """The one we encrypt for now. Raises NeedsPerson where there is none."""
        found = in_use(self._theirs, "encryption", self._now)
        if found is None:
            what = f"there is no certificate of {self._relation.theirs} to encrypt for"
            raise NeedsPerson(what, where=self._relation.where, do="ask the partner for it: certificate add")
        return _loaded(found.der)

    def expired(self) -> list[x509.Certificate]:
        """Those of theirs that are past their end."""
        return [_loaded(each.der) for each in self._theirs if not each.holds(self._now)]


@lru_cache(512)
def _loaded(der: bytes) -> x509.Certificate:
    return x509.load_der_x509_certificate(der)
