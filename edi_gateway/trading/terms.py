"""The base of every model of partner files, and the small groups of terms a profile is made of."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, model_validator

from edi_gateway.trading.scalars import Duration, InterchangeId

GroupId: TypeAlias = Annotated[str, Field(min_length=2, max_length=15)]
HIGHEST_NUMBER = 999_999_999  # nine digits: ISA13, GS06


class Terms(BaseModel):
    """The base of every model here: frozen, and an unknown word is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Contact(Terms):
    """Somebody of theirs whom we ask when something is late or wrong."""

    name: str = Field(description="Who it is: a person or a desk.")
    role: Literal["edi", "business", "technical"] = Field(
        "edi",
        description="edi is named where an acknowledgment is late or a rejection came; technical where a connection fails.",
    )
    email: str = Field("", description="Their e-mail address.")
    phone: str = Field("", description="Their telephone number.")

    def __str__(self) -> str:
        return ", ".join(filter(None, (self.name, self.email, self.phone)))


class ControlNumberTerms(Terms):
    """How we number what we send. A number is never given twice before the counter begins again."""

    scope: Literal["partner", "ours"] = Field(
        "partner", description="What shares a counter: what goes to them under our id; or whatever goes out under it, to anybody."
    )
    start: int = Field(1, ge=1, le=HIGHEST_NUMBER, description="First number of a counter that is new or begins again.")
    most: int = Field(HIGHEST_NUMBER, ge=1, le=HIGHEST_NUMBER, description="Last number; after it the counter begins again.")

    @model_validator(mode="after")
    def _counts_up(self) -> ControlNumberTerms:
        if self.start >= self.most:
            raise ValueError(f"start {self.start} is not below most {self.most}")
        return self


class Repairs(Terms):
    """What becomes of characters they cannot take, each repair told.

    Accents and typographic marks become plain letters by themselves; here is what this partner wants otherwise.
    """

    spell: dict[str, str] = Field(default_factory=dict, description="Character → what is written for it: '&' → AND.")
    replacement: str = Field(
        " ", min_length=1, max_length=1, description="What stands for a character nothing else is known for."
    )
    otherwise: Literal["repair", "hold"] = Field(
        "repair", description="Whether a set that needs a repair is sent repaired, or held for a person first."
    )

    @model_validator(mode="after")
    def _single_characters(self) -> Repairs:
        for mark in self.spell:
            if len(mark) != 1:
                raise ValueError(f"spell: '{mark}' is not one character")
        return self


class UnderTest(Terms):
    """What differs under usage test; what is not given is as for production."""

    interchange: tuple[InterchangeId, ...] = Field((), description="Their ids on the ISA of test documents.")
    group: tuple[GroupId, ...] = Field((), description="Their ids on the GS of test documents.")
    ours: str = Field("", description="Which of our identities test documents are exchanged under.")
    connection: str = Field("", description="Where test documents for them go.")


class Fallback(Terms):
    """Another way to them, for when the usual connection fails."""

    connection: str = Field(description="The connection used instead.")
    after: Duration = Field(
        timedelta(hours=1), description="How long sending over the usual connection must have failed, from the first try."
    )


class CrossReferenceTerms(Terms):
    """Whether their codes are exchanged for ours on the way to the ERP; the tables are kept with `edi-gateway xref`.

    Answers always carry the codes they wrote.
    """

    items: Literal["none", "optional", "required"] = Field(
        "none", description="Item ids of order lines. required: a line without an entry is held; optional: it passes as it is."
    )
    locations: Literal["none", "optional", "required"] = Field(
        "none", description="Ship-to locations of orders, likewise. A ship-to without an id passes."
    )
