"""Terms of agreements and envelopes in partner files: what cannot be meant is told at its line."""

from __future__ import annotations

import pytest


def with_terms(world, terms: str) -> None:
    """The agreement of acme, with more said in it (line 8 is its direction)."""
    world.change("acme/partner.yaml", "    direction: in\n", f"    direction: in\n    {terms}\n")


def sent(world, terms: str) -> None:
    """The agreement of acme is for an 855 we send."""
    world.change("acme/partner.yaml", "  - set: 850\n    direction: in\n", f"  - set: 855\n    direction: out\n    {terms}\n")


@pytest.mark.parametrize(
    ("terms", "complaint"),
    [
        ("batch: {every: 30m}", "9: 'batch' is when a set we send leaves, but this set is received"),
        ("envelope: {sender_group: LARCH2}", "9: 'envelope' is what we write around a set we send, but this set is received"),
        ("severities: {set.segment_cuont: warn}", "9: there is no kind of finding 'set.segment_cuont' — did you mean"),
        ("read_as: 003040", "9: there are no definitions of release 003040 — known are 004010, 005010"),
        ("read_as: 005010", "9: 850 004010 has a definition of its own; it is read by that — leave read_as out"),
        ("acknowledgment: {partial: reject it}", "9: partial: 'reject it' is not known — did you mean 'reject the group'?"),
    ],
)
def test_terms_of_a_set_we_receive(world, terms, complaint):
    with_terms(world, terms)
    assert world.mistake().startswith(f"acme/partner.yaml:{complaint}")


@pytest.mark.parametrize(
    ("terms", "complaint"),
    [
        ("batch: {every: 30m, at: ['10:00']}", "9: batch: every and at are two ways to say when; keep one of them"),
        ("batch: {evry: 30m}", "9: 'evry' is not known here — did you mean 'every'?"),
        ("batch: {at: [half past ten]}", "9: at: 'half past ten' will not do"),
        ("batch: {every: 30m, most: 0}", "9: most: '0' will not do"),
        ("batch: {most: 10}", "9: batch: most: nothing waits without every or at"),
        ("envelope: {marks: {wrap: 80, line_end: lf}}", "9: marks: lines cut at a width have no other line ends"),
        ("envelope: {marks: {wrap: 10}}", "9: wrap: '10' will not do: input should be greater than or equal to 20"),
        ("envelope: {marks: {in_data: ignore}}", "9: in_data: 'ignore' is not known"),
    ],
)
def test_terms_of_a_set_we_send(world, terms, complaint):
    sent(world, terms)
    assert world.mistake().startswith(f"acme/partner.yaml:{complaint}")


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ("security: {information: geheim}", "a secret is only named here, never written; write env:NAME"),
        ("security: {qualifier: '1', information: env:X}", "qualifier: '1' will not do"),
        ("authorization: {qualifier: '01', information: ELEVENCHARS}", "information: 'ELEVENCHARS' will not do"),
        ("control_numbers: {set_width: 3}", "set_width: '3' will not do"),
        ("control_numbers: {scope: everybody}", "scope: 'everybody' is not known"),
        ("retention: {payloads: for ever}", "payloads: 'for ever' is no duration; write 90m, 24h, 2d or 7y"),
        ("retention: {logs: 1y}", "'logs' is not known here — known are documents, events, payloads"),
        ("answers: {ship_notice_counted_in: days}", "ship_notice_counted_in: 'days' is not known"),
    ],
)
def test_terms_of_a_partner(world, words, complaint):
    world.change("acme/partner.yaml", "connection:", f"{words}\nconnection:")
    mistake = world.mistake()
    assert mistake.startswith("acme/partner.yaml:5: ")
    assert complaint in mistake


def test_all_terms_together_are_right(world):
    sent(
        world,
        'batch: {at: ["10:00", "16:00"], cut_off: "15:30", days: working, most: 50, mixed: yes}\n'
        "    severities: {set.segment_count: reject}\n"
        "    envelope: {marks: {wrap: 80, in_data: choose}}",
    )
    world.change(
        "acme/partner.yaml",
        "connection:",
        "authorization: {qualifier: '01', information: LARCH}\n"
        "security: {information: env:ACME_ISA04}\n"
        "control_numbers: {scope: pair, set_width: 9, sets: on and on}\n"
        "retention: {payloads: 400d, documents: 7y, events: 10y}\n"
        "answers: {ship_notice_within: 30m, invoice_within: 1d, invoice_counted_in: working hours}\n"
        "connection:",
    )
    assert world.load().partner("acme").agreements[0].batch.most == 50


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (
            "retention: {payloads: 30d}",
            "kept for 30d (retention: payloads), and a repeated interchange counts for 365d (duplicates: window)",
        ),
        (
            "retention: {payloads: 1y}\nduplicates: {interchange_window: 2y}",
            "counts for 2y (duplicates: interchange_window): after 1y",
        ),
        ("duplicates: {window: 3y}", "keep payloads for 3y, or write duplicates: {interchange_window: 400d}"),
    ],
)
def test_bytes_are_kept_as_long_as_a_repeated_interchange_counts(world, words, complaint):
    world.change("acme/partner.yaml", "connection:", f"{words}\nconnection:")
    mistake = world.mistake()
    assert mistake.startswith("acme/partner.yaml:5: ")
    assert complaint in mistake


@pytest.mark.parametrize(
    "words",
    [
        "retention: {payloads: 30d}\nduplicates: {interchange_window: 30d}",
        "retention: {payloads: 30d}\nduplicates: {interchange: process}",
        "duplicates: {window: 30d, order_window: 3y, payload_window: 3y}",
    ],
)
def test_nothing_is_said_where_repetitions_are_known_as_long_as_they_count(world, words):
    world.change("acme/partner.yaml", "connection:", f"{words}\nconnection:")
    assert world.load().partner("acme")
