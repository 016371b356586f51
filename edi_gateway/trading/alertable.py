"""What an alert can be about: the kinds of events that rules may name, each in a sentence.

``LASTING`` ones are about something that goes on until its cause is gone; those that are ``HAPPENING`` are over once they
happened. ``NEWS`` are told each by itself, and end without a word when the next one comes.
"""

from __future__ import annotations

LASTING = {
    "flow.held": "a document waits for a person",
    "flow.dead": "a document was tried too often and waits for a person",
    "lane.down": "a connection, an ERP or a job of the schedule failed several times in a row and is only probed",
    "acknowledgment.half_time": "half the time a partner has to acknowledge a set of ours is over",
    "acknowledgment.overdue": "a partner has not acknowledged a set of ours in time",
    "acknowledgment.owed_half_time": "half the time we have to acknowledge a group of theirs is over",
    "acknowledgment.owed_overdue": "we have not acknowledged a group of theirs in time",
    "answer.owed_half_time": "half the time we have for an 855, 856 or 810 is over",
    "answer.owed_overdue": "an 855, 856 or 810 of ours has not left in time",
    "rejection.unanswered": "a partner has not sent anew what we rejected",
    "partner.silent": "nothing came from a partner for longer than agreed",
    "interchange.gap": "an interchange of a partner's that has to be before another one has not come",
    "transmission.unfetched": "nobody fetched a payload from a mailbox of ours",
    "certificate.expiring": "a certificate ends soon, or has ended",
    "approval.asked": "somebody asked for something that a second person has to agree to",
    "invoice.overdue": "an invoice of ours is past its date, and no remittance pays it",
}
HAPPENING = {
    "flow.rejected": "a document's way ended because it was wrong",
    "set.retransmitted": "an interchange of ours went again",
    "set.accepted_late": "a partner accepted a set of ours that it had rejected, after another took its place",
    "group.number_reused": "a group came under a number that one of its kind had in another interchange; it is processed",
    "interchange.number_reused": "an interchange came under a number that another one of the same sender had; it is processed",
    "interchange.late": "an interchange came that had been missing",
    "interchange.out_of_order": "an interchange came behind a higher number, or far ahead, though nobody missed it",
    "interchange.new_count": "a partner numbers its interchanges from another place on",
    "acknowledgment.orphan": "an acknowledgment came for something we never sent",
    "advice.orphan": "an application advice (824) is about something we never sent, or says it in no word we know",
    "acknowledgment.incomplete": "an acknowledgment says nothing of a set of ours, and counts it out",
    "payload.unreadable": "a payload came that is no EDI, or is damaged",
    "order.refused": "a repeated order was refused",
    "order.change_refused": "a change of an order was refused",
    "order.change_too_late": "a change of an order came after its goods had left",
    "compliance.breach": "a document left that a compliance rule warns of",
    "cash.question": "a remittance and our invoices do not agree",
    "erp.unreadable": "an ERP told something we cannot read",
    "erp.unknown_order": "an ERP told of an order that did not come through here",
    "as2.refused": "an AS2 message was refused",
    "as2.unable": "we could not take or receipt an AS2 message, for want of a key of ours",
    "as2.receipt_refused": "an AS2 receipt was not to be trusted",
    "as2.exception": "a weak algorithm or an expired certificate was used by exception",
    "as2.orphan_receipt": "an AS2 receipt came for nothing of ours",
    "as2.receipt_undelivered": "an AS2 receipt of ours could not be delivered",
    "transmission.fallback": "an interchange goes over the fallback connection",
    "connection.weak": "a connection used an algorithm that is allowed only by exception",
    "engine.died": "an engine ended without a word (killed, crashed, its machine gone), and another one took over",
    "clock.back": "a clock was ahead and was put back: times agreed that were reckoned by it end too late",
    "store.restored": "the gateway was restored from a backup",
}
NEWS = {
    "summary.daily": "the daily summary: what came and went since the one before, and what waits for a person",
}
ALERTABLE = LASTING | HAPPENING | NEWS
