"""The console's page of verdicts, cartons tried from the form, and the dispute pack behind its button."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from zipfile import ZipFile

import pytest
from desk import ROOT, Desk
from visiting import Visitor

from edi_gateway.operations.apply import apply

SignedIn = Callable[[str], Visitor]


@pytest.fixture
def shipped(desk: Desk) -> Desk:
    """An order has its 856 and its 810; the partner's bill of lading is not told of, which is warned of."""
    desk.drop("northwind-850-plain.edi")
    desk.later(hours=8)
    return desk


def rows(visitor: Visitor, query: str = "") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(visitor.get(f"/compliance.csv{query}").text)))


def test_without_a_filter_only_what_was_broken_is_shown(shipped: Desk, signed_in: SignedIn) -> None:
    viewer = signed_in("viewer")
    assert {row["result"] for row in rows(viewer)} <= {"stopped", "warned"}
    kept = viewer.get("/compliance?result=kept").text
    assert "R10" in kept
    assert ">kept<" in kept


def test_page_and_csv_show_the_same_verdicts_and_the_link_to_the_csv_keeps_the_filter(shipped: Desk, signed_in: SignedIn) -> None:
    viewer = signed_in("viewer")
    page = viewer.get("/compliance?result=kept&rule=R24&partner=northwind").text
    told = rows(viewer, "?result=kept&rule=R24&partner=northwind")
    assert {row["rule"] for row in told} == {"R24"}
    assert page.count('<th scope="row"') == len(told) == 3  # 855, 856, 810
    assert "/compliance.csv?partner=northwind&amp;rule=R24&amp;result=kept" in page
    assert rows(viewer, "?result=kept&partner=cascade") == []


@pytest.mark.parametrize(
    ("query", "said"), [("rule=R99", "is no compliance rule"), ("result=bad", "is no result"), ("before=x", "no look")]
)
def test_a_filter_that_is_none_says_so(signed_in: SignedIn, query: str, said: str) -> None:
    answer = signed_in("viewer").get(f"/compliance?{query}")
    assert (answer.status_code, said in answer.text) == (422, True)


def test_the_dispute_pack_is_behind_a_button_on_the_order_and_its_documents(shipped: Desk, signed_in: SignedIn) -> None:
    viewer = signed_in("viewer")
    (row,) = shipped.sets("856")
    link = re.search(r'href="(/orders/\d+/dispute.zip)"', viewer.get(f"/documents/{row.id}").text)
    assert link
    assert link[1] in viewer.get(link[1].removesuffix("/dispute.zip")).text
    answer = viewer.get(link[1])
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    assert "index.html" in ZipFile(io.BytesIO(answer.content)).namelist()


def test_cartons_are_tried_from_the_form_and_nothing_goes(shipped: Desk, signed_in: SignedIn) -> None:
    operator, order = signed_in("operator"), shipped.set("850").business_number
    id = shipped.order(order).id
    sent, events = len(shipped.sent("856")), len(shipped.events())
    form = {"carton": "1", "line": "001", "quantity": "9999", "weight": "4", "sscc": "", "shipment": "TRIAL"}
    page = operator.post(f"/orders/{id}/try", **form).text
    assert "R12" in page
    assert "shipped of" in page
    assert "mend it in the ERP" in page
    shipped.run()
    assert (len(shipped.sent("856")), len(shipped.events())) == (sent, events)


def test_the_fee_of_a_rule_that_a_trial_breaks_at_two_places_stands_once(shipped: Desk, signed_in: SignedIn) -> None:
    rule = 'R16: {does: warn, pattern: "B-.*", carriers: [ZZZZ], fee: "100"}'
    pack = f"pack: Northwind manual\nsource: Vendor Manual §7\ndated: 2026-05-01\nrules:\n  {rule}\n"
    (shipped.partners / "northwind/compliance.yaml").write_text(pack)
    apply(shipped.store, shipped.partners, ROOT / "maps", by="scene")
    form = {"carton": "1", "line": "001", "quantity": "1", "weight": "4", "sscc": "", "shipment": "TRIAL", "scac": "RDWY"}
    id = shipped.order(shipped.set("850").business_number).id
    page = signed_in("operator").post(f"/orders/{id}/try", **form).text
    assert page.count('data-of="Rule">R16<') == 2
    assert page.count("1 document × 100 = 100") == 1


def test_a_trial_of_a_line_the_order_does_not_have_says_which_it_has(shipped: Desk, signed_in: SignedIn) -> None:
    id = shipped.order(shipped.set("850").business_number).id
    form = {"carton": "1", "line": "777", "quantity": "1", "weight": "4", "sscc": "", "shipment": "TRIAL"}
    answer = signed_in("operator").post(f"/orders/{id}/try", **form)
    assert answer.status_code == 422
    assert "has no line" in answer.text
