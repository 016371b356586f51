"""Who we are: the names we trade under, each with its ids and addresses."""

from __future__ import annotations

from pydantic import Field

from edi_gateway.trading.base import Terms
from edi_gateway.trading.scalars import InterchangeId
from edi_gateway.trading.terms import GroupId


class Address(Terms):
    """A place of ours or theirs, as an N1 loop carries it."""

    name: str = Field(description="N102.")
    id_qualifier: str = Field("", description="N103: 92, 9, UL …")
    id: str = Field("", description="N104.")
    street: str = Field("", description="N301.")
    city: str = Field("", description="N401.")
    region: str = Field("", description="N402: state or province.")
    postal_code: str = Field("", description="N403.")
    country: str = Field("", description="N404.")


class OurIdentity(Terms):
    """One of the names we trade under."""

    name: str = Field(description="How partners' files refer to it.")
    title: str = Field(description="Our name as people read it.")
    interchange: InterchangeId = Field(description="Our id on the ISA, QUALIFIER:ID.")
    group: GroupId = Field(description="Our id on the GS.")
    company_prefix: str = Field("", pattern=r"^(\d{6,12})?$", description="GS1 company prefix, for SSCC-18 numbers.")
    as2_id: str = Field("", pattern=r"^[ -~]{0,128}$", description="Our AS2 name, for partners who write to us over AS2.")
    ship_from: Address | None = Field(None, description="Where goods leave from (N1*SF).")
    remit_to: Address | None = Field(None, description="Where payments go (N1*RE).")


class Ourselves(Terms):
    """The file ``partners/_ourselves.yaml``: every name we trade under."""

    identities: tuple[OurIdentity, ...] = Field(min_length=1, description="Our identities; partners refer to them by name.")
