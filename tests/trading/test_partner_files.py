"""Loading partners/: what is right becomes a directory, what is wrong is told whole, each with its line."""

from __future__ import annotations

from datetime import timedelta

import pytest

from edi_gateway.errors import WrongInput
from edi_gateway.trading.loader import load
from edi_gateway.x12.envelope import Identity


def test_a_right_folder_becomes_a_directory(world):
    directory = world.load()
    assert directory.partner("acme").interchange == (Identity("08", "ACME01"),)
    assert directory.connection("acme-folder").poll == timedelta(minutes=1)
    assert directory.identity("main").title == "Larch & Sons"


def test_values_are_plain_strings_without_their_lines(world):
    partner = world.load().partner("acme")
    assert type(partner.title) is str
    assert type(partner.interchange[0].id) is str
    assert type(partner.agreements[0].release) is str


def test_all_mistakes_of_all_files_are_told_in_one_pass(world):
    world.change("_ourselves.yaml", "ZZ:LARCH", "LARCH")
    world.change("acme/partner.yaml", "direction: in", "direction: inn")
    world.change("acme/partner.yaml", "title", "titel")
    world.change("connections/acme-folder.yaml", "inbox: /srv/acme/in\n", "")
    assert world.mistakes() == [
        "_ourselves.yaml:4: interchange: 'LARCH' is no interchange id; write QUALIFIER:ID, such as 08:7005551200",
        "acme/partner.yaml:1: 'title' is missing",
        "acme/partner.yaml:8: direction: 'inn' is not known — did you mean 'in'?",
        "acme/partner.yaml:2: 'titel' is not known here — did you mean 'title'?",
        "connections/acme-folder.yaml:1: 'inbox' is missing",
    ]


def test_an_unknown_word_deep_inside_is_told_at_its_line_with_what_was_probably_meant(world):
    world.change("acme/partner.yaml", "    map: 850-order", "    map: 850-order\n    acknowledgment:\n      witin: 2h")
    assert world.mistake() == "acme/partner.yaml:12: 'witin' is not known here — did you mean 'within'?"


def test_a_word_like_no_other_is_answered_with_the_words_there_are(world):
    world.change("acme/partner.yaml", "    map: 850-order", "    map: 850-order\n    awaits: {qqq: 1}")
    assert world.mistake().endswith("'qqq' is not known here — known are acknowledgment, counted_in, retransmit, within")


def test_a_missing_word_is_told_at_the_entry_that_lacks_it(world):
    world.change("acme/partner.yaml", "    map: 850-order\n", "")
    assert world.mistake() == "acme/partner.yaml:7: 'map' is missing"


def test_a_single_value_where_a_list_is_wanted(world):
    world.change("acme/partner.yaml", "[ACMEBUY]", "ACMEBUY")
    assert world.mistake() == "acme/partner.yaml:4: group: a list is wanted — write one entry a line, each after '- '"


def test_a_value_where_words_are_wanted(world):
    world.change("acme/partner.yaml", "connection:", "marks: tilde\nconnection:")
    assert world.mistake() == "acme/partner.yaml:5: marks: words with values are wanted, not 'tilde'"


def test_a_file_that_is_a_list(world):
    world.write("acme/partner.yaml", "- name\n- title\n")
    assert world.mistake().startswith("acme/partner.yaml:1: words with values are wanted")


def test_a_value_of_the_wrong_form(world):
    world.change("acme/partner.yaml", "release: 004010", "release: 4010")
    assert world.mistake().startswith("acme/partner.yaml:9: release: '4010' will not do: ")


