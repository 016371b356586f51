"""What goes to a partner once more is judged anew, by the rules and the clock of now; the verdicts before that stay, linked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import msgspec
import pytest
from desk import NORTHWIND, Desk, Profiles
from partner_says import northwind, order, rejects

from edi_gateway.errors import WrongInput
from edi_gateway.operations.correct import corrected
from edi_gateway.operations.request import Request
from edi_gateway.operations.resume import resume
from edi_gateway.operations.second_pair import ask
from edi_gateway.order_to_cash.facts import Shipped
from edi_gateway.pipeline.outbound import draft_notice
from edi_gateway.store.compliance_checks import ComplianceCheck
from edi_gateway.store.rows import TransactionRow
from edi_gateway.trading.loader import load
from edi_gateway.views.compliance import checked, exposure_by_rule
from edi_gateway.views.compliance_list import Sought, find_verdicts

Make = Callable[..., Desk]
PACK = "pack: Northwind manual\nsource: Vendor Manual §7\ndated: 2026-05-01\nrules:\n"


@pytest.fixture
def with_pack(profiles: Profiles, make_desk: Make) -> Callable[..., Desk]:
    """A gateway whose Northwind has these rules, takes replacements (05), and has had an 856 of one order by now."""
    guide = profiles.folder / NORTHWIND / "guides/856.yaml"
    guide.write_text(guide.read_text().replace('BSN01: {codes: ["00"]}', 'BSN01: {codes: ["00", "05"]}'))

    def make(*rules: str) -> Desk:
        text = PACK + "".join(f"  {rule}\n" for rule in rules or ("R05: {}",))
        (profiles.folder / NORTHWIND / "compliance.yaml").write_text(text)
        desk = make_desk()
        desk.drop(northwind(1, order("PO-1")))
        desk.later(hours=6)
        return desk

    return make


def new_rules(desk: Desk, *rules: str) -> None:
    """The partner's manual is another one from now on."""
    (desk.partners / NORTHWIND / "compliance.yaml").write_text(PACK + "".join(f"  {rule}\n" for rule in rules))
    desk.use(directory=load(desk.partners))


def notice(desk: Desk) -> TransactionRow:
    return desk.sets("856")[0]


def again(desk: Desk, operation: str, **arguments: str) -> None:
    desk.fetch()
    asked = Request(operation=operation, transaction=notice(desk).id, because="they lost it", by="ann", arguments=arguments)
    ask(desk.tools, asked)
    desk.run()


def correct(desk: Desk, *changes: str) -> None:
    again(desk, "correct", document=corrected(desk.tools, notice(desk).id, "", list(changes)))


def looks(desk: Desk) -> list[ComplianceCheck]:
    """Every look at the shipment's notice, as it was and as it was corrected, oldest first."""
    with desk.store.read() as unit:
        return unit.compliance_checks.history({row.document_id for row in desk.sets("856") if row.document_id})


def result(check: ComplianceCheck, rule: str) -> str:
    return next(each.result for each in check.verdicts if each.rule == rule)


def test_a_corrected_856_is_judged_anew_and_the_verdict_before_it_stays_linked(with_pack: Make) -> None:
    desk = with_pack('R16: {does: warn, pattern: "B-.*"}')
    correct(desk, "bill_of_lading=B-171717171717171")
    assert desk.held() == []
    first, second = looks(desk)
    assert (first.occasion, second.occasion) == ("draft", "correct")
    assert second.follows == first.id
    assert second.document_id != first.document_id
    assert (result(first, "R16"), result(second, "R16")) == ("warned", "kept")
    assert [sent.one("BSN")[1] for sent in desk.sent("856")] == ["00", "05"]


def test_a_correction_counts_nothing_twice_and_is_no_second_original(with_pack: Make) -> None:
    desk = with_pack("R17: {does: block}")
    before = desk.order("PO-1").shipped
    correct(desk, "carrier_reference=PRO-1")
    assert desk.held() == []
    assert {result(looks(desk)[-1], rule) for rule in ("R08", "R10", "R12", "R14", "R17")} == {"kept"}
    assert desk.order("PO-1").shipped == before


def test_a_correction_that_breaks_what_blocks_is_held_and_goes_only_if_a_person_lets_it(with_pack: Make) -> None:
    desk = with_pack("R13: {does: block}")
    correct(desk, "weight=9999")
    (why,) = desk.held()
    assert why.startswith("R13 weight: it weighs 9999 LB")
    assert len(desk.sent("856")) == 1
    resume(desk.store, desk.flow("held").id, by="ann")
    desk.run()
    assert len(desk.sent("856")) == 2


def test_what_only_goes_once_more_is_as_late_as_it_was_when_it_first_left(with_pack: Make) -> None:
    desk = with_pack('R09: {within: 8h, fee: "25", per: day}')
    desk.clock.advance(timedelta(hours=48))
    again(desk, "retransmit")
    first, second = looks(desk)
    assert (second.occasion, second.follows, second.document_id) == ("retransmit", first.id, first.document_id)
    assert (result(first, "R09"), result(second, "R09")) == ("kept", "kept")
    assert exposure_by_rule(desk.store, NORTHWIND, "USD") == {}
    assert not any("R09" in each.text for each in desk.events("compliance.breach"))


