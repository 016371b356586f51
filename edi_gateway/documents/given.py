"""Given: a document that a person edited or a program wrote, read with the doubts that what we wrote ourselves does not need."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from edi_gateway.documents.base import Value
from edi_gateway.documents.catalog import from_json
from edi_gateway.documents.fields import unknown_fields
from edi_gateway.documents.numbers import Number, not_meant, numbers_of
from edi_gateway.errors import Collected, WrongInput


def read_given(kind: str, body: bytes) -> Value:
    """The document of ``kind`` somebody wrote in ``body``.

    Raises WrongInput for what is no such document, for every name in it that no field has, and for every number that nobody
    means: NaN, one longer than X12 holds, a quantity below nothing.
    """
    document = from_json(kind, body)
    wrong = [*unknown_fields(kind, msgspec.json.decode(body)), *_numbers_nobody_means(document)]
    if wrong:
        raise Collected.of(wrong)
    return document


def _numbers_nobody_means(document: Value) -> Iterator[WrongInput]:
    for each in numbers_of(document):
        if why := _what_is_wrong(each):
            yield WrongInput(f"{each.path} is {each.value}, {why}", do="write it like 1234.50")


def _what_is_wrong(number: Number) -> str:
    is_below = number.field == "quantity" and number.value.is_finite() and number.value < 0
    return not_meant(number.value) or ("which is below nothing" if is_below else "")
