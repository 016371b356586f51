"""Documents are exact, frozen values that survive JSON."""

from __future__ import annotations

import re
import typing
from datetime import date
from decimal import Decimal

import msgspec
import pytest

from edi_gateway.documents.base import Value
from edi_gateway.documents.catalog import KINDS, from_json, kind_of, to_json
from edi_gateway.documents.given import read_given
from edi_gateway.documents.remittance import Remittance, RemittanceItem
from edi_gateway.erp.contract import an_order
from edi_gateway.errors import WrongInput

REMITTANCE = Remittance(
    amount=Decimal("100.10"),
    trace="4311",
    effective_on=date(2026, 1, 5),
    items=(RemittanceItem(qualifier="IV", reference="007", paid=Decimal("100.10")),),
)


def parts(kind: type[Value]) -> set[type[Value]]:
    """A document's type and the types of all its parts."""
    found, open_ = set(), [kind]
    while open_:
        part = open_.pop()
        if part in found:
            continue
        found.add(part)
        for hint in typing.get_type_hints(part).values():
            inner = [hint, *typing.get_args(hint)]
            open_ += [arm for arm in inner if isinstance(arm, type) and issubclass(arm, Value)]
    return found


def test_a_document_survives_json_with_its_numbers_exact() -> None:
    body = to_json(REMITTANCE)

    assert b'"amount":"100.10"' in body
    assert from_json(kind_of(REMITTANCE), body) == REMITTANCE


def test_a_wrong_document_is_told_with_the_field() -> None:
    with pytest.raises(WrongInput, match=r"is no remittance: .* `amount`"):
        from_json("remittance", b"{}")
    with pytest.raises(WrongInput, match="no document kind 'letter'"):
        from_json("letter", b"{}")


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_part_is_frozen_and_built_by_keyword(kind: type[Value]) -> None:
    for part in parts(kind):
        assert part.__struct_config__.frozen, part
        with pytest.raises(TypeError):
            part("positional")  # type: ignore[call-arg]  # that it is refused is the point


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_no_part_holds_a_float_or_a_list(kind: type[Value]) -> None:
    for part in parts(kind):
        for info in msgspec.structs.fields(part):
            assert "float" not in str(info.type), (part, info.name)
            assert "list[" not in str(info.type), (part, info.name)


@pytest.mark.parametrize("body", ["", "[", "[" * 100_000, '{"trace": "\\ud800"}', '{"amount": NaN}', "5", "null"])
def test_what_is_no_document_is_said_so(body: str) -> None:
    with pytest.raises(WrongInput, match="is no remittance"):
        from_json("remittance", body.encode())


@pytest.mark.parametrize("amount", ["NaN", "-Infinity", "1e15", "1e99999999", "1e-99999999"])
def test_a_number_nobody_means_is_not_taken_from_who_wrote_it(amount: str) -> None:
    body = to_json(REMITTANCE).replace(b'"amount":"100.10"', f'"amount":"{amount}"'.encode())
    with pytest.raises(WrongInput, match=r"^amount is .*, which"):
        read_given("remittance", body)


def test_a_quantity_below_nothing_is_told_with_its_place() -> None:
    order = re.sub(rb'"quantity":"[^"]*"', b'"quantity":"-5"', to_json(an_order()), count=1)
    with pytest.raises(WrongInput, match=r"lines\[0\].quantity is -5, which is below nothing"):
        read_given("order", order)


def test_a_name_that_no_field_has_is_not_passed_over_in_what_somebody_wrote() -> None:
    order = to_json(an_order()).replace(b"{", b'{"departmnt":"77",', 1)
    with pytest.raises(WrongInput, match=r"^departmnt: 'departmnt' names no field of the document — did you mean 'department'"):
        read_given("order", order)
