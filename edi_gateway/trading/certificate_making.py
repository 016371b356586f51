"""Makes a certificate of ours: self-signed, as AS2 partners exchange them."""

from __future__ import annotations

from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from edi_gateway.trading.certificate_files import Bundle

_CLOCKS_DIFFER = timedelta(hours=1)


def make_certificate(name: str, organization: str, now: datetime, *, days: int = 730, bits: int = 3072) -> Bundle:
    """A key pair and its certificate, for signing and encryption, from an hour ago for so many days."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=bits)
    told = [(NameOID.COMMON_NAME, name[:64]), (NameOID.ORGANIZATION_NAME, organization[:64])]
    subject = x509.Name([x509.NameAttribute(kind, value) for kind, value in told if value])
    start = now.replace(microsecond=0) - _CLOCKS_DIFFER
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=True,
        data_encipherment=True,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    return Bundle(builder.sign(key, hashes.SHA256()), (), key)
