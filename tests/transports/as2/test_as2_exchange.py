"""Whole exchanges over a real socket: what one party sends the other has, and the receipt proves it."""

from __future__ import annotations

import os

from as2_parties import Party, Server, serve

ORDER = b"ISA*00*~ST*850*0001~\r\nSE*2*0001~\n\xff\x00"


def test_a_signed_and_encrypted_message_arrives_and_its_receipt_proves_it(acme: Party, northwind: Party, server: Server) -> None:
    acme.agree(url=f"http://127.0.0.1:{server.port}/as2")

    receipt = acme.send(ORDER, "850_0001.edi")

    assert receipt.confirmed
    assert northwind.journal.payloads == [ORDER]
    assert northwind.journal.file_names == ["850_0001.edi"]
    assert acme.journal.messages[receipt.reference].state == "confirmed"


def test_a_receipt_asked_for_later_comes_to_our_own_address(acme: Party, northwind: Party, server: Server) -> None:
    with serve(acme) as ours:
        back = f"http://127.0.0.1:{ours.port}/as2"
        acme.agree(url=f"http://127.0.0.1:{server.port}/as2", receipt="asynchronous", receipt_url=back)
        northwind.agree(receipt_addresses=(back,))

        receipt = acme.send(ORDER)
        before = acme.journal.messages[receipt.reference].state
        statuses = northwind.deliver_owed()

    assert (receipt.confirmed, receipt.confirm_by is not None, before) == (False, True, "awaiting")
    assert statuses == [200]
    assert acme.journal.messages[receipt.reference].state == "confirmed"


def test_a_message_larger_than_memory_should_hold_goes_through_a_file(acme: Party, northwind: Party, server: Server) -> None:
    payload = os.urandom(3_000_001)
    acme.agree(url=f"http://127.0.0.1:{server.port}/as2")

    acme.send(payload)

    assert northwind.journal.payloads == [payload]
