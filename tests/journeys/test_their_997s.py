"""Their 997: one that is lost is missed and the interchange goes again; one that rejects our 856 gets it in a new envelope."""

from __future__ import annotations

from stage import Stage

from edi_gateway.operations.request import Request
from edi_gateway.operations.second_pair import ask
from edi_gateway.simulated_partner import Habits
from edi_gateway.store.rows import TransactionRow


def sent(stage: Stage, code: str) -> list[TransactionRow]:
    return stage.desk.sets(code, "out")


def asks(stage: Stage, operation: str, row: TransactionRow, because: str) -> None:
    ask(stage.desk.tools, Request(operation=operation, transaction=row.id, because=because, by="ben"))
    stage.later(minutes=1)


def test_a_lost_997_is_missed_and_the_same_interchange_goes_again(stage: Stage) -> None:
    stage.orders("PO-1", lantern=48)
    stage.buyer.habits = Habits(no_acknowledgment=frozenset({"856"}))
    stage.later(hours=11)
    (notice,) = sent(stage, "856")
    assert notice.acknowledgment == "overdue"
    assert stage.alerts() == ["acknowledgment-late"]

    stage.buyer.habits = Habits()
    asks(stage, "retransmit", notice, "Ms. Ortiz found no 856 in her mailbox")
    first, again = stage.mail("856")
    assert first == again
    stage.later(hours=1)
    assert sent(stage, "856")[0].acknowledgment == "accepted"
    assert len(stage.buyer.ledger.shipments) == 1
    assert (stage.desk.held(), stage.alerts(), stage.complaints()) == ([], [], [])


def test_a_rejected_856_goes_again_as_the_original_it_is(stage: Stage) -> None:
    stage.orders("PO-1", lantern=48)
    stage.buyer.habits = Habits(rejects=frozenset({"856"}))
    stage.later(hours=8)
    (rejected,) = sent(stage, "856")
    assert rejected.acknowledgment == "rejected"
    assert stage.alerts() == ["rejected-by-partner"]
    assert "810" not in stage.documents()  # it follows its 856

    stage.buyer.habits = Habits()
    asks(stage, "re-envelope", rejected, "their table of shipments was mended")
    stage.later(hours=8)
    again = sent(stage, "856")[1]
    assert (again.business_number, again.acknowledgment) == (rejected.business_number, "accepted")
    assert again.interchange_id != rejected.interchange_id
    notice = stage.buyer.ledger.shipments[again.business_number]
    assert notice.purpose == "original"
    stage.bank_has(stage.pays())
    assert stage.thread("PO-1").state == "paid"
    assert (stage.desk.held(), stage.alerts(), stage.complaints()) == ([], [], [])
