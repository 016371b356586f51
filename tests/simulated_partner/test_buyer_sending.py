"""What a buyer sends: as agreed, and by its habits otherwise."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from square import MAPS, Square, confirmation, deal, invoice, notice, order, partner

from edi_gateway.documents.order import Order
from edi_gateway.documents.remittance import Remittance
from edi_gateway.errors import WrongInput
from edi_gateway.simulated_partner import ODD_DELIMITERS, Habits, ShortPayment
from edi_gateway.x12 import standard
from edi_gateway.x12.envelope import Interchange, TransactionSet
from edi_gateway.x12.reader import read
from edi_gateway.x12.validation import checker


@pytest.fixture
def square(tmp_path: Path) -> Square:
    return Square(tmp_path)


def read_order(sent: TransactionSet) -> Order:
    """What the supplier makes of an 850."""
    found = MAPS.reading("850-order").read(sent)
    assert isinstance(found, Order)
    return found


def read_remittance(sent: TransactionSet) -> Remittance:
    """What the supplier makes of an 820."""
    found = MAPS.reading("820-remittance").read(sent)
    assert isinstance(found, Remittance)
    return found


def test_an_order_reads_as_it_was_placed(square: Square) -> None:
    placed = order()
    name = square.buyer.order(placed)
    assert name == "850_birch_000000001.edi"
    (sent,) = square.received("850")
    assert read_order(sent) == placed


def test_an_order_is_written_in_the_partners_delimiters_and_characters(tmp_path: Path) -> None:
    marks = {"element": "|", "component": "^", "segment": "newline"}
    square = Square(tmp_path, profile=partner(marks=marks, characters="basic"))
    square.buyer.order(order())
    body = (square.inbox / square.files()[0]).read_text()
    assert body.startswith("ISA|00|")
    assert "\nN1|ST|DOCK 4|92|0423\n" in body


def test_everything_a_buyer_writes_is_valid_and_numbered_upwards(square: Square) -> None:
    placed = deal(square)
    square.write(invoice(placed))
    square.buyer.look()
    square.buyer.pay()
    sets = [set_ for code in ("850", "997", "820") for set_ in square.received(code)]
    for set_ in sets:
        assert [*set_.findings, *checker(standard.load(set_.code, "004010")).check(set_)] == []
    headers = [read((square.inbox / name).read_bytes())[0] for name in square.files()]
    numbers = sorted(header.control_number for header in headers if isinstance(header, Interchange))
    assert numbers == [f"{n:09d}" for n in range(1, 6)]


def test_a_partner_without_an_agreement_for_orders_cannot_order(tmp_path: Path) -> None:
    square = Square(tmp_path, profile=partner(agreements=[]))
    with pytest.raises(WrongInput, match="nothing is agreed under which birch sends a 850"):
        square.buyer.order(order())


def test_an_order_in_a_file_of_somebodys_own_counts_like_one_placed_here(square: Square, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    elsewhere = Square(tmp_path / "elsewhere")
    elsewhere.buyer.order(order("PO-0100"))
    (sent,) = square.buyer.send_file("theirs.edi", (elsewhere.inbox / elsewhere.files()[0]).read_bytes())
    assert sent == order("PO-0100")
    assert square.buyer.order(order()) == "850_birch_000000002.edi"  # the file's control number is used up
    square.acknowledge()
    square.write(confirmation(sent), notice(sent), invoice(sent))
    square.buyer.look()
    assert square.kinds() == []


def test_a_file_that_is_no_x12_is_sent_all_the_same(square: Square) -> None:
    assert square.buyer.send_file("photo.jpg", b"\xff\xd8\xff\xe0") == []
    assert (square.inbox / "photo.jpg").read_bytes() == b"\xff\xd8\xff\xe0"
    assert square.buyer.unanswered() == []


# Habits


def test_a_duplicate_interchange_is_the_same_bytes_under_another_name(tmp_path: Path) -> None:
    square = Square(tmp_path, Habits(duplicate_interchange=True))
    square.buyer.order(order())
    assert square.files() == ["850_birch_000000001.edi", "850_birch_000000001_again.edi"]
    first, second = (square.inbox / name for name in square.files())
    assert first.read_bytes() == second.read_bytes()
    assert square.buyer.unanswered() == ["850 PO-0007"]


def test_a_duplicate_order_has_new_control_numbers_and_may_be_refused_by_855(tmp_path: Path) -> None:
    square = Square(tmp_path, Habits(duplicate_order_new_number=True))
    placed = order()
    square.buyer.order(placed)
    assert square.files() == ["850_birch_000000001.edi", "850_birch_000000002.edi"]
    square.acknowledge()
    square.write(confirmation(placed), confirmation(placed, decision="rejected", lines=()))
    square.buyer.look()
    account = square.buyer.ledger.orders[placed.number]
    assert square.kinds() == []
    assert account.confirmation is not None
    assert (account.sent, account.refusals, account.confirmation.decision) == (2, 1, "accepted")


def test_an_order_sent_twice_and_shipped_twice_is_a_complaint(tmp_path: Path) -> None:
    square = Square(tmp_path, Habits(duplicate_order_new_number=True))
    placed = deal(square)
    labels = ("006141410000000043", "006141410000000050")
    square.write(notice(placed, "S-2", labels=labels))
    square.buyer.look()
    assert square.kinds() == ["shipment.too_much", "shipment.too_much"]


def test_a_wrong_segment_count_is_one_too_many_and_nothing_else(tmp_path: Path) -> None:
    square = Square(tmp_path, Habits(wrong_segment_count=True))
    square.buyer.order(order())
    (sent,) = square.received("850")
    assert [finding.kind for finding in sent.findings] == ["set.segment_count"]
    assert read_order(sent) == order()


def test_odd_delimiters_hold_the_same_order(tmp_path: Path) -> None:
    square = Square(tmp_path, Habits(odd_delimiters=ODD_DELIMITERS))
    square.buyer.order(order())
    (sent,) = square.received("850")
    assert (sent.delimiters, read_order(sent)) == (ODD_DELIMITERS, order())


def test_a_half_upload_is_followed_by_the_whole_and_any_verdict_on_the_half_is_right(tmp_path: Path) -> None:
    square = Square(tmp_path, Habits(half_upload=True))
    square.buyer.order(order())
    whole, half = (square.inbox / name for name in square.files())
    assert half.name == "850_birch_000000001_cut.edi"
    assert whole.read_bytes().startswith(half.read_bytes())
    square.acknowledge()
    square.buyer.look()
    assert square.kinds() == []


# Payments


def test_a_payment_names_every_undisputed_invoice_and_what_the_bank_will_show(square: Square) -> None:
    placed = deal(square)
    square.write(invoice(placed))
    square.buyer.look()
    payment = square.buyer.pay(on=date(2026, 1, 12))
    assert payment is not None
    remittance = read_remittance(square.received("820")[0])
    assert (payment.trace, payment.amount, payment.on) == (remittance.trace, Decimal("466.50"), date(2026, 1, 12))
    assert (remittance.amount, remittance.effective_on) == (payment.amount, payment.on)
    assert [(item.reference, item.paid, item.order_number) for item in remittance.items] == [
        ("INV-1", Decimal("466.5"), placed.number)
    ]
    assert square.buyer.pay() is None


def test_a_disputed_invoice_is_paid_only_when_it_is_named(square: Square) -> None:
    placed = deal(square)
    square.write(invoice(placed, total=Decimal("466.51")))
    square.buyer.look()
    assert square.buyer.pay() is None
    payment = square.buyer.pay("INV-1")
    assert payment is not None
    assert payment.amount == Decimal("466.51")


def test_an_invoice_that_is_not_there_cannot_be_paid(square: Square) -> None:
    with pytest.raises(WrongInput, match="no unpaid invoice INV-9"):
        square.buyer.pay("INV-9")


def test_what_is_kept_back_is_explained_and_inside_the_net_amount(tmp_path: Path) -> None:
    square = Square(tmp_path, Habits(short_pay=ShortPayment(amount=Decimal("16.50"), reason="06", reference="CL-77")))
    placed = deal(square)
    square.write(invoice(placed))
    square.buyer.look()
    payment = square.buyer.pay()
    assert payment is not None
    remittance = read_remittance(square.received("820")[0])
    (item,) = remittance.items
    (kept,) = item.adjustments
    assert (payment.amount, payment.deducted) == (Decimal("450.00"), Decimal("16.50"))
    assert (remittance.amount, item.paid, item.gross) == (Decimal(450), Decimal(450), Decimal("466.5"))
    assert (kept.amount, kept.reason, kept.reference) == (Decimal("-16.5"), "06", "CL-77")
