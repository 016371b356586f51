"""Packs a message: parts, compressed, signed and encrypted as agreed, and the MIC its receipt has to repeat.

Nothing large is copied on the way: what is made is pieces.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, NamedTuple, TypeAlias

from cryptography import x509

from edi_gateway.transports.as2.cms.algorithms import CIPHERS, DIGESTS, ContentCipher, Digest, digest_of
from edi_gateway.transports.as2.cms.compressing import compress
from edi_gateway.transports.as2.cms.der import Piece
from edi_gateway.transports.as2.cms.encrypting import encrypt
from edi_gateway.transports.as2.cms.keys import KeyPair
from edi_gateway.transports.as2.cms.signing import sign
from edi_gateway.transports.as2.mic import USUAL, Mic
from edi_gateway.transports.as2.mime.headers import file_name_parameter
from edi_gateway.transports.as2.mime.writing import Draft, Fields, base64_lines, draft, multipart

Compression: TypeAlias = Literal["none", "before signing", "after signing"]

_BINARY = ("Content-Transfer-Encoding", "binary")


class Part(NamedTuple):
    """One payload of a message: its bytes, what they are, and the file name they go under (empty: none)."""

    content: Sequence[Piece]
    content_type: str
    file_name: str = ""


class Packing(NamedTuple):
    """How messages are made: ``sign`` and ``encrypt`` name algorithms, None leaves it out; ``oaep`` a digest, None PKCS #1."""

    sign: str | None = "sha256"
    pss: bool = False
    encrypt: str | None = "aes256-cbc"
    oaep: str | None = None
    compress: Compression = "none"

    @property
    def digest(self) -> Digest:
        """The algorithm of the MIC."""
        return DIGESTS[self.sign] if self.sign else USUAL

    @property
    def cipher(self) -> ContentCipher | None:
        return CIPHERS[self.encrypt] if self.encrypt else None


class Packed(NamedTuple):
    """A message's own header fields, the pieces of its body, and its MIC."""

    fields: Fields
    body: list[Piece]
    mic: Mic


def pack(
    parts: Sequence[Part], packing: Packing, at: datetime, signer: KeyPair | None, recipients: Sequence[x509.Certificate]
) -> Packed:
    """The message; ``signer`` and ``recipients`` are used where ``packing`` says so. Raises MimeError or WrongInput."""
    entity = _content(parts)
    covered: list[Piece] = entity.pieces() if _has_covered_headers(packing) else entity.body
    if packing.compress == "before signing":
        entity = _compressed(entity)
    if packing.sign is not None and signer is not None:
        covered = entity.pieces()
        mic = Mic.over(covered, packing.digest)
        entity = signed(entity, mic.value, packing.digest, at, signer, pss=packing.pss)
    else:
        mic = Mic.over(covered, packing.digest)
    if packing.compress == "after signing":
        entity = _compressed(entity)
    if packing.cipher is not None:
        entity = _encrypted(entity, recipients, packing.cipher, DIGESTS[packing.oaep] if packing.oaep else None)
    return Packed(entity.fields, entity.body, mic)


def signed(entity: Draft, value: bytes | None, digest: Digest, at: datetime, signer: KeyPair, *, pss: bool = False) -> Draft:
    """An entity and its detached signature (RFC 5751 §3.4.3); ``value`` is its digest, where it is known already."""
    if value is None:
        value = digest_of(digest, entity.pieces())
    signature = draft(
        'application/pkcs7-signature; name="smime.p7s"; smime-type=signed-data',
        [base64_lines(sign(value, digest, signer, at, pss=pss))],
        ("Content-Transfer-Encoding", "base64"),
        ("Content-Disposition", 'attachment; filename="smime.p7s"'),
    )
    about = ('protocol="application/pkcs7-signature"', f"micalg={digest.micalg}")
    return multipart("signed", [entity, signature], *about)


def _has_covered_headers(packing: Packing) -> bool:
    """The MIC is over the headers too, but for content sent as it is (RFC 4130 §7.3.1, RFC 5402 §4)."""
    return packing.encrypt is not None or packing.compress != "none"


def _content(parts: Sequence[Part]) -> Draft:
    drafts = [_part(each) for each in parts]
    if len(drafts) == 1:
        return drafts[0]
    kind = parts[0].content_type.partition(";")[0].strip()
    return multipart("related", drafts, f'type="{kind}"')


def _part(part: Part) -> Draft:
    named = [("Content-Disposition", f"attachment; {file_name_parameter(part.file_name)}")] if part.file_name else []
    return draft(part.content_type, part.content, _BINARY, *named)


def _compressed(entity: Draft) -> Draft:
    about = 'application/pkcs7-mime; smime-type=compressed-data; name="smime.p7z"'
    return draft(about, compress(entity.pieces()), _BINARY, ("Content-Disposition", 'attachment; filename="smime.p7z"'))


def _encrypted(entity: Draft, recipients: Sequence[x509.Certificate], cipher: ContentCipher, oaep: Digest | None) -> Draft:
    kind = "authEnveloped-data" if cipher.is_authenticated else "enveloped-data"
    about = f'application/pkcs7-mime; smime-type={kind}; name="smime.p7m"'
    body = encrypt(entity.pieces(), recipients, cipher, oaep=oaep)
    return draft(about, body, _BINARY, ("Content-Disposition", 'attachment; filename="smime.p7m"'))
