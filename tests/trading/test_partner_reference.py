"""The reference of partner files is made from the models, and its examples are right."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from edi_gateway.trading.reference import _prose, models, reference

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_is_current():
    page = (DOCS / "reference" / "partner-profile.md").read_text(encoding="utf-8")
    assert page == reference(), "run tools/document_profiles"


@pytest.mark.parametrize("model", models(), ids=lambda model: model.__name__)
def test_every_word_is_explained_in_the_table_of_its_model(model):
    assert [name for name, field in model.model_fields.items() if not field.description] == []
    (table,) = [part for part in re.split(r"(?m)^###? ", reference()) if f"\n{_prose(model)}\n" in part]
    assert re.findall(r"(?m)^\| `(\w+)` \|", table) == list(model.model_fields)


def test_models_inside_others_are_told_too():
    assert {"Batch", "Security", "SecretReference", "Retention", "Marks"} <= {model.__name__ for model in models()}
    assert sorted(set(re.findall(r"(?m)^### (\w+)$", reference()))) == sorted(re.findall(r"(?m)^### (\w+)$", reference()))


def test_a_row_tells_how_to_write_a_value_what_it_is_by_default_and_what_it_means():
    assert "| `window` | duration: 90m, 24h, 2d | `365d` | How far back a repetition counts. |" in reference()
    assert "| `repetition` | [mark](#marks-by-name) | none | From release 00402; before, ISA11 is U. |" in reference()
    assert "| `interchange` | list of QUALIFIER:ID | required |" in reference()


def test_every_link_inside_the_page_leads_somewhere():
    headings = {re.sub(r"\W+", "-", line.lstrip("# ").lower()) for line in reference().splitlines() if line.startswith("#")}
    assert set(re.findall(r"\]\(#([^)]+)\)", reference())) <= headings


def test_the_example_connection_is_right(world):
    example = re.search(r"```yaml\n(# partners/connections/larkspur-van\.yaml\n.*?)```", (DOCS / "partners.md").read_text(), re.S)
    world.write("connections/larkspur-van.yaml", example[1].replace("[northwind, cascade]", "[acme]"))
    assert len(world.load().connection("larkspur-van").host_keys) == 2


def test_the_example_marks_are_right(world):
    example = re.search(r"```yaml\n(marks:.*?)```", (DOCS / "partners.md").read_text(), re.S)
    world.change("acme/partner.yaml", "connection:", example[1] + "connection:")
    assert world.load().partner("acme").marks.segment == "\n"


@pytest.mark.parametrize("word", ["batch", "authorization"])
def test_the_examples_of_terms_are_right(world, word):
    page = (DOCS / "partners.md").read_text()
    (said,) = re.findall(rf"(?m)^( *{word}: .*(?:\n *security: .*)?)$", page)
    if word == "batch":
        world.change("acme/partner.yaml", "  - set: 850\n    direction: in\n", f"  - set: 810\n    direction: out\n{said}\n")
    else:
        world.change("acme/partner.yaml", "connection:", f"{said}\nconnection:")
    acme = world.load().partner("acme")
    assert acme.agreements[0].batch.most == 200 if word == "batch" else acme.security is not None
