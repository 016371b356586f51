"""The small groups of terms a profile is made of."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, model_validator

from edi_gateway.trading.base import Terms
from edi_gateway.trading.scalars import YEAR, Duration, InterchangeId
from edi_gateway.trading.secrets import SecretAt

Direction: TypeAlias = Literal["in", "out"]
CountedIn: TypeAlias = Literal["hours", "working hours"]
GroupId: TypeAlias = Annotated[str, Field(min_length=2, max_length=15)]
HIGHEST_NUMBER = 999_999_999  # nine digits: ISA13, GS06


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
    """How we number what we send. A number is never given twice before the counter begins again: whatever shares a counter, and
    whatever is changed here or in the ids, what goes from one id to one id is numbered on from what went between them before.
    """

    scope: Literal["pair", "partner", "ours", "all"] = Field(
        "partner",
        description="What shares a counter: what goes from one id to one id (ISA06, ISA08); what goes to them under our "
        "identity; whatever goes out under it, to anybody; whatever goes out.",
    )
    start: int = Field(1, ge=1, le=HIGHEST_NUMBER, description="First number of a counter that is new or begins again.")
    most: int = Field(HIGHEST_NUMBER, ge=1, le=HIGHEST_NUMBER, description="Last number; after it the counter begins again.")
    set_width: int = Field(4, ge=4, le=9, description="Digits of ST02, which counts the sets of a group.")
    sets: Literal["in the group", "on and on"] = Field(
        "in the group", description="Whether ST02 begins at 1 in every group, or counts on from group to group."
    )

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


class Authorization(Terms):
    """Authorization information, where a partner or network asks for it on the ISA."""

    qualifier: str = Field(pattern=r"^[0-9A-Z]{2}$", description="ISA01: 01, 02 …; without authorization we write 00.")
    information: str = Field(min_length=1, max_length=10, description="ISA02.")


class Security(Terms):
    """A password on the ISA. It is part of what is sent, so it stays in the payloads on record."""

    qualifier: str = Field("01", pattern=r"^[0-9A-Z]{2}$", description="ISA03; without security we write 00.")
    information: SecretAt = Field(description="Where ISA04 is, up to ten characters.")


class Retention(Terms):
    """How long we keep what was exchanged. What is still open, held or owed stays, however old it is."""

    payloads: Duration = Field(
        timedelta(days=400),
        description="Bytes as they came and went; a repeated interchange is known by them, so at least as long as it counts.",
    )
    documents: Duration = Field(7 * YEAR, description="Documents, sets, envelopes and order threads.")
    events: Duration = Field(7 * YEAR, description="What happened, when, and who did it.")


class UnderTest(Terms):
    """What differs under usage test; what is not given is as for production."""

    interchange: tuple[InterchangeId, ...] = Field((), description="Their ids on the ISA of test documents.")
    group: tuple[GroupId, ...] = Field((), description="Their ids on the GS of test documents.")
    ours: str = Field("", description="Which of our identities test documents are exchanged under.")
    connection: str = Field("", description="Where test documents for them go.")
    security: Security | None = Field(None, description="ISA03 and ISA04 of test documents.")


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


class DuplicatePolicy(Terms):
    """What a repetition means, at each level."""

    payload: Literal["look inside", "hold", "ignore"] = Field(
        "look inside",
        description="The same bytes again, whole: the levels below decide; for a person; or nothing in it is read again.",
    )
    interchange: Literal["answer again", "hold", "process"] = Field(
        "answer again",
        description="The same ISA13 with the same bytes: the old answer is sent again, nothing is processed twice. One of which "
        "nothing was processed in the end, since each set of it was dismissed or rejected, is read anew; what was dismissed is "
        "held.",
    )
    order: Literal["hold", "refuse"] = Field(
        "hold", description="The same PO again as an original: for a person, or an 855 reject."
    )
    numbers: Literal["one by one", "any"] = Field(
        "one by one",
        description="How they number interchanges: each follows the one before, and what is left out is told as missing; or from "
        "one counter for all their partners, so that nothing follows from a gap.",
    )
    window: Duration = Field(timedelta(days=365), description="How far back a repetition counts.")
    payload_window: Duration | None = Field(None, description="The same for payloads alone.")
    interchange_window: Duration | None = Field(None, description="The same for interchanges alone.")
    order_window: Duration | None = Field(None, description="The same for orders alone.")

    def window_of(self, level: Literal["payload", "interchange", "order"]) -> timedelta:
        """How far back a repetition counts at a level."""
        own = {"payload": self.payload_window, "interchange": self.interchange_window, "order": self.order_window}[level]
        return self.window if own is None else own
