"""Pages of what cannot be shown: a sentence in the console, whatever went wrong."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from visiting import Visitor

from edi_gateway.errors import TryAgain

SignedIn = Callable[[str], Visitor]


@pytest.mark.parametrize("path", ["/documents/", "/orders/", "/replays/", "/audit?before="])
def test_a_number_of_more_digits_than_anything_has_is_told_on_a_page(signed_in: SignedIn, path: str) -> None:
    told = signed_in("viewer").get(path + "9" * 25)
    assert (told.status_code, "that number is greater than any that is on record" in told.text) == (422, True)


def test_a_defect_is_a_page_that_says_so(signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("edi_gateway.web.console.Console.tools", broken)
    told = signed_in("viewer").get("/maps")
    assert (told.status_code, "the gateway itself is wrong" in told.text) == (500, True)


def test_a_database_that_does_not_answer_is_a_page_that_says_to_try_again(
    signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_: object, **__: object) -> None:
        raise TryAgain("the database did not answer: database is locked")

    monkeypatch.setattr("edi_gateway.web.console.Console.tools", locked)
    told = signed_in("viewer").get("/maps")
    assert (told.status_code, "try it once more in a moment" in told.text) == (503, True)