def test_what_first_left_late_is_no_later_when_it_goes_once_more(with_pack: Make) -> None:
    desk = with_pack('R09: {within: 1m, fee: "25", per: day}')
    (first_left,) = [each.at for each in desk.events("set.sent") if each.subject == f"transaction:{notice(desk).id}"]
    desk.clock.advance(timedelta(hours=48))
    again(desk, "retransmit")
    first, second = looks(desk)
    assert [each.said for each in (*first.exposures, *second.exposures)] == ["25", "25"]
    (late,) = [each.message for each in second.verdicts if each.rule == "R09"]
    assert f"and it left at {first_left:%Y-%m-%d %H:%M} UTC" in late


def test_what_was_rejected_is_late_by_when_it_goes_again(with_pack: Make) -> None:
    desk = with_pack('R09: {within: 8h, fee: "25", per: day}')
    desk.drop(northwind(2, rejects("SH", 1, "856")))
    desk.clock.advance(timedelta(hours=48))
    again(desk, "re-envelope")
    first, second = looks(desk)
    assert (result(first, "R09"), result(second, "R09")) == ("kept", "warned")
    assert [each.said for each in second.exposures] == ["50"]  # the second day has begun
    assert any("R09 deadline: it was due at" in each.text for each in desk.events("compliance.breach"))
    desk.clock.advance(timedelta(hours=72))
    desk.fetch()
    ask(desk.tools, Request(operation="retransmit", transaction=desk.sets("856")[-1].id, because="no 997", by="ann"))
    assert [each.said for each in looks(desk)[-1].exposures] == ["50"]


def test_a_rejected_856_goes_again_and_is_judged_as_if_it_had_never_left(with_pack: Make) -> None:
    desk = with_pack()
    desk.drop(northwind(2, rejects("SH", 1, "856")))
    again(desk, "re-envelope")
    first, second = looks(desk)
    assert (second.occasion, second.follows) == ("re-envelope", first.id)
    assert [each.result for each in first.verdicts] == [each.result for each in second.verdicts]


@pytest.mark.parametrize("operation", ["retransmit", "send anew"])
def test_what_the_rules_of_now_stop_does_not_go_again(with_pack: Make, operation: str) -> None:
    desk = with_pack()
    if operation == "send anew":
        desk.drop(northwind(2, rejects("SH", 1, "856")))
    new_rules(desk, 'R16: {does: block, pattern: "B-.*"}')
    with pytest.raises(WrongInput, match=r"may not go again as it is: R16 bill of lading.*correct the document"):
        again(desk, operation)
    assert len(looks(desk)) == 1
    assert len(desk.sent("856")) == 1


def test_what_a_person_let_go_then_may_go_again(with_pack: Make) -> None:
    desk = with_pack('R16: {does: block, pattern: "B-.*"}')
    resume(desk.store, desk.flow("held").id, by="ann")
    desk.run()
    again(desk, "retransmit")
    assert [each.occasion for each in looks(desk)] == ["draft", "draft", "retransmit"]


def test_what_goes_again_by_itself_is_judged_as_well(profiles: Profiles, with_pack: Make) -> None:
    text = (profiles.folder / NORTHWIND / "partner.yaml").read_text()
    assert "awaits" in text
    (profiles.folder / NORTHWIND / "partner.yaml").write_text(text.replace("awaits: {", "awaits: {retransmit: true, "))
    desk = with_pack()
    desk.fetch()
    desk.later(hours=30)
    assert "retransmit" in {each.occasion for each in looks(desk)}


def test_what_was_corrected_is_one_line_that_names_the_looks_before(with_pack: Make) -> None:
    desk = with_pack('R16: {does: warn, pattern: "B-.*", fee: "100"}')
    shown = [each for each in checked(desk.store, notice(desk).business_number) if each.kind == "ship notice"]
    assert exposure_by_rule(desk.store, NORTHWIND, "USD")["R16"].documents == 1
    correct(desk, "bill_of_lading=B-171717171717171")
    (after,) = [each for each in checked(desk.store, notice(desk).business_number) if each.kind == "ship notice"]
    assert [each.id for each in after.earlier] == [shown[0].check.id]  # type: ignore[union-attr]  # it was looked at
    assert "R16" not in exposure_by_rule(desk.store, NORTHWIND, "USD")


def test_what_left_and_broke_a_rule_adds_up_to_its_exposure(with_pack: Make) -> None:
    desk = with_pack('R16: {does: warn, pattern: "B-.*", fee: "12.5", per: carton}')
    cartons = int(desk.sent("856")[0].one("TD1")[2])
    found = exposure_by_rule(desk.store, NORTHWIND, "USD")["R16"]
    assert (found.documents, found.unknown, f"{found.amount:f}") == (1, 0, f"{cartons * 12.5:.1f}")
    assert str(found).startswith(f"{cartons * 12.5:.1f} USD in 1 of 1 ({cartons} carton")


def test_an_856_that_goes_long_before_the_goods_is_told(with_pack: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """The ERP tells of goods that are to leave in two hours."""
    early, drafted = timedelta(hours=2), draft_notice.draft_notices

    def later(at: object, event: Shipped) -> object:
        return drafted(at, msgspec.structs.replace(event, at=event.at + early))  # type: ignore[arg-type]

    monkeypatch.setattr("edi_gateway.pipeline.outbound.draft.draft_notices", later)
    desk = with_pack()
    (row,) = find_verdicts(desk.store, Sought(rule="R09"), 10)
    assert (row.place, row.result, row.kind) == ("departure", "warned", "ship notice")
    assert "it is too early" in row.message
