"""Foreign documents: every one of the sets we map becomes a document, or the map says what is wrong with it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from map_scenes import BASE, SAMPLES, around, library

from edi_gateway.mapping.coverage import leftovers
from edi_gateway.mapping.errors import MapProblem
from edi_gateway.x12.envelope import TransactionSet
from edi_gateway.x12.reader import read

STORED = Path(__file__).with_name("samples_left_over.json")  # counts and places only: the samples belong to others

pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the foreign samples are not beside the project")


def sets() -> list[tuple[str, TransactionSet]]:
    found = []
    for path in sorted(SAMPLES.glob("*.edi")):
        for event in read(path.read_bytes()):
            if isinstance(event, TransactionSet) and event.code in BASE and event.release.startswith(("004010", "005010")):
                found.append((path.name, event))
    return found


REFUSED = {
    # The reason why each is no document of ours: it is invalid, or it says what our documents do not.
    "812_01_fixture": ("BCD06", "an invoice number where the date of the invoice stands: the elements are shifted by one"),
    "812_03_fixture": ("BCD04", "no amount and no credit or debit, which are mandatory"),
    "855_07_stupidedi": ("ACK02", "a decision without the quantity it is about"),
    "855_15_staedi": ("BAK01", "a purpose code 54, which the standard does not have"),
    "856_03_x12parser": ("HL*S/HL*O", "shipment and item alone: which orders the items are of stands in each of them"),
    "856_09_x12-net": ("DTM*011", "a date of three digits"),
    "856_23_x12-types": ("PRF01", "an order without its number, which is mandatory"),
    "856_24_x12-types": ("PRF01", "an order without its number, which is mandatory"),
    "856_25_x12-types": ("PRF01", "an order without its number, which is mandatory"),
    "856_21_x12-types": ("HL*S/HL*O", "no level at all, which are mandatory"),
    "860_01_x12parser": ("BCH06", "words for a date"),
    "865_01_x12parser": ("DTM02", "a date of nine digits"),
}


def problem_of(transaction_set: TransactionSet) -> MapProblem | None:
    try:
        library().reading(BASE[transaction_set.code]).read(transaction_set)
    except MapProblem as problem:
        return problem
    return None


def test_every_sample_becomes_a_document_but_for_those_that_are_known_to_be_none() -> None:
    refused = {}
    for name, transaction_set in sets():
        problem = problem_of(transaction_set)
        if problem is not None:
            refused["_".join(name.split("_")[:3]).removesuffix(".edi")] = problem
            assert ".yaml:" in problem.rule, f"{name}: {problem}"

    wrong = {name: str(problem) for name, problem in refused.items() if not any(name.startswith(known) for known in REFUSED)}
    assert wrong == {}
    places = {known: problem.place for known in REFUSED for name, problem in refused.items() if name.startswith(known)}
    assert places == {known: place for known, (place, _) in REFUSED.items()}


def test_nothing_of_a_sample_is_left_out_unsaid() -> None:
    """Every element with data that no line reads stands in an extra of its document."""
    for name, transaction_set in sets():
        if problem_of(transaction_set) is not None:
            continue
        reading = library().reading(BASE[transaction_set.code])
        kept = {extra.position for extra in reading.read(transaction_set).extras}  # type: ignore[attr-defined]
        assert {one.position for one in reading.unread(transaction_set)} <= kept, name


def carried() -> dict[str, dict[str, object]]:
    """For each set: how many samples are read and refused, of how many elements, and how often what place is left over."""
    found = {}
    for code in BASE:
        one = leftovers(library().reading(BASE[code]), [(name, each) for name, each in sets() if each.code == code])
        counts = {"read": one.read, "refused": len(one.refused), "elements": one.elements, "left": one.left}
        found[code] = {**counts, "places": dict(sorted(one.places.items()))}
    return found


def test_what_the_maps_carry_of_the_samples_is_what_is_stored() -> None:
    """A map that carries less than before, or more, is seen; STORE_SAMPLES=1 stores what there is now."""
    now = carried()
    if os.environ.get("STORE_SAMPLES"):
        STORED.write_text(json.dumps(now, indent=1) + "\n")
    stored = json.loads(STORED.read_text())

    assert {code: now[code] for code in now if now[code] != stored[code]} == {}


@pytest.mark.parametrize("code", ["850", "860", "856", "810", "855"])
def test_nearly_all_of_the_samples_is_carried(code: str) -> None:
    stored = json.loads(STORED.read_text())[code]

    assert stored["left"] <= 0.2 * stored["elements"]


def test_what_is_written_of_a_sample_is_read_and_written_the_same() -> None:
    for name, transaction_set in sets():
        reading, writing = library().reading(BASE[transaction_set.code]), library().writing(BASE[transaction_set.code])
        try:
            segments = writing.write(reading.read(transaction_set), release=transaction_set.release)
        except MapProblem:
            continue
        again = reading.read(around(transaction_set.code, segments))
        assert writing.write(again, release=transaction_set.release) == segments, name
