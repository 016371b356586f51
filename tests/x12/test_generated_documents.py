"""What holds for a valid document of any set and release, read, judged, answered, written, laid out."""

from datetime import UTC, datetime

from hypothesis import given
from strategies import spoilt_interchanges, spoilt_sets, valid_interchanges, valid_sets
from three_ways import ask
from valid_documents import MARKS

from edi_gateway.x12.acknowledgment import Form, Verdict, read_acknowledgment
from edi_gateway.x12.answers import answers_to
from edi_gateway.x12.comparison import differences
from edi_gateway.x12.delimiters import Delimiters
from edi_gateway.x12.envelope import FunctionalGroup, Interchange, TransactionSet
from edi_gateway.x12.examination import judged
from edi_gateway.x12.finding import Level
from edi_gateway.x12.layout import Layout, laid_out
from edi_gateway.x12.reader import read
from edi_gateway.x12.writer import write_interchange

AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
OF_THE_STANDARD = {Level.ENVELOPE, Level.STRUCTURE, Level.ELEMENT, Level.SYNTAX_NOTE}


def verdicts(payload):
    """What the answer to a payload says of its sets; nothing for acknowledgments, which get none."""
    for answer in answers_to(payload, Form(release=""), AT):
        for event in read(answer):
            if isinstance(event, TransactionSet):
                yield from (one.verdict for one in read_acknowledgment(event).sets)


@given(valid_interchanges)
def test_nothing_of_the_standard_is_found_in_a_valid_document(payload):
    assert not [finding for one in judged(payload) for finding in one.findings if finding.level in OF_THE_STANDARD]


@given(valid_interchanges)
def test_a_valid_document_is_accepted_and_an_acknowledgment_gets_none(payload):
    assert set(verdicts(payload)) <= {Verdict.ACCEPTED}
    assert list(verdicts(payload)) or b"~GS*FA*" in payload


@given(valid_sets())
def test_three_ways_to_check_agree_on_a_valid_set(drawn):
    definition, segments = drawn
    asked = ask(definition, TransactionSet.of(segments, MARKS[definition.release]))
    assert (asked.right, asked.difference) == (True, "")


@given(spoilt_sets())
def test_three_ways_to_check_agree_on_a_spoilt_set(drawn):
    definition, segments = drawn
    asked = ask(definition, TransactionSet.of(segments, MARKS[definition.release]))
    assert (asked.is_false_accept, asked.difference) == (False, "")


@given(valid_interchanges)
def test_a_document_is_written_as_it_was_read(payload):
    events = read(payload)
    header = next(event for event in events if isinstance(event, Interchange))
    group = next(event for event in events if isinstance(event, FunctionalGroup))
    sets = [event.segments for event in events if isinstance(event, TransactionSet)]
    assert write_interchange(header, [(group, sets)], header.delimiters) == payload


@given(spoilt_interchanges)
def test_a_document_laid_out_otherwise_says_the_same_and_can_be_laid_out_back(payload):
    lines = b"".join(laid_out(payload, Layout()))
    assert list(differences(payload, lines)) == []
    assert list(judged_alike(lines)) == list(judged_alike(payload))


@given(valid_interchanges)
def test_other_delimiters_and_back_are_the_same_bytes(payload):
    marks = next(event for event in read(payload) if isinstance(event, Interchange)).delimiters
    others = Delimiters("\x1d", "\x1f", "\x1e", "\x1c" if marks.repetition else None)
    there = b"".join(laid_out(payload, Layout(line_end="", delimiters=others)))
    assert list(differences(payload, there)) == []
    assert b"".join(laid_out(there, Layout(line_end="", delimiters=marks))) == payload


def judged_alike(payload):
    for one in judged(payload):
        yield one.verdict, [(finding.kind, finding.place) for finding in one.findings]
