"""Documents are exact, frozen values that survive JSON."""

from __future__ import annotations

import typing
from datetime import date
from decimal import Decimal

import msgspec
import pytest

from edi_gateway.documents.base import Value
from edi_gateway.documents.catalog import KINDS, from_json, kind_of, to_json
from edi_gateway.documents.remittance import Remittance, RemittanceItem
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
