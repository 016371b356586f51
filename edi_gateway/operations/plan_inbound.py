"""A set that came, under one side: as ``read``, ``translate`` and ``apply`` would handle it, and nothing recorded."""

from __future__ import annotations

from collections.abc import Iterator

from edi_gateway.documents.order import Order
from edi_gateway.errors import GatewayError, WrongInput
from edi_gateway.operations.plan_documents import Received, Sent
from edi_gateway.operations.plan_outbound import write_out
from edi_gateway.operations.plan_side import Handled, Side
from edi_gateway.order_to_cash.facts import Decided
from edi_gateway.order_to_cash.rules import Ruling, decide
from edi_gateway.order_to_cash.turnaround import draft_acknowledgment
from edi_gateway.order_to_cash.turnaround.saying import in_their_words
from edi_gateway.pipeline.inbound.examine import Examined, Examiner
from edi_gateway.trading.directory import Directory, Found, NoAgreement, Unknown
from edi_gateway.trading.profile import Agreement, TradingPartner
from edi_gateway.trading.scalars import write_duration
from edi_gateway.trading.usage import USAGES, isa15
from edi_gateway.x12.finding import Severity

_SHOWN = 5


def take_in(side: Side, received: Received) -> Handled:
    """What becomes of it."""
    if side.directory is None:
        return Handled(received.partner, "nothing is in force")
    if received.set.group is None:
        return Handled(received.partner, "it stands in no group")
    try:
        partner, examined = _examined(side.directory, received)
    except WrongInput as error:
        return Handled(received.partner, str(error))
    agreement = examined.agreement
    if not isinstance(agreement, Agreement):
        return Handled(partner.name, agreement.why if isinstance(agreement, NoAgreement) else "it is an acknowledgment")
    said = {"found": _findings(examined), "answer": _answer(agreement)}
    if examined.is_rejected:
        worst = next(finding for finding in examined.findings if finding.severity is Severity.REJECT)
        return Handled(partner.name, f"it is rejected: {worst.sentence}", said=said)
    try:
        document = side.maps.reading(agreement.map).read(received.set)
    except GatewayError as error:
        return Handled(partner.name, str(error).partition("\n")[0], said=said)
    answers: dict[str, Handled] = {}
    if isinstance(document, Order) and received.advice is not None:
        ruling = decide(document, received.advice, partner.orders, today=partner.today(received.at))
        said |= dict(_rules(document, ruling))
        answers = dict(_answered(side, document, ruling, received, partner))
    return Handled(partner.name, document=document, said=said, answers=answers)


def _examined(directory: Directory, received: Received) -> tuple[TradingPartner, Examined]:
    """Whose it is, and what is thought of it. Raises WrongInput where it is nobody's."""
    group = received.set.group
    assert group is not None  # noqa: S101  # take_in has looked
    usage = USAGES.get(group.interchange.usage)
    sender = directory.sender(group.interchange.sender, group.sender, group.interchange.receiver, usage)
    forced = ""
    if isinstance(sender, Unknown):
        forced = received.partner  # attached by a person, when it came
        if forced not in {partner.name for partner in directory.partners}:
            raise WrongInput(sender.why)
    connection = received.connection
    if not connection and isinstance(sender, Found):
        connection = sender.partner.under(usage).connection
    examiner = Examiner(directory, connection, received.at, forced)
    examiner.examine(group.interchange)
    examiner.examine(group)
    examined = examiner.examine(received.set)
    if examined is None or not isinstance(examiner.sender, Found):
        raise WrongInput(examiner.sender.why if isinstance(examiner.sender, Unknown) else "it is nobody's")
    return examiner.sender.partner, examined


def _findings(examined: Examined) -> str:
    """What validation and guide find, the first few of it."""
    told = [f"{finding.severity}: {finding.sentence}" for finding in examined.findings]
    return "; ".join(told[:_SHOWN]) + (f" (and {len(told) - _SHOWN} more)" if len(told) > _SHOWN else "")


def _answer(agreement: Agreement) -> str:
    terms = agreement.acknowledgment
    if terms.form == "none":
        return "none"
    return f"{terms.form} {terms.release} within {write_duration(terms.within)}, {terms.detail}"


def _rules(order: Order, ruling: Ruling) -> Iterator[tuple[str, str]]:
    """What our rules make of an order, over what the ERP had said of it: line by line, and why a person would be asked."""
    for line in order.lines:
        parts = [part for part in ruling.lines if part.line_number == line.number]
        yield f"rules, line {line.number}", ", ".join(f"{part.status} {part.quantity.normalize():f}" for part in parts)
    yield "held by rules", "; ".join(f"{reason.place}: {reason.message}".removeprefix(": ") for reason in ruling.needs_approval)


def _answered(
    side: Side, order: Order, ruling: Ruling, received: Received, partner: TradingPartner
) -> Iterator[tuple[str, Handled]]:
    """The 855, drafted anew from the order as this side reads it, as if the ERP decided what the rules say can be done."""
    group = received.set.group
    if group is None or side.directory is None:
        return
    today, usage = partner.today(received.at), group.interchange.usage
    agreement = side.directory.outgoing(partner, "855", USAGES.get(usage, "production"), today, received.set.release)
    if isinstance(agreement, NoAgreement):
        return
    kept = tuple(line for line in ruling.lines if line.status != "rejected")
    draft = draft_acknowledgment(order, Decided(at=received.at, lines=kept), today=today, rejected=ruling.rejected)
    told = in_their_words(draft, partner.answers.acknowledgment)
    usage_written = isa15(USAGES.get(usage, "production"))
    yield "855", write_out(side, Sent(received.name, "855", partner.name, told, usage_written, received.at, received.set.release))
