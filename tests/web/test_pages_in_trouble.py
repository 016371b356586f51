"""Pages of what cannot be shown: a sentence in the console, whatever went wrong."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape

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


@pytest.mark.parametrize("path", ["/holds?before=abc", "/transmissions?before=abc", "/approvals?after=abc", "/audit?before=abc"])
def test_a_number_that_is_none_in_an_address_is_told_on_a_page(signed_in: SignedIn, path: str) -> None:
    told = signed_in("viewer").get(path)
    assert (told.status_code, "'abc' is no number" in unescape(told.text)) == (422, True)


@pytest.mark.parametrize(("path", "status"), [("/ordres", 404), ("/partners/northwind/nothing", 404), ("/holds/7/resume", 405)])
def test_an_address_that_is_no_page_is_told_on_a_page(signed_in: SignedIn, path: str, status: int) -> None:
    told = signed_in("viewer").get(path)
    assert (told.status_code, "there is no page" in told.text) == (status, True)


def test_who_looks_for_the_metrics_among_the_pages_is_told_where_they_are(signed_in: SignedIn) -> None:
    told = signed_in("viewer").get("/metrics")
    assert (told.status_code, "at /api/v1/metrics, read with an API key" in unescape(told.text)) == (404, True)


def test_a_program_that_sends_something_nowhere_is_told_so_in_json(visitor: Visitor) -> None:
    told = visitor.post("/as-2")
    assert (told.status_code, told.json()) == (404, {"detail": "Not Found"})