@pytest.mark.parametrize(
    ("written", "complaint"),
    [
        ("currency: dollars", "currency: 'dollars' will not do"),
        ("time_zone: America/Springfield", "'America/Springfield' is no time zone"),
        ("duplicates: {window: year}", "'year' is no duration; write 90m, 24h, 2d or 7y"),
        ("characters: full", "characters: 'full' is not known — known are basic, extended"),
        ("orders: {price_tolerance_percent: some}", "price_tolerance_percent: 'some' will not do"),
        ("answers: {invoice: perhaps}", "invoice: 'perhaps' will not do"),
        ("severities: {set.segment_count: ignore}", "'ignore' is not known — known are off, reject, warn"),
    ],
)
def test_a_bad_value_is_told_at_its_line(world, written, complaint):
    world.change("acme/partner.yaml", "connection:", f"{written}\nconnection:")
    mistake = world.mistake()
    assert mistake.startswith("acme/partner.yaml:5: ")
    assert complaint in mistake


def test_an_erp_connector_there_is_not_is_told_with_the_nearest_there_is(world):
    world.change("acme/partner.yaml", "connection:", "erp: simulater\nconnection:")
    assert world.mistake() == "acme/partner.yaml:5: there is no ERP connector 'simulater' — did you mean 'simulator'?"


def test_an_erp_connector_of_a_file_may_be_named(world):
    world.write("connectors/warehouse.yaml", "name: warehouse\nkind: folder\nfolder: /srv/erp\nform: csv\n")
    world.change("acme/partner.yaml", "connection:", "erp: warehouse\nconnection:")
    directory = world.load()
    assert directory.connector("warehouse").form == "csv"
    assert set(directory.every_connector()) == {"simulator", "simulator-test", "warehouse"}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("name: w\nkind: soap\n", "connectors/w.yaml:2: kind: 'soap' is not known — known are folder, python, rest, simulator"),
        ("name: v\nkind: folder\nfolder: /x\n", "connectors/w.yaml:1: is called 'v', but its file is called 'w'"),
        ("name: w\nkind: folder\nform: pdf\nfolder: /x\n", "connectors/w.yaml:3: form: 'pdf' is not known"),
    ],
)
def test_a_connector_file_that_will_not_do_says_where(world, text, complaint):
    world.write("connectors/w.yaml", text)
    assert world.mistake().startswith(complaint)


def test_a_repeated_key_and_broken_yaml_are_mistakes_among_others(world):
    world.change("acme/partner.yaml", "title: Acme Stores", "title: Acme Stores\ntitle: Acme")
    world.write("connections/acme-folder.yaml", "name: [")
    first, second = world.mistakes()
    assert first.startswith("acme/partner.yaml:3: 'title' stands here and already on line 2")
    assert second.startswith("connections/acme-folder.yaml:")


def test_a_connection_of_no_known_kind(world):
    world.change("connections/acme-folder.yaml", "kind: folder", "kind: foldr")
    assert world.mistake() == "connections/acme-folder.yaml:2: kind: 'foldr' is not known — did you mean 'folder'?"


def test_a_connection_without_a_kind(world):
    world.change("connections/acme-folder.yaml", "kind: folder\n", "")
    assert world.mistake() == "connections/acme-folder.yaml:1: 'kind' is missing — known are as2, folder, mailbox, sftp"


def test_a_folder_without_a_profile_and_missing_identities_of_ours(world):
    (world.folder / "bolt").mkdir()
    (world.folder / "_ourselves.yaml").unlink()
    first, second = world.mistakes()
    assert first.startswith("_ourselves.yaml: cannot be read")
    assert second.startswith("bolt/partner.yaml: cannot be read")


def test_folders_that_begin_with_an_underscore_or_a_dot_are_no_partners(world):
    (world.folder / "_archive").mkdir()
    (world.folder / ".git").mkdir()
    assert [each.name for each in world.load().partners] == ["acme"]


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(WrongInput, match="is no folder"):
        load(tmp_path / "nowhere")


def test_an_empty_list_where_one_entry_at_least_is_wanted(world):
    world.change("acme/partner.yaml", "[ACMEBUY]", "[]")
    assert world.mistake() == "acme/partner.yaml:4: group: at least one entry is wanted"
