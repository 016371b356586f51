"""The published JSON Schemas are those of the documents there are, each with its version."""

from __future__ import annotations

import json
import re
import runpy
from pathlib import Path

import pytest

from edi_gateway.documents.catalog import KINDS, VERSIONS, json_schema
from edi_gateway.errors import WrongInput

PROJECT = Path(__file__).parents[2]
FOLDER = PROJECT / "docs" / "reference" / "documents"


def test_the_published_schemas_are_current() -> None:
    files = runpy.run_path(str(PROJECT / "tools" / "document_schemas"))["files"]()

    published = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.json")}
    assert flush_left(published) == flush_left(files), "run tools/document_schemas"


def flush_left(files: dict[str, str]) -> dict[str, str]:
    """Descriptions are docstrings, which Python takes the indentation out of from 3.13 on."""
    return {name: re.sub(r"\\n\s*", r"\\n", text) for name, text in files.items()}


@pytest.mark.parametrize("kind", KINDS)
def test_a_schema_says_its_version_and_what_is_required(kind: str) -> None:
    schema = json_schema(kind)
    part = schema["$defs"][schema["$ref"].rpartition("/")[2]]

    assert schema["x-version"] == VERSIONS[kind]
    assert schema["$id"].endswith(VERSIONS[kind])
    assert set(part["required"]) == {info for info in KINDS[kind].__struct_fields__ if info in part["required"]} != set()


def test_a_kind_that_is_not_there_has_no_schema() -> None:
    with pytest.raises(WrongInput, match="no document kind 'letter'"):
        json_schema("letter")


def test_all_that_is_published_is_json() -> None:
    assert {json.loads(path.read_text())["title"] for path in FOLDER.glob("*.json")} == set(KINDS)
