"""YAML is read plainly: what was written, and where."""

from __future__ import annotations

import contextlib
import copy
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from edi_gateway.errors import WrongInput
from edi_gateway.plainyaml import DEEPEST, Fields, Items, Text, load, loads


@pytest.mark.parametrize(
    "written", ["004010", "NO", "on", "12:30", "1_000", "0x1F", "~", "null", "1e3", "2026-01-05", "4.50", "=", "<<"]
)
def test_nothing_is_guessed(written: str):
    assert loads(f"key: {written}") == {"key": written}


def test_a_value_left_out_is_the_empty_string():
    assert loads("department:") == {"department": ""}


def test_every_scalar_mapping_and_sequence_knows_its_line():
    order = loads("number: BEG03\nlines:\n  each: PO1\n  fields:\n    - upc\n    - unit\n", "maps/order.yaml")

    assert isinstance(order, Fields)
    assert order["number"].where == "maps/order.yaml:1"
    assert order["lines"].where == "maps/order.yaml:3"
    assert [each.line for each in order["lines"]] == [3, 4]
    assert isinstance(order["lines"]["fields"], Items)
    assert [each.line for each in order["lines"]["fields"]] == [5, 6]


def test_a_copy_keeps_the_places():
    copied = copy.deepcopy(loads("a:\n  b: c\n", "f.yaml"))

    assert copied["a"]["b"].where == "f.yaml:2"


def test_text_without_a_file_is_placed_nowhere():
    assert Text("BEG03").where == "?:0"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\nb: 2\na: 3\n", "f.yaml:3: 'a' stands here and already on line 1 — keep one of them"),
        ("{a: 1, a: 2}", "f.yaml:1: 'a' stands here and already on line 1 — keep one of them"),
        ("a: &anchor 1", "f.yaml:1: anchors, aliases and tags are not read here — write the value out"),
        ("a: 1\nb: *a", "f.yaml:2: anchors, aliases and tags are not read here — write the value out"),
        ("a: !!python/name:os.system", "f.yaml:1: anchors, aliases and tags are not read here — write the value out"),
        ("? [a, b]\n: c", "f.yaml:1: a key must be a plain word"),
        ("a: 1\n---\nb: 2\n", "f.yaml:2: a second YAML document begins here — write it into a file of its own"),
        ("a:\n\tb: 1\n", "f.yaml:2: is not YAML: found character '\\t' that cannot start any token"),
        ("a: 'open\n", "f.yaml:2: is not YAML: found unexpected end of stream"),
        ("a: 1\nb: \x07\n", "f.yaml:2: holds the character U+0007, which YAML does not allow"),
        ("", "f.yaml:1: is empty"),
        ("# only a remark\n", "f.yaml:1: is empty"),
    ],
)
def test_what_is_not_plain_is_refused_with_file_and_line(text: str, said: str):
    with pytest.raises(WrongInput) as refused:
        loads(text, "f.yaml")

    assert str(refused.value) == said


@pytest.mark.parametrize("nested", ["[" * 5000, "- " * 5000 + "x", "{a: " * 5000])
def test_a_file_that_nests_without_end_is_refused_before_it_exhausts_the_stack(nested: str):
    with pytest.raises(WrongInput, match=f"more than {DEEPEST} levels deep"):
        loads(nested)


def test_as_deep_as_allowed_is_read():
    assert loads("[" * DEEPEST + "]" * DEEPEST) != []


def test_a_byte_order_mark_is_no_part_of_the_first_key(tmp_path: Path):
    file = tmp_path / "partner.yaml"
    file.write_bytes(b"\xef\xbb\xbfname: Northwind\r\nusage: test\r\n")

    assert load(file) == {"name": "Northwind", "usage": "test"}


def test_a_file_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(WrongInput) as refused:
        load(tmp_path / "missing.yaml")

    assert str(refused.value) == f"{tmp_path / 'missing.yaml'}: cannot be read: No such file or directory"


def test_a_file_in_another_encoding_is_refused_with_advice(tmp_path: Path):
    file = tmp_path / "latin.yaml"
    file.write_bytes("name: Käse".encode("latin-1"))

    with pytest.raises(WrongInput, match="is not UTF-8 text — save it as UTF-8"):
        load(file)


words = st.text("abcdefghijklmnopqrstuvwxyz0123456789 .:-_'\"#&*!äß", max_size=12)
plain = st.recursive(words, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4), max_leaves=12)


@given(plain)
def test_what_was_written_is_read_back_as_strings(data: object):
    assert loads(yaml.safe_dump(data, default_style='"', allow_unicode=True)) == data


@given(st.text(max_size=60))
def test_any_text_at_all_is_read_or_refused(text: str):
    with contextlib.suppress(WrongInput):
        assert isinstance(loads(text), Text | Fields | Items)


def told(text: str) -> object:
    """What is read of it with its lines, or the sentence it is refused with."""
    try:
        return placed(loads(text, "f.yaml"))
    except WrongInput as refused:
        return str(refused)


def placed(read: Text | Fields | Items) -> object:
    if isinstance(read, Text):
        return str(read), read.line
    if isinstance(read, Items):
        return read.line, [placed(each) for each in read]
    return read.line, [(placed(key), placed(value)) for key, value in read.items()]


def without_libyaml(text: str) -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yaml, "__with_libyaml__", False)
        return told(text)


pieces = st.sampled_from(["a", "b: ", "- ", "\n", "\n  ", "\n    ", *"[]{},:?#|>&*!%@`'\"\\\t\r~-0\x07\ufeff\u2028\ud800"])


@given(st.lists(pieces, max_size=25).map("".join))
@example("a: b\n\tc: d")
@example("{a?: b}")
@example("|#")
@example("{a:\r}")
@example("{a: {b:\n}}")
@example("---\n")
def test_a_text_says_the_same_with_libyaml_and_without(text: str):
    assert told(text) == without_libyaml(text)


@pytest.mark.parametrize("folder", ["maps", "partners", "presets"])
def test_our_own_files_say_the_same_with_libyaml_and_without(folder: str):
    for path in (Path(__file__).parents[2] / folder).rglob("*.yaml"):
        text = path.read_text()
        assert told(text) == without_libyaml(text), path
