"""AS2 connections: one partner, or VAN, whose AS2 station writes to ours and ours to it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal, TypeAlias
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator

from edi_gateway.trading.base import Terms
from edi_gateway.trading.rate import RateLimit
from edi_gateway.trading.scalars import Duration
from edi_gateway.trading.secrets import SecretAt

Cipher: TypeAlias = Literal["none", "aes128-cbc", "aes192-cbc", "aes256-cbc", "aes128-gcm", "aes192-gcm", "aes256-gcm", "3des"]


class As2Exception(Terms):
    """Something weak that one partner cannot do without yet. Every use is told; after its last day it is refused."""

    what: Literal["sha1", "3des", "expired certificate"] = Field(
        description="sha1: digests, in signatures and receipts; 3des: as a cipher; expired certificate: theirs, past its end."
    )
    until: date = Field(description="The last day it is allowed.")
    reason: str = Field("", description="Why, for whoever reads it.")


class As2Connection(Terms):
    """An AS2 station of theirs, or of their VAN, that writes to ours and ours to it."""

    name: str = Field(description="File name without .yaml.")
    kind: Literal["as2"] = Field(description="as2")
    senders: tuple[str, ...] = Field(description="Partners whose documents may arrive through it.")
    ours: str = Field("main", description="Which of our identities it knows; its as2_id is our AS2 name here.")
    as2_id: str = Field(pattern=r"^[ -~]{1,128}$", description="Their AS2 name: AS2-From of what they send.")
    url: str = Field("", description="Where we post to, https://…; none: they only send to us.")
    sign: Literal["none", "sha256", "sha384", "sha512", "sha1"] = Field("sha256", description="How we sign.")
    signature: Literal["pkcs1", "pss"] = Field("pkcs1", description="RSA signatures by PKCS #1 v1.5, or RSASSA-PSS.")
    encrypt: Cipher = Field("aes256-cbc", description="How we encrypt.")
    key_transport: Literal["pkcs1", "oaep-sha1", "oaep-sha256"] = Field(
        "pkcs1", description="How the content's key goes to them: RSA PKCS #1 v1.5, or OAEP."
    )
    compress: Literal["none", "before signing", "after signing"] = Field("none", description="Whether we compress, and when.")
    content_type: str = Field("application/edi-x12", pattern=r"^[\w.+-]+/[\w.+-]+$", description="What we say our payloads are.")
    receipt: Literal["none", "synchronous", "asynchronous"] = Field(
        "synchronous", description="Which MDN we ask for: in the answer, or later at receipt_url."
    )
    receipt_signed: bool = Field(True, description="Whether it has to be signed; an unsigned one proves nothing.")
    receipt_url: str = Field("", description="Our own address as they reach it, for asynchronous MDNs.")
    receipt_within: Duration = Field(timedelta(hours=1), description="How long an asynchronous MDN may take; then we post again.")
    must_be_signed: bool = Field(True, description="Whether what they send has to be signed.")
    must_be_encrypted: bool = Field(True, description="Whether what they send has to be encrypted.")
    receipt_addresses: tuple[str, ...] = Field(
        (), description="Where asynchronous MDNs may be delivered to: beginnings of their URLs. None: we deliver none."
    )
    exceptions: tuple[As2Exception, ...] = Field((), description="What is allowed although it is weak, each until a day.")
    largest_megabytes: int = Field(256, ge=1, le=4096, description="The largest message taken, before and after decompression.")
    login: str = Field("", description="Our login, if their server asks for one (HTTP basic).")
    password: SecretAt | None = Field(None, description="Where its password is.")
    client_certificate: SecretAt | None = Field(None, description="Where our TLS certificate and key are (PEM), if asked for.")
    tls_authority: SecretAt | None = Field(
        None, description="Where the certificate is (PEM) that vouches for their server, if it is none of the usual ones."
    )
    timeout: int = Field(30, ge=1, le=600, description="Seconds that connecting and sending may each take.")
    at_most: RateLimit | None = Field(
        None, description="How many messages we send in how long: 60/1m. None: as fast as they take them."
    )
    patience: int = Field(300, ge=1, le=3600, description="Seconds their answer may take once they have it all.")

    @field_validator("url", "receipt_url")
    @classmethod
    def _is_address(cls, value: str) -> str:
        if value and (urlsplit(value).scheme not in ("http", "https") or not urlsplit(value).hostname):
            raise ValueError(f"'{value}' is no address; write one such as https://as2.example.com/as2")
        return value

    @field_validator("receipt_addresses")
    @classmethod
    def _are_addresses(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(cls._is_address(each) for each in value)

    @model_validator(mode="after")
    def _holds_together(self) -> As2Connection:
        excepted = {each.what for each in self.exceptions}
        for weak in {self.sign, self.encrypt} & {"sha1", "3des"}:
            if weak not in excepted:
                raise ValueError(f"{weak} is weak; use another, or name it under exceptions with the last day it is allowed")
        if self.receipt == "asynchronous" and not self.receipt_url:
            raise ValueError("asynchronous receipts need receipt_url, our own address as they reach it")
        if bool(self.login) != (self.password is not None):
            raise ValueError("a login and a password go together")
        return self
