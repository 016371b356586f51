"""A held document is read, corrected and goes on, over the API; by nobody who may not."""

from __future__ import annotations

from calling import Calls
from desk import CASCADE
from partner_says import northwind, order


def test_a_held_document_is_given_back_corrected_and_goes_on(calls: Calls) -> None:
    calls.desk.drop(northwind(1, order("PO-1", price="99.99")))
    flow = calls.desk.flow("held").id
    document = calls.get(f"/holds/{flow}/model")
    document["lines"][0]["unit_price"] = "18.5"
    wish = {"because": "they wrote to us", "document": document}
    assert calls.client("operate", CASCADE).post(f"/holds/{flow}/correct", json=wish).status_code == 404
    answer = calls.client("operate").post(f"/holds/{flow}/correct", json=wish)
    assert answer.json()["text"].startswith(f"flow {flow} goes on with lines[0].unit_price")
    calls.desk.run()
    assert calls.desk.posted() == ["PO-1"]
    assert calls.admin.post(f"/holds/{flow}/correct", json=wish).status_code == 422


def test_one_field_is_enough_and_a_field_there_is_not_is_told(calls: Calls) -> None:
    calls.desk.drop(northwind(1, order("PO-1", price="99.99")))
    flow = calls.desk.flow("held").id
    wrong = calls.admin.post(f"/holds/{flow}/correct", json={"because": "x", "changes": ["lines.7.unit_price=1"]})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "wrong_input")
    for change in ("lines.0.quantity=NaN", "lines.0.quantity=-5", r"lines.0.description=\ud800"):
        body = f'{{"because": "x", "changes": ["{change}"]}}'
        answer = calls.admin.post(f"/holds/{flow}/correct", content=body, headers={"Content-Type": "application/json"})
        assert (answer.status_code, answer.json()["code"]) == (422, "wrong_input"), change
    calls.admin.post(f"/holds/{flow}/correct", json={"because": "x", "changes": ["lines.0.unit_price=18.5"]})
    calls.desk.run()
    assert calls.desk.held() == []
