"""The fields of a document are those of its model: each can be set, whether JSON shows it or not, and nothing else."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from edi_gateway.documents.catalog import KINDS, from_json
from edi_gateway.documents.fields import set_field, unknown_fields
from edi_gateway.errors import WrongInput

ORDER = {
    "number": "PO-1",
    "purpose": "original",
    "ordered_on": "2026-01-15",
    "lines": [{"number": "1", "quantity": "12", "unit": "EA"}],
}


def order(**more: Any) -> Any:
    return json.loads(json.dumps({**ORDER, **more}))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("department", "77"),
        ("lines.0.unit_price", "18.5"),
        ("lines.0.pack", "6"),
        ("terms.net_days", "30"),
        ("ship_to.name", "Store 4"),
    ],
)
def test_what_was_left_out_because_it_says_nothing_can_be_set(path: str, value: str) -> None:
    body = order()
    set_field("order", body, "ship_to.role", "ST")
    set_field("order", body, path, value)
    found: Any = from_json("order", json.dumps(body).encode())
    for step in path.split("."):
        found = found[int(step)] if step.isdecimal() else getattr(found, step)
    assert str(found) == value


@pytest.mark.parametrize(
    ("path", "advice"),
    [
        ("departmnt", "did you mean 'department'"),
        ("lines.0.quantitty", "did you mean 'quantity'"),
        ("lines.0.qqq", "known are .*quantity"),
        ("shipto.name", "did you mean 'ship_to'"),
        ("ship_to.nmae", "did you mean 'name'"),
        ("lines.1.quantity", "there is 1 entry, the first is 0"),
        ("lines.-1.quantity", "there is 1 entry"),
        ("lines.x.quantity", "there is 1 entry"),
        ("notes.0.text", "it has no entry; give the whole document to add one"),
        ("number.first", "write it like"),
        ("", "known are"),
    ],
)
def test_what_the_model_does_not_have_is_refused_with_its_path_and_the_nearest_name(path: str, advice: str) -> None:
    with pytest.raises(WrongInput, match=advice) as told:
        set_field("order", order(), path, "3")
    assert told.value.where == path
    assert "names no field of the document" in told.value.what


@pytest.mark.parametrize("path", ["terms", "terms.net_days", "lines.0.pack", "lines.0.unit_price", "department"])
def test_a_field_that_may_say_nothing_is_emptied_by_nothing_behind_the_sign(path: str) -> None:
    line = ORDER["lines"][0] | {"pack": 6, "unit_price": "18.5"}  # type: ignore[index, operator]
    body = order(terms={"net_days": 30, "discount_days": 10}, lines=[line], department="77")
    before = from_json("order", json.dumps(body).encode())
    set_field("order", body, path, "")
    found: Any = from_json("order", json.dumps(body).encode())
    assert found != before
    for step in path.split("."):
        found = found[int(step)] if step.isdecimal() else getattr(found, step)
    assert found in (None, "")


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (
            "terms.net_days",
            "-3",
            "'-3' is no whole number of up to 6 digits — write it like 12; with nothing behind the sign it is emptied",
        ),
        ("terms.net_days", "30.0", "'30.0' is no whole number"),
        ("terms.net_days", "null", "'null' is no whole number"),
        ("terms", "30", "has fields of its own — name one of them: basis, "),
        ("lines", "", "is a list — write it like lines.0.quantity=12"),
        ("lines.0", "12", "has fields of its own — name one of them: "),
    ],
)
def test_what_a_field_does_not_take_is_refused_and_nothing_is_offered_that_cannot_be_typed(
    path: str, value: str, said: str
) -> None:
    body = order(terms={"net_days": 30})
    with pytest.raises(WrongInput, match=said) as told:
        set_field("order", body, path, value)
    assert told.value.where == path
    assert body == order(terms={"net_days": 30})


def test_every_name_that_is_no_field_is_found_wherever_it_stands() -> None:
    lines = [{"number": "1", "quantity": "12", "unit": "EA", "pakc": 6, "item_ids": [{"qualifier": "UP", "id": "1", "x": 1}]}]
    found = unknown_fields("order", order(lines=lines, departmnt="77", terms={"days": 30}))
    assert [each.where for each in found] == ["lines.0.pakc", "lines.0.item_ids.0.x", "departmnt", "terms.days"]


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_document_writes_of_itself_has_no_such_name(kind: str) -> None:
    names = [each.encode_name for each in msgspec.structs.fields(KINDS[kind])]
    assert unknown_fields(kind, dict.fromkeys(names)) == []
    assert len(unknown_fields(kind, {f"{name} of nobody": None for name in names})) == len(names)
