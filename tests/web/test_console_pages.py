"""What the pages show, and what their forms do."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from desk import Desk, sample
from visiting import Visitor

from edi_gateway.web.words import plainly

SignedIn = Callable[[str], Visitor]


def test_a_document_is_found_by_the_beginning_of_its_number_and_by_isa13(desk: Desk, signed_in: SignedIn) -> None:
    desk.drop("northwind-850-plain.edi")
    viewer = signed_in("viewer")
    for sought in ("4500881201", "45008812", "4101", "000004101"):
        assert '/documents/1">850' in viewer.get(f"/documents?q={sought}").text, sought
    assert "No document fits" in viewer.get("/documents?q=4500881299").text


def test_a_finding_stands_at_its_segment(desk: Desk, signed_in: SignedIn) -> None:
    desk.drop("northwind-850-syntax-errors.edi")
    page = signed_in("viewer").get("/documents/1").text
    segment = page[page.index('id="s-2"') : page.index('id="s-3"')]
    assert "has-finding" in page
    assert "20260230" in segment
    assert "is no date" in segment


def test_a_value_leads_to_its_field_and_back(desk: Desk, signed_in: SignedIn) -> None:
    desk.drop("northwind-850-plain.edi")
    page = signed_in("viewer").get("/documents/1").text
    assert re.search(r'<a href="#f-number" title="number — [^"]+">4500881201</a>', page)
    leaf = page[page.index('id="f-number"') :]
    assert leaf[: leaf.index("</div>")].count('href="#s-2"') == 1


def test_values_are_traced_by_the_map_a_document_was_handled_under(desk: Desk, signed_in: SignedIn) -> None:
    desk.drop("northwind-850-plain.edi")
    viewer = signed_in("viewer")
    assert "which is in force" in viewer.get("/documents/1").text
    name = "northwind/850-order"
    with desk.store.write() as unit:
        bodies = {each.version: each.body for each in unit.versions.history("map", name)}
        (body,) = bodies.values()
        desk.store.clock.advance(timedelta(minutes=1))  # type: ignore[attr-defined]  # a clock that is moved
        unit.versions.apply("map", name, "2" * 64, body.replace("department:", "other_department:"), by="ann")
    page = viewer.get("/documents/1").text
    assert "another one is in force now" in page
    assert re.search(r'<a href="#f-number" title="number — [^"]+">4500881201</a>', page)


def test_what_is_in_a_document_is_never_markup(desk: Desk, signed_in: SignedIn) -> None:
    desk.drop(sample("northwind-850-plain.edi").replace(b"NORTHWIND STORES DC 0610", b"<script>alert(1)</script>"))
    page = signed_in("viewer").get("/documents/1").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_the_list_as_csv_has_what_the_list_has(desk: Desk, signed_in: SignedIn) -> None:
    desk.drop("northwind-850-plain.edi")
    rows = list(csv.DictReader(io.StringIO(signed_in("viewer").get("/documents.csv?code=850").text)))
    assert [(row["code"], row["business_number"]) for row in rows] == [("850", "4500881201")]


def test_a_search_is_saved_for_the_one_who_saved_it(desk: Desk, signed_in: SignedIn) -> None:
    viewer = signed_in("viewer")
    to = viewer.post("/documents/saved", name="Overdue", query="state=overdue&partner=northwind&before=7&other=1").headers[
        "location"
    ]
    assert to == "/documents?partner=northwind&state=overdue"
    link = '<a href="/documents?partner=northwind&amp;state=overdue"'
    assert link in viewer.get("/documents").text
    assert link not in signed_in("operator").get("/documents").text
    viewer.post("/documents/saved/forget", name="Overdue")
    assert link not in viewer.get("/documents").text


def test_a_search_that_is_none_is_not_saved(signed_in: SignedIn) -> None:
    assert signed_in("viewer").post("/documents/saved", name="Nothing", query="").status_code == 422


def test_a_replay_is_previewed_before_it_is_done(desk: Desk, signed_in: SignedIn) -> None:
    desk.drop("northwind-850-plain.edi")
    operator = signed_in("operator")
    to = operator.post("/replays/new", partner="northwind", code="850", because="to see").headers["location"]
    page = operator.get(to).text
    assert "Nothing was changed yet" in page
    assert "Confirm: replay 1 set" in page
    done = operator.post(f"{to}/confirm").headers["location"]
    assert "nothing is posted again" in operator.get(done).text
    assert operator.post(f"{to}/confirm").status_code == 422
    page = operator.get(to).text
    assert f'href="{done}"' in page
    assert "Nothing was changed yet" not in page
    assert "/confirm" not in page


def test_a_replay_of_everything_is_refused(signed_in: SignedIn) -> None:
    answer = signed_in("operator").post("/replays/new", because="why not")
    assert answer.status_code == 422
    assert "nothing says which sets are meant" in answer.text


def test_a_profile_that_somebody_changed_meanwhile_is_not_overwritten(desk: Desk, signed_in: SignedIn) -> None:
    analyst = signed_in("analyst")
    page = analyst.get("/partners/northwind/edit").text
    seen = re.search(r'name="seen" value="(\w+)"', page)
    text = re.search(r'name="text"[^>]*>(.*?)</textarea>', page, re.S)
    assert seen
    assert text
    first = unescape(text[1]).replace("title: Northwind Stores", "title: One")
    second = unescape(text[1]).replace("title: Northwind Stores", "title: Two")
    assert analyst.post("/partners/northwind/apply", text=first, seen=seen[1]).status_code == 303
    answer = analyst.post("/partners/northwind/apply", text=second, seen=seen[1])
    assert "is not what you read" in answer.text
    assert "title: Two" in answer.text  # what was written is not lost
    assert "<h1>One</h1>" in analyst.get("/partners/northwind").text


def test_a_profile_that_names_a_map_that_is_not_in_force_is_refused_with_its_line(signed_in: SignedIn) -> None:
    analyst = signed_in("analyst")
    page = analyst.get("/partners/northwind/edit").text
    text = re.search(r'name="text"[^>]*>(.*?)</textarea>', page, re.S)
    assert text
    wrong = unescape(text[1]).replace("map: invoice-810", "map: invoice-811")
    answer = analyst.post("/partners/northwind/edit", how="text", text=wrong, seen="x")
    assert answer.status_code == 422
    assert re.search(r"northwind/partner\.yaml:\d+", answer.text)
    assert "invoice-811" in answer.text


def test_only_what_differs_from_the_form_is_written(signed_in: SignedIn) -> None:
    analyst = signed_in("analyst")
    page = analyst.get("/partners/northwind/edit").text
    form = page[page.index('id="fields"') : page.index('id="text"')]
    fields = dict(re.findall(r'<input id="p-[^"]+" name="([^"]+)" value="([^"]*)"', form))
    checks = re.findall(r'type="checkbox" name="([^"]+)" value="yes" checked', form)
    choices = re.findall(r'<select id="p-[^"]+" name="([^"]+)".*?<option selected>([^<]+)</option>', form, re.S)
    given = {**fields, **dict.fromkeys(checks, "yes"), **dict(choices)}
    assert "this is what is in force already" in analyst.post("/partners/northwind/edit", how="fields", seen="x", **given).text
    given["currency"] = "CAD"
    diff = analyst.post("/partners/northwind/edit", how="fields", seen="x", **given).text
    assert re.findall(r"<li><b>(\w+)</b>: <del>(\w+)</del> → <ins>(\w+)</ins>", diff) == [("currency", "USD", "CAD")]


def test_a_map_runs_on_a_pasted_sample_and_records_nothing(desk: Desk, signed_in: SignedIn) -> None:
    viewer = signed_in("viewer")
    page = viewer.post("/maps/northwind/850-order", sample=sample("northwind-850-plain.edi").decode()).text
    assert "&#34;number&#34;: &#34;4500881201&#34;" in page
    assert "Where every value came from" in page
    assert "paste a set" in viewer.post("/maps/northwind/850-order", sample=" ").text
    assert desk.sets() == []


def test_cartons_keyed_in_become_an_856_with_labels_of_ours(desk: Desk, signed_in: SignedIn) -> None:
    desk.drop("northwind-850-plain.edi")
    fields = {
        "shipment": "HAND-1",
        "carrier": "UPSN",
        "bill_of_lading": "06141410000007783",
        "delivery_on": "2026-11-20",
        "token": "keyed-1",
    }
    carton = {"carton": "1", "line": "001", "quantity": "12", "weight": "20", "sscc": ""}
    operator = signed_in("operator")
    assert operator.post("/orders/1/answer/856", **fields, **carton).status_code == 303
    assert operator.post("/orders/1/answer/856", **fields, **carton).status_code == 303  # sent twice: it happens once
    desk.run()
    assert desk.held() == []
    (notice,) = desk.sent("856")
    assert notice.one("BSN")[2] == "HAND-1"
    assert len(notice.all("MAN")) == 1
    assert notice.one("SN1")[2] == "12"


def test_a_quantity_that_is_none_is_told_and_nothing_happens(desk: Desk, signed_in: SignedIn) -> None:
    desk.drop("northwind-850-plain.edi")
    fields = {"shipment": "HAND-1", "carton": "1", "line": "001", "quantity": "a dozen", "weight": "", "sscc": ""}
    answer = signed_in("operator").post("/orders/1/answer/856", **fields)
    assert answer.status_code == 422
    assert "is no number" in answer.text
    assert desk.events("order.keyed") == []


def test_every_act_is_on_record_under_the_persons_name(desk: Desk, signed_in: SignedIn) -> None:
    signed_in("analyst").post("/cross-references", partner="cascade", kind="item", theirs="BP:CSC-0007", ours="PB-1001")
    assert [event.actor for event in desk.events("cross_reference.changed")] == ["analyst"]


def test_a_reason_links_the_documents_it_names_and_is_never_markup() -> None:
    said = plainly(f"<i>order</i> is on record already (document {'0a' * 16})")
    assert said == f'&lt;i&gt;order&lt;/i&gt; is on record already (<a href="/documents/of/{"0a" * 16}">document 0a0a0a0a</a>)'


def test_a_mistake_in_the_form_leaves_what_was_filled_in(signed_in: SignedIn) -> None:
    given = {"title": "Northwind Shops", "time_zone": "America/Chicagoo", "orders.price_difference": "hold"}
    answer = signed_in("analyst").post("/partners/northwind/edit", how="fields", seen="v", **given)
    assert answer.status_code == 422
    assert 'name="title" value="Northwind Shops"' in answer.text
    assert 'name="time_zone" value="America/Chicagoo"' in answer.text
    assert 'name="seen" value="v"' in answer.text


def test_each_agreement_is_shown_by_its_eight_facts(desk: Desk, signed_in: SignedIn) -> None:
    page = signed_in("viewer").get("/partners/northwind/flows").text
    agreed = desk.directory.partner("northwind").agreements
    assert page.count('<dl class="facts eight">') == len(agreed)
    assert page.count("<dt>Monitoring path</dt>") == len(agreed)
    assert "connection northwind-mailbox" in page


def test_an_invoice_is_drafted_from_the_shipment_that_is_not_billed_and_says_when_all_is(desk: Desk, signed_in: SignedIn) -> None:
    desk.drop("northwind-850-plain.edi")
    form = f"/orders/{desk.order('4500881201').id}/answer/810"
    assert "Nothing of this order has left yet" in signed_in("operator").get(form).text
    desk.later(hours=5)
    page = signed_in("operator").get(form).text
    assert 'list="shipments" value="SO100001-1"' in page
    assert 'name="quantity-001" inputmode="decimal" size="8" value="48"' in page
    desk.later(hours=5)
    assert "Everything that was shipped is billed already" in signed_in("operator").get(form).text


def test_of_two_shipments_that_are_not_billed_none_is_proposed_until_one_is_chosen(desk: Desk, signed_in: SignedIn) -> None:
    desk.drop("northwind-850-plain.edi")
    order, operator = desk.order("4500881201").id, signed_in("operator")
    carton = {"line": "001", "weight": "5", "sscc": "", "carrier": "UPSN", "delivery_on": "2026-11-25", "carrier_reference": "P"}
    for shipment, quantity in (("S1", "10"), ("S2", "5")):
        told = {
            "shipment": shipment,
            "carton": shipment,
            "quantity": quantity,
            "bill_of_lading": f"0614141123456781{shipment[1]}",
        }
        operator.post(f"/orders/{order}/answer/856", token=f"left-{shipment}", **told, **carton)
        desk.run()
    form = f"/orders/{order}/answer/810"

    def proposes(path: str) -> list[str]:
        return re.findall(
            r'(?:list="shipments"|name="quantity-001" inputmode="decimal" size="8") value="([^"]*)"', operator.get(path).text
        )

    assert "2 shipments of this order are not billed yet" in operator.get(form).text
    assert [proposes(path) for path in (form, f"{form}?shipment=S1", f"{form}?shipment=S2")] == [
        ["", ""],
        ["S1", "10"],
        ["S2", "5"],
    ]
    given = {"invoice": "INV-S2", "shipment": "S2", "quantity-001": "5", "price-001": "18.50"}
    operator.post(form, token="billed-S2", **given)
    desk.run()
    desk.later(hours=1)
    assert (proposes(form), proposes(f"{form}?shipment=S2")) == (["S1", "10"], ["S1", "10"])


def test_a_search_of_a_name_that_is_there_is_saved_anew_where_there_is_room_for_no_other(
    signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edi_gateway.operations.saved_searches.MOST", 1)
    viewer = signed_in("viewer")
    for query in ("state=overdue", "state=held"):
        assert viewer.post("/documents/saved", name="Late", query=query).status_code == 303
    assert viewer.post("/documents/saved", name="Other", query="state=held").status_code == 422
