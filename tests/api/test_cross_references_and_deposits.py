"""Cross-references, deposits, evidence and guides over the API."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

from calling import Calls
from desk import CASCADE, NORTHWIND
from partner_says import northwind, order, remittance

ENTRIES = f"/partners/{NORTHWIND}/cross-references"
STORE = {"kind": "location", "qualifier": "92", "code": "0423", "ours": "STORE-0423"}
CSV = {"content-type": "text/csv"}
DAYS = ("2026-11-30", "2026-12-15", "2027-01-01")


def test_an_entry_holds_for_its_days(calls: Calls) -> None:
    calls.admin.put(ENTRIES, json=STORE | {"ours": "OLD"})
    calls.admin.put(ENTRIES, json=STORE | {"valid_from": "2026-12-01", "valid_until": "2026-12-31"})
    held = {day: [one["ours"] for one in calls.admin.get(ENTRIES, params={"on": day}).json()["items"]] for day in DAYS}
    assert held == {"2026-11-30": ["OLD"], "2026-12-15": ["OLD", "STORE-0423"], "2027-01-01": ["OLD"]}


def test_an_entry_put_again_is_replaced_and_on_record(calls: Calls) -> None:
    calls.admin.put(ENTRIES, json=STORE)
    calls.admin.put(ENTRIES, json=STORE | {"ours": "OTHER"})
    assert [one["ours"] for one in calls.admin.get(ENTRIES).json()["items"]] == ["OTHER"]
    assert len(calls.desk.events("cross_reference.changed")) == 2


def test_an_entry_taken_away_is_gone_and_once_only(calls: Calls) -> None:
    calls.admin.put(ENTRIES, json=STORE)
    key = {name: STORE[name] for name in ("kind", "qualifier", "code")}
    assert calls.admin.delete(ENTRIES, params=key).status_code == 200
    assert calls.admin.get(ENTRIES).json()["items"] == []
    assert calls.admin.delete(ENTRIES, params=key).json()["code"] == "not_found"


def test_a_last_day_before_the_first_is_refused(calls: Calls) -> None:
    answer = calls.admin.put(ENTRIES, json=STORE | {"valid_from": "2026-12-02", "valid_until": "2026-12-01"})
    assert (answer.status_code, answer.json()["mistakes"][0]["where"]) == (422, "valid_until")


def test_a_table_tried_changes_nothing_and_taken_changes_all_of_it(calls: Calls) -> None:
    calls.admin.put(ENTRIES, json=STORE)
    table = "kind,qualifier,code,ours\nlocation,92,0424,STORE-0424\nitem,UP,614141001378,SKU-1\n"
    address = f"{ENTRIES}/import"
    tried = calls.admin.post(address, params={"dry_run": True}, content=table, headers=CSV).json()
    assert tried == {"new": 2, "changed": 0, "same": 0, "absent": 1, "dry_run": True}
    assert len(calls.admin.get(ENTRIES).json()["items"]) == 1
    calls.admin.post(address, params={"replace": True}, content=table, headers=CSV)
    assert {one["code"] for one in calls.admin.get(ENTRIES).json()["items"]} == {"0424", "614141001378"}


def test_a_table_with_a_mistake_is_refused_whole_with_its_line(calls: Calls) -> None:
    table = "kind,qualifier,code,ours\nlocation,92,0424,STORE-0424\nplace,92,0425,X\n"
    answer = calls.admin.post(f"{ENTRIES}/import", content=table, headers=CSV)
    assert answer.status_code == 422
    assert [one["where"] for one in answer.json()["mistakes"]] == ["the table:3, column kind"]
    assert calls.admin.get(ENTRIES).json()["items"] == []


def test_a_partner_sees_no_other_partners_entries(calls: Calls) -> None:
    assert calls.client("read", CASCADE).get(ENTRIES).json()["code"] == "not_found"
    assert calls.admin.get("/partners/nobody/cross-references").json()["code"] == "not_found"


def test_a_deposit_entered_twice_counts_once(calls: Calls) -> None:
    entry = {"trace": "NW-1", "amount": "888.00", "on": "2026-11-18"}
    told = [calls.admin.post("/deposits", json=entry).json()["text"] for _ in range(2)]
    assert "on record already" in told[1]
    assert [one["trace"] for one in calls.admin.get("/deposits", params={"unmatched": True}).json()["items"]] == ["NW-1"]


def test_what_the_bank_took_back_is_open_again_and_says_why(calls: Calls) -> None:
    calls.desk.drop(northwind(1, remittance("NW-1", ("90001", "888"))))
    entry = {"trace": "NW-1", "amount": "888.00", "on": "2026-11-18"}
    back = entry | {"on": "2026-11-20", "because": "R01, no funds"}
    assert "pays anything" in calls.admin.post("/deposits/return", json=back).text
    calls.admin.post("/deposits", json=entry)
    calls.desk.clock.advance(timedelta(days=3))
    assert "took 888.00" in calls.admin.post("/deposits/return", json=back).json()["text"]
    assert [one["amount"] for one in calls.admin.get("/deposits").json()["items"]] == ["-888", "888"]
    assert "R01, no funds" in calls.desk.events("remittance.returned")[0].text
    assert calls.admin.post("/deposits/return", json=entry).json()["code"] == "wrong_input", "without a reason"


def test_the_bank_takes_nothing_back_before_it_came_and_nothing_in_a_year_to_come(calls: Calls) -> None:
    calls.desk.drop(northwind(1, remittance("NW-1", ("90001", "888"))))
    entry = {"trace": "NW-1", "amount": "888.00", "on": "2026-11-18"}
    calls.admin.post("/deposits", json=entry)
    for day in ("1999-01-01", "2999-01-01"):
        refused = calls.admin.post("/deposits/return", json=entry | {"on": day, "because": "R01, no funds"})
        assert (refused.status_code, day in refused.text) == (422, True)
    assert [one["amount"] for one in calls.admin.get("/deposits").json()["items"]] == ["888"]


def test_what_a_return_lacks_is_said_in_the_words_of_the_api(calls: Calls) -> None:
    entry = {"trace": "NW-1", "amount": "888.00", "on": "2026-11-18", "because": "R01, no funds"}
    assert "GET /deposits" in calls.admin.post("/deposits/return", json=entry).text
    assert "say in 'because' (--because)" in calls.admin.post("/deposits/return", json=entry | {"because": " "}).text


def test_a_banks_file_is_taken_up_whole_or_not_at_all(calls: Calls) -> None:
    text = {"content-type": "text/plain"}
    wrong = calls.admin.post("/deposits/import", content="trace,amount,on\nA,1.00,2026-11-18\nB,much,2026-11-18\n", headers=text)
    assert wrong.json()["code"] == "wrong_input"
    assert calls.admin.get("/deposits").json()["items"] == []
    good = calls.admin.post("/deposits/import", content="trace,amount,on\nA,1.00,2026-11-18\n", headers=text)
    assert [one["trace"] for one in good.json()] == ["A"]


def test_an_amount_that_no_bank_has_is_refused(calls: Calls) -> None:
    answer = calls.admin.post("/deposits", json={"trace": "A", "amount": "9223372036855", "on": "2026-11-18"})
    assert answer.json()["code"] == "wrong_input"


def test_the_evidence_of_a_document_comes_as_one_file(calls: Calls) -> None:
    calls.desk.drop(northwind(1, order("PO-1")))
    answer = calls.admin.get(f"/documents/{calls.desk.set('850').id}/evidence")
    names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    assert {"index.html", "evidence.json"} <= set(names)


def test_a_guide_is_checked_before_it_is_in_force(calls: Calls) -> None:
    for wrong in ("", "set: '850'\nrelease: 'none'\n"):
        assert calls.admin.post("/guides/check", json={"text": wrong, "file": "850.yaml"}).json()["mistakes"] != []
    ours = (calls.desk.partners / NORTHWIND / "guides" / "850.yaml").read_text()
    assert calls.admin.post("/guides/check", json={"text": ours}).json()["mistakes"] == []


# -- a payload given in ----------------------------------------------------------------------------


def test_a_payload_or_document_for_nobody_we_know_is_refused(calls: Calls) -> None:
    headers = {"content-type": "application/edi-x12"}
    upload = calls.admin.post("/payloads?partner=nobody&name=a.edi", content=b"ISA", headers=headers)
    sent = calls.admin.post("/documents", json={"partner": "nobody", "kind": "invoice", "document": {}})
    assert (upload.json()["code"], sent.json()["code"]) == ("wrong_input", "wrong_input")


def test_a_document_that_is_refused_gives_its_key_back(calls: Calls) -> None:
    key = {"Idempotency-Key": "inv-1"}
    body = {"partner": NORTHWIND, "kind": "invoice", "document": {"number": "INV-1"}}
    assert calls.admin.post("/documents", json=body, headers=key).json()["code"] == "wrong_input"
    assert calls.admin.post("/documents", json=body | {"order": "PO-1"}, headers=key).json()["code"] != "key_reused"
