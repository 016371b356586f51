"""Certificates and keys as files bring them: PEM, DER, PKCS #7 (P7B) and PKCS #12 (P12); fingerprints as people say them."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    pkcs7,
)
from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12, serialize_key_and_certificates

from edi_gateway.errors import WrongInput
from edi_gateway.trading.certificates import NewCertificate, Role

LEAST_RSA_BITS = 2048  # rfc4130bis; shorter keys are only taken for partners, with a warning

PrivateKey: TypeAlias = RSAPrivateKey | EllipticCurvePrivateKey


class Bundle(NamedTuple):
    """What a file held: one certificate, those that vouch for it, and its private key where it came with one."""

    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()
    key: PrivateKey | None = None

    @property
    def fingerprint(self) -> str:
        """SHA-256 over the certificate, as hex."""
        return self.certificate.fingerprint(hashes.SHA256()).hex()

    def key_pem(self) -> bytes:
        """The private key in the clear, for the vault alone. Raises WrongInput where there is none."""
        if self.key is None:
            raise WrongInput("there is no private key in it", do="give the file that holds it: P12, or PEM with the key")
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    def as_new(self, owner: str, role: Role) -> NewCertificate:
        """The certificate, ready to be kept."""
        return NewCertificate(
            owner=owner,
            role=role,
            fingerprint=self.fingerprint,
            der=self.certificate.public_bytes(Encoding.DER),
            chain=b"".join(each.public_bytes(Encoding.PEM) for each in self.chain),
            subject=self.certificate.subject.rfc4514_string(),
            valid_from=self.certificate.not_valid_before_utc,
            valid_until=self.certificate.not_valid_after_utc,
            has_key=self.key is not None,
        )


def read_bundle(data: bytes, password: bytes | None = None, where: str = "") -> Bundle:
    """Whatever of the four forms ``data`` is. Raises WrongInput, without quoting any of it."""
    try:
        bundle = _read(data, password)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        todo = "give PEM, DER, P7B or P12, and the password if it has one"
        raise WrongInput("no certificate can be read from it", where=where or None, do=todo) from error
    if bundle is None:
        raise WrongInput("it holds no certificate", where=where or None)
    if bundle.key is not None and not _belong_together(bundle.certificate, bundle.key):
        raise WrongInput("the private key is not that of the certificate", where=where or None)
    return bundle


def _read(data: bytes, password: bytes | None) -> Bundle | None:
    if b"-----BEGIN" in data:
        return _read_pem(data, password)
    for reader in (_read_der, _read_p7b):
        try:
            return reader(data)
        except (ValueError, UnsupportedAlgorithm):
            continue
    found = load_pkcs12(data, password)
    if found.cert is None:
        return None
    return Bundle(found.cert.certificate, tuple(each.certificate for each in found.additional_certs), _supported(found.key))


def _read_pem(data: bytes, password: bytes | None) -> Bundle | None:
    if b"-----BEGIN PKCS7" in data:
        return _of(pkcs7.load_pem_pkcs7_certificates(data))
    certificates = x509.load_pem_x509_certificates(data) if b"-----BEGIN CERTIFICATE" in data else []
    key = None
    if b"PRIVATE KEY-----" in data:
        try:
            key = _supported(load_pem_private_key(data, password))
        except TypeError:  # a password for a key that has none
            key = _supported(load_pem_private_key(data, None))
    return _of(certificates, key)


def _read_der(data: bytes) -> Bundle | None:
    return _of([x509.load_der_x509_certificate(data)])


def _read_p7b(data: bytes) -> Bundle | None:
    return _of(pkcs7.load_der_pkcs7_certificates(data))


def _of(certificates: list[x509.Certificate], key: PrivateKey | None = None) -> Bundle | None:
    """The certificate that vouches for no other one of them, with the others as its chain."""
    if not certificates:
        return None
    issuers = {each.issuer for each in certificates if each.issuer != each.subject}
    own = next((each for each in certificates if key is not None and _belong_together(each, key)), None)
    leaf = own or next((each for each in certificates if each.subject not in issuers), certificates[0])
    return Bundle(leaf, tuple(each for each in certificates if each is not leaf), key)


def _supported(key: object) -> PrivateKey | None:
    if key is None or isinstance(key, RSAPrivateKey | EllipticCurvePrivateKey):
        return key
    raise WrongInput("the private key is neither RSA nor ECDSA")


def _belong_together(certificate: x509.Certificate, key: PrivateKey) -> bool:
    spki = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return certificate.public_key().public_bytes(*spki) == key.public_key().public_bytes(*spki)


def warnings_about(certificate: x509.Certificate) -> list[str]:
    """What speaks against a certificate, in sentences."""
    found = []
    key = certificate.public_key()
    if isinstance(key, RSAPublicKey) and key.key_size < LEAST_RSA_BITS:
        found.append(f"its RSA key has {key.key_size} bits; {LEAST_RSA_BITS} are the least that should be used")
    if isinstance(key, EllipticCurvePublicKey):
        found.append("its key is ECDSA: it can sign, and nothing can be encrypted for it")
    if not isinstance(key, RSAPublicKey | EllipticCurvePublicKey):
        found.append("its key is neither RSA nor ECDSA, and cannot be used for AS2")
    return found


def spoken(fingerprint: str) -> str:
    """A fingerprint in groups of four, to be read out on the phone: ``3f2a 90b1 …``."""
    return " ".join(fingerprint[at : at + 4] for at in range(0, len(fingerprint), 4))


def exported(bundle: Bundle, form: str, password: bytes | None = None) -> bytes:
    """A certificate as ``pem``, ``der`` or ``p7b``; with its key, locked by a password, as ``p12``. Raises WrongInput."""
    match form:
        case "pem":
            return b"".join(each.public_bytes(Encoding.PEM) for each in (bundle.certificate, *bundle.chain))
        case "der":
            return bundle.certificate.public_bytes(Encoding.DER)
        case "p7b":
            return pkcs7.serialize_certificates([bundle.certificate, *bundle.chain], Encoding.DER)
        case "p12":
            if not password or bundle.key is None:
                raise WrongInput("a P12 needs a private key, and a password to lock it with")
            lock = BestAvailableEncryption(password)
            return serialize_key_and_certificates(None, bundle.key, bundle.certificate, list(bundle.chain), lock)
    raise WrongInput(f"'{form}' is no form of certificate", do="pem, der, p7b or p12")
