"""Sending and what comes of it: retries, later receipts, and the moments at which something else is faster."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from as2_parties import Dead, Party, Wire

from edi_gateway.errors import NeedsPerson, TryAgain
from edi_gateway.transports.as2.sink import MOST_UNANSWERED

ORDER = b"ISA*00*~\r\n"
BACK = "https://as2.acme.example/as2"


def later(acme: Party, northwind: Party) -> None:
    """Agrees on receipts that come later."""
    acme.agree(receipt="asynchronous", receipt_url=BACK)
    northwind.agree(receipt_addresses=(BACK,))


def deliver(northwind: Party, acme: Party) -> int:
    """Gives acme the receipt northwind owes."""
    _, receipt = northwind.journal.owed.pop(0)
    return acme.station.answer({name.lower(): value for name, value in receipt.fields}, receipt.body).status


def test_a_retry_is_the_same_bytes_under_the_same_message_id(acme: Party, northwind: Party, wire: Wire) -> None:
    with pytest.raises(TryAgain):
        acme.send(ORDER, client=Dead(wire))
    receipt = acme.send(ORDER, client=wire)

    first, second = wire.posts
    assert first == second
    assert receipt.confirmed
    assert northwind.journal.payloads == [ORDER]


def test_a_payload_of_another_name_is_another_message(acme: Party, northwind: Party, wire: Wire) -> None:
    one, other = acme.send(ORDER, "order.edi", client=wire), acme.send(ORDER, "order_again.edi", client=wire)

    assert one.reference != other.reference
    assert northwind.journal.payloads == [ORDER, ORDER]


def test_what_was_confirmed_is_not_posted_again(acme: Party, wire: Wire) -> None:
    first = acme.send(ORDER, client=wire)

    assert acme.send(ORDER, client=wire) == first
    assert len(wire.posts) == 1


def test_a_duplicate_gets_the_very_receipt_it_got_before(acme: Party, northwind: Party, wire: Wire) -> None:
    acme.send(ORDER, client=wire)

    headers, body = wire.posts[0]
    one, other = northwind.station.answer(headers, body), northwind.station.answer(headers, body)

    assert one == other
    assert northwind.journal.payloads == [ORDER]


def test_a_message_that_was_refused_may_come_again_under_its_id_when_it_is_good(
    acme: Party, northwind: Party, wire: Wire
) -> None:
    northwind.their_certificates, known = [], northwind.their_certificates
    with pytest.raises(NeedsPerson):
        acme.send(ORDER, client=wire)
    northwind.their_certificates = known

    answer = northwind.station.answer(*wire.posts[0])

    assert b"Disposition: automatic-action/MDN-sent-automatically; processed\r\n" in answer.body
    assert northwind.journal.payloads == [ORDER]


def test_a_receipt_that_comes_later_confirms(acme: Party, northwind: Party, wire: Wire) -> None:
    later(acme, northwind)
    receipt = acme.send(ORDER, client=wire)

    assert deliver(northwind, acme) == 200
    assert (receipt.confirmed, acme.send(ORDER, client=wire).confirmed) == (False, True)
    assert len(wire.posts) == 1


def test_a_receipt_that_is_faster_than_the_answer_is_not_lost(acme: Party, northwind: Party) -> None:
    """Some products deliver it before they have answered."""
    later(acme, northwind)

    class Eager(Wire):
        def post(self, *request: Any) -> Any:
            reply = super().post(*request)
            deliver(northwind, acme)
            return reply

    assert acme.send(ORDER, client=Eager(northwind)).confirmed


def test_without_a_receipt_in_time_the_same_is_posted_again(acme: Party, northwind: Party, wire: Wire) -> None:
    later(acme, northwind)
    acme.send(ORDER, client=wire)
    acme.send(ORDER, client=wire)
    assert len(wire.posts) == 1

    acme.clock.moment += acme.relation.receipt_within
    acme.send(ORDER, client=wire)

    assert wire.posts[0] == wire.posts[1]
    assert northwind.journal.payloads == [ORDER]


def test_after_several_posts_without_a_receipt_a_person_is_asked(acme: Party, northwind: Party, wire: Wire) -> None:
    later(acme, northwind)
    for _ in range(MOST_UNANSWERED):
        acme.send(ORDER, client=wire)
        acme.clock.moment += timedelta(hours=2)

    with pytest.raises(NeedsPerson, match="no receipt came"):
        acme.send(ORDER, client=wire)


def test_a_later_refusal_is_told_once_and_then_goes_as_a_new_message(acme: Party, northwind: Party, wire: Wire) -> None:
    later(acme, northwind)
    northwind.their_certificates, known = [], northwind.their_certificates
    first = acme.send(ORDER, client=wire)
    northwind.their_certificates = known
    # its refusal is signed by a key acme knows, so it counts
    deliver(northwind, acme)

    with pytest.raises(NeedsPerson, match="authentication-failed"):
        acme.send(ORDER, client=wire)
    second = acme.send(ORDER, client=wire)

    assert second.reference != first.reference
    assert northwind.journal.payloads == [ORDER]


def test_a_confirmed_message_stays_confirmed_whatever_comes_after(acme: Party, northwind: Party, wire: Wire) -> None:
    receipt = acme.send(ORDER, client=wire)

    assert acme.sink(wire).sent("850.edi", len(ORDER)) == receipt
    assert acme.sink(wire).sent("never.edi", 1) is None


def test_an_answer_without_the_receipt_that_was_asked_for_is_tried_again(acme: Party, northwind: Party) -> None:
    class Mute(Wire):
        def post(self, *request: Any) -> Any:
            return super().post(*request)._replace(body=b"")

    with pytest.raises(TryAgain, match="no receipt"):
        acme.send(ORDER, client=Mute(northwind))


def test_where_no_receipt_is_agreed_an_answer_is_all_there_is(acme: Party, wire: Wire) -> None:
    acme.agree(receipt="none")

    receipt = acme.send(ORDER, client=wire)

    assert (receipt.confirmed, receipt.detail) == (False, "answered 200")
    assert "disposition-notification-to" not in wire.posts[0][0]


def test_an_orphan_is_kept_and_told(acme: Party, northwind: Party, wire: Wire) -> None:
    later(acme, northwind)
    acme.send(ORDER, client=wire)
    acme.journal.messages.clear()

    assert deliver(northwind, acme) == 200
    assert acme.journal.told[-1][0] == "as2.orphan_receipt"
    assert len(acme.journal.orphans) == 1
