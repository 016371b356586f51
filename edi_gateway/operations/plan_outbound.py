"""A document of ours, under one side: as ``compose`` and ``envelope`` would write it, under numbers that are none."""

from __future__ import annotations

from contextlib import suppress

from edi_gateway.errors import GatewayError, WrongInput
from edi_gateway.operations.plan_documents import Received, Sent
from edi_gateway.operations.plan_side import Handled, Side
from edi_gateway.pipeline.outbound.write import Written, write
from edi_gateway.pipeline.severities import policy_of
from edi_gateway.trading.directory import Directory, NoAgreement
from edi_gateway.trading.profile import Agreement, TradingPartner
from edi_gateway.trading.usage import USAGES, isa15
from edi_gateway.x12 import standard
from edi_gateway.x12.envelope import Identity, Segment, TransactionSet
from edi_gateway.x12.finding import Severity
from edi_gateway.x12.group_codes import group_code
from edi_gateway.x12.guide import over
from edi_gateway.x12.validation import checker
from edi_gateway.x12.writer import GroupHeader, InterchangeHeader, write_interchange


def write_out(side: Side, sent: Sent) -> Handled:
    """What becomes of it."""
    if side.directory is None:
        return Handled(sent.partner, "nothing is in force")
    try:
        return _written(side.directory, side, sent)
    except GatewayError as error:
        return Handled(sent.partner, str(error).partition("\n")[0])


def as_sent(received: Received | Sent, *sides: Side) -> Received | Sent:
    """A set in a file that is one of ours, as the document it was made of: read back by the map that writes it.

    Under the first side that can; any other set, and what cannot be read back, stays as it is.
    """
    if isinstance(received, Sent):
        return received
    for side in sides:
        agreed = _agreed(side.directory, received) if side.directory is not None else None
        if agreed is None:
            continue
        partner, agreement = agreed
        with suppress(GatewayError):
            document = side.maps.reading(agreement.map).read(received.set)
            usage = isa15(agreement.usage)
            return Sent(received.name, received.code, partner.name, document, usage, received.at, agreement.release)
    return received


def _agreed(directory: Directory, received: Received) -> tuple[TradingPartner, Agreement] | None:
    """To whom of our partners a set of ours went, and under which agreement; None for what is not ours."""
    group = received.set.group
    if group is None or group.interchange.sender not in {each.interchange for each in directory.ourselves}:
        return None
    usage = USAGES.get(group.interchange.usage, "production")
    for partner in directory.partners:
        theirs = partner.under(usage)
        if group.interchange.receiver in theirs.interchange and group.receiver in theirs.group:
            found = directory.agreement(partner, received.code, "out", group.release, usage)
            return None if isinstance(found, NoAgreement) else (partner, found)
    return None


def _written(directory: Directory, side: Side, sent: Sent) -> Handled:
    partner = directory.partner(sent.partner)
    agreement = directory.outgoing(partner, sent.code, USAGES[sent.usage], partner.today(sent.at), sent.like)
    if isinstance(agreement, NoAgreement):
        raise WrongInput(agreement.why)
    map_ = side.maps.writing(agreement.map)
    written = write(map_, sent.document, agreement, partner)
    said = {
        "goes": _addressed(directory, partner, agreement, sent),
        "not carried": ", ".join(map_.not_carried(sent.document, release=agreement.definition)),
        "repaired": "; ".join(str(each) for each in written.repairs),
    }
    fails = _stopped(directory, partner, agreement, written)
    return Handled(partner.name, fails, payload=_interchange(partner, agreement, sent, written), said=said)


def _stopped(directory: Directory, partner: TradingPartner, agreement: Agreement, written: Written) -> str:
    """Why it would be held before it leaves; nothing where it would go."""
    nearest = standard.nearest(agreement.set, agreement.definition)
    if nearest is None:
        return f"set {agreement.set} of release {agreement.release} is not defined"
    guide = directory.guide(partner, agreement)
    narrowing = over(guide, nearest.definition) if guide is not None else None
    check = checker(nearest.definition, policy_of(partner, agreement), narrowing)
    findings = check.check(TransactionSet.of(_whole(agreement, written), written.marks))
    for finding in findings:
        if finding.severity is Severity.REJECT:
            return f"it would not be valid: {finding.sentence}"
    for finding in findings:
        if finding.kind.startswith("guide."):
            return f"it would break the partner's guide: {finding.sentence}"
    return ""


def _whole(agreement: Agreement, written: Written) -> list[Segment]:
    return [["ST", agreement.set, "0001"], *written.segments, ["SE", str(len(written.segments) + 2), "0001"]]


def _addressed(directory: Directory, partner: TradingPartner, agreement: Agreement, sent: Sent) -> str:
    """From whom to whom it goes, in which release, over which connection."""
    identified = partner.under(USAGES[sent.usage])
    ours, own = directory.identity(identified.ours), agreement.envelope
    sender = f"{ours.interchange} {own.sender_group or ours.group}"
    receiver = f"{own.receiver or identified.interchange[0]} {own.receiver_group or identified.group[0]}"
    return f"from {sender} to {receiver} in {agreement.release} over {identified.connection}"


def _interchange(partner: TradingPartner, agreement: Agreement, sent: Sent, written: Written) -> bytes:
    """The bytes, under control number 1 and the time it was first written: two of them differ in what the files say alone."""
    own = agreement.envelope
    nobody = Identity("ZZ", "PLAN")
    header = InterchangeHeader(
        sender=nobody,
        receiver=nobody,
        control_number=1,
        version=own.interchange_version or partner.interchange_version,
        usage=sent.usage,
        at=sent.at,
    )
    group = GroupHeader(
        code=group_code(sent.code), sender="PLAN", receiver="PLAN", control_number=1, release=agreement.release, at=sent.at
    )
    return write_interchange(header, [(group, [_whole(agreement, written)])], written.marks)
