"""Forms with files, as browsers send them."""

from __future__ import annotations

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edi_gateway.errors import WrongInput
from edi_gateway.web.multipart import Part, boundary_of, parts

NAMES = st.text("abcdefghij-_ .", min_size=1, max_size=12).map(str.strip).filter(bool)


def sent(fields: dict[str, str], files: dict[str, tuple[str, bytes]]) -> tuple[bytes, bytes]:
    """The body and its boundary, as another library writes them."""
    request = httpx.Request("POST", "http://console.test/", data=fields, files=files)
    boundary = boundary_of(request.headers["content-type"])
    assert boundary
    return request.read(), boundary


@given(NAMES, st.text(max_size=40), NAMES, st.binary(max_size=200))
def test_every_byte_of_a_file_arrives(name: str, value: str, file: str, body: bytes) -> None:
    found = list(parts(*sent({name: value}, {"upload": (file, body)})))
    assert found == [Part(name, value.encode(), None), Part("upload", body, file)]


@pytest.mark.parametrize("body", [b"\r\n", b"\r\n\r\n--", b"--x\r\n", b"\r\n--", bytes(range(256))])
def test_what_looks_like_an_end_of_line_is_a_files_own(body: bytes) -> None:
    assert next(parts(*sent({}, {"upload": ("f", body)}))).body == body


def test_a_form_that_was_cut_off_is_refused() -> None:
    body, boundary = sent({"a": "1"}, {"upload": ("f", b"x" * 99)})
    with pytest.raises(WrongInput, match="cut off"):
        list(parts(body[:-10], boundary))


def test_another_kind_of_form_has_no_boundary() -> None:
    assert boundary_of("application/x-www-form-urlencoded") is None
    assert boundary_of("") is None
