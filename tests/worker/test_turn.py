"""Turns: one at a time, the urgent first; who touches the world gives its own up meanwhile."""

from __future__ import annotations

import threading

from edi_gateway.worker.turn import Turn

SOON = 10.0


def _waiting(turn: Turn) -> int:
    return len(turn._urgent) + len(turn._others)


def in_line(turn: Turn, who: str, told: list[str], *, urgent: bool = False) -> threading.Thread:
    """Somebody who stands in line behind those that do already."""

    def work() -> None:
        with turn.taken(urgent=urgent):
            told.append(who)

    before = _waiting(turn)
    thread = threading.Thread(target=work)
    thread.start()
    while _waiting(turn) == before:
        thread.join(0.001)
    return thread


def test_who_waits_has_its_turn_in_the_order_they_came_and_the_urgent_before_them() -> None:
    turn, told = Turn(), list[str]()
    with turn.taken():
        threads = [in_line(turn, "first", told), in_line(turn, "second", told), in_line(turn, "an answer", told, urgent=True)]
        assert told == []
    for thread in threads:
        thread.join(SOON)
    assert told == ["an answer", "first", "second"]


def test_after_each_of_the_urgent_one_of_the_others_has_its_turn() -> None:
    turn, told = Turn(), list[str]()
    with turn.taken():
        threads = [in_line(turn, f"answer {n}", told, urgent=True) for n in (1, 2, 3)]
        threads += [in_line(turn, who, told) for who in ("an order", "another")]
    for thread in threads:
        thread.join(SOON)
    assert told == ["answer 1", "an order", "answer 2", "another", "answer 3"]


def test_who_gives_its_turn_up_lets_another_have_it_and_goes_on_after_that() -> None:
    turn, told = Turn(), list[str]()
    with turn.taken():
        other = in_line(turn, "another", told)
        with turn.given_up():
            other.join(SOON)
            told.append("the world")
        told.append("we again")
    assert told == ["another", "the world", "we again"]


def test_a_turn_goes_on_to_the_next_whatever_becomes_of_it() -> None:
    turn, told = Turn(), list[str]()
    try:
        with turn.taken(), turn.given_up():
            raise OSError
    except OSError:
        pass
    with turn.taken():
        told.append("the next")
    assert told == ["the next"]


def test_who_has_nothing_left_to_do_but_to_commit_lets_the_next_one_begin() -> None:
    turn, told = Turn(), list[str]()
    with turn.taken():
        other = in_line(turn, "the next", told)
        turn.end()
        other.join(SOON)
        told.append("committed")
    with turn.taken():
        told.append("one more")
    assert told == ["the next", "committed", "one more"]


def test_a_turn_within_a_turn_that_was_given_up_leaves_it_as_it_was() -> None:
    turn, told = Turn(), list[str]()
    with turn.taken():
        with turn.given_up(), turn.taken():
            told.append("within")
        assert turn._taken
        told.append("we again")
    with turn.taken():
        told.append("the next")
    assert told == ["within", "we again", "the next"]


def test_how_long_a_thread_stood_in_line_is_its_own_to_know() -> None:
    turn, waited = Turn(), list[float]()

    def work() -> None:
        with turn.taken():
            waited.append(turn.waited)

    with turn.taken():
        thread = threading.Thread(target=work)
        thread.start()
        while not _waiting(turn):
            thread.join(0.001)
        thread.join(0.01)
    thread.join(SOON)
    assert waited[0] >= 0.01 > turn.waited
