"""What must agree between a partner's pack and its profile; each mistake with its line in the pack."""

from __future__ import annotations

from collections.abc import Iterator

from edi_gateway.errors import WrongInput
from edi_gateway.trading.business import Answers
from edi_gateway.trading.compliance.pack import CompliancePack
from edi_gateway.trading.files import Source
from edi_gateway.trading.profile import TradingPartner
from edi_gateway.wording import did_you_mean

STRUCTURES: tuple[str, ...] = Answers.model_fields["ship_notice_structure"].annotation.__args__  # type: ignore[union-attr]  # a Literal


def check_pack(source: Source[CompliancePack], partner: TradingPartner | None) -> Iterator[WrongInput]:
    """The structures it takes are known, and the one we write is among them, and what may ship can."""
    rules = source.value.rules
    for index, structure in enumerate(rules.R11.structures):
        if structure not in STRUCTURES:
            where = source.at("rules", "R11", "structures", index)
            yield WrongInput(f"'{structure}' is no structure of levels", where=where, do=did_you_mean(structure, STRUCTURES))
    ours = partner.answers.ship_notice_structure if partner and partner.answers.ship_notice else ""
    if ours and rules.R11.structures and ours not in rules.R11.structures:
        where = source.at("rules", "R11", "structures")
        yield WrongInput(f"the profile writes '{ours}', which they do not take", where=where, do="mend one of the two")
    if rules.R08.after_acknowledgment and partner and not partner.answers.order_acknowledgment:
        where = source.at("rules", "R08", "after_acknowledgment")
        yield WrongInput("nothing could ever ship: the profile sends no 855", where=where, do="set answers: order_acknowledgment")
