"""An 855 in the words and codes a partner takes: what is decided still adds up, and each outcome has its code."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from trade import MONDAY, d, decided, line, opened, order

from edi_gateway.documents.order_acknowledgment import LineDecision, OrderAcknowledgment
from edi_gateway.order_to_cash.compliance import check_acknowledgment
from edi_gateway.order_to_cash.progress import confirm
from edi_gateway.order_to_cash.turnaround import draft_acknowledgment
from edi_gateway.order_to_cash.turnaround.saying import as_written, in_their_words
from edi_gateway.trading.business import Answers, AnswerWords

ORDER = order(line("001", 10), line("002", 5))
PART = (("001", "accepted", 7), ("001", "backordered", 3), ("002", "accepted", 5))


def answer(*parts: tuple[str, str, int]) -> OrderAcknowledgment:
    return draft_acknowledgment(ORDER, decided(*parts), today=MONDAY)


def said(spoken: OrderAcknowledgment, number: str = "001") -> list[tuple[str, int]]:
    (asked,) = [each for each in spoken.lines if each.number == number]
    return [(each.status, int(each.quantity)) for each in asked.decisions]


def test_by_default_the_parts_of_a_line_are_said_apart() -> None:
    assert said(in_their_words(answer(*PART), AnswerWords())) == [("accepted", 7), ("backordered", 3)]


def test_a_partner_without_backorders_is_told_that_the_rest_is_rejected_and_the_order_stands_so() -> None:
    spoken = in_their_words(answer(*PART), AnswerWords(instead={"backordered": "rejected"}))
    assert said(spoken) == [("accepted", 7), ("rejected", 3)]
    assert spoken.lines[0].decisions[1].reason == "not backordered"
    stands = confirm(opened(ORDER), spoken).thread.line("001")
    assert stands is not None
    assert (stands.confirmed, stands.backordered, stands.rejected) == (d(7), d(0), d(3))


def test_nothing_but_backorders_is_then_a_rejection() -> None:
    spoken = in_their_words(
        answer(("001", "backordered", 10), ("002", "backordered", 5)), AnswerWords(instead={"backordered": "rejected"})
    )
    assert spoken.decision == "rejected"


def test_a_part_may_be_said_as_a_changed_quantity_and_its_rest_left_out_of_what_leaves() -> None:
    words = AnswerWords(instead={"backordered": "rejected"}, partly="quantity changed", rest="left out")
    spoken = in_their_words(answer(*PART), words)
    assert said(spoken) == [("quantity changed", 7), ("rejected", 3)]
    assert check_acknowledgment(ORDER, spoken) == ()
    written = as_written(spoken, Answers(acknowledgment=words))
    assert said(written) == [("quantity changed", 7)]
    assert said(written, "002") == [("accepted", 5)]


@pytest.mark.parametrize(
    ("parts", "words", "lines", "code"),
    [
        ((("001", "accepted", 10), ("002", "accepted", 5)), AnswerWords(), "always", "accepted"),  # AD
        ((("001", "accepted", 10), ("002", "accepted", 5)), AnswerWords(accepted="AT"), "always", "AT"),
        ((("001", "accepted", 10), ("002", "accepted", 5)), AnswerWords(accepted_in_short="AK"), "changes", "AK"),
        ((("001", "accepted", 10), ("002", "accepted", 5)), AnswerWords(accepted="AT"), "changes", "accepted"),
        ((("001", "accepted", 10), ("002", "accepted", 5)), AnswerWords(accepted="AC"), "always", "AC"),
        (PART, AnswerWords(), "changes", "accepted with changes"),  # AC
        (PART, AnswerWords(changed="AE"), "always", "AE"),
        ((("001", "rejected", 10), ("002", "rejected", 5)), AnswerWords(rejected="RJ"), "always", "RJ"),
    ],
)
def test_the_code_of_the_header_is_the_partner_s(parts: tuple, words: AnswerWords, lines: str, code: str) -> None:
    answers = Answers.model_validate({"acknowledgment": words, "lines": lines})
    assert as_written(answer(*parts), answers).decision == code


def test_what_left_in_short_under_a_code_of_theirs_still_speaks_for_the_whole_order() -> None:
    whole = answer(("001", "accepted", 10), ("002", "accepted", 5))
    written = as_written(whole, Answers(lines="changes", acknowledgment=AnswerWords(accepted_in_short="AK")))
    assert written.lines == ()
    assert check_acknowledgment(ORDER, written) == ()


WORDS = ("accepted", "backordered", "rejected", "quantity changed", "price changed", "date changed", "substituted")


@given(
    st.lists(st.sampled_from(WORDS), min_size=10, max_size=10),
    st.dictionaries(st.sampled_from(WORDS), st.sampled_from(WORDS)),
    st.sampled_from(["accepted", "quantity changed"]),
)
def test_whatever_is_said_instead_the_quantities_of_a_line_add_up(units: list[str], instead: dict, partly: str) -> None:
    """Each of ten pieces is decided on by itself; words are exchanged for others."""
    plain = answer(("001", "accepted", 10), ("002", "accepted", 5))
    each = tuple(LineDecision(status=word, quantity=d(1), unit="EA", reason="why") for word in units)
    mixed = msgspec.structs.replace(plain, lines=(msgspec.structs.replace(plain.lines[0], decisions=each), plain.lines[1]))
    spoken = in_their_words(mixed, AnswerWords(instead=instead, partly=partly))
    assert sum(quantity for _, quantity in said(spoken)) == 10
    assert {status for status, _ in said(spoken)} & set(instead) <= set(instead.values()) | {"quantity changed"}
    assert all(decision.reason for decision in spoken.lines[0].decisions)
