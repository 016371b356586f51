"""Nothing may be agreed that nobody keeps: every field of a profile or connection is read somewhere outside ``trading/``."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from edi_gateway.trading.profile import Connection, OurIdentity, TradingPartner

ROOT = Path(__file__).parents[2] / "edi_gateway"
TRADING = ROOT / "trading"
LOOK_ALONE = ("alert_checks", "check", "export", "files", "loader", "presets", "reference")  # at what is said, and do not keep it

# Read inside trading/ alone, where all that is asked of them is answered.
EXCEPTIONS: dict[str, str] = {}


def models(of: Any) -> Iterator[type[BaseModel]]:
    """Every model a type is made of, through lists, unions and other models."""
    if isinstance(of, type) and issubclass(of, BaseModel):
        yield of
        for field in of.model_fields.values():
            yield from models(field.annotation)
    for inner in get_args(of):
        yield from models(inner)


def every_field() -> list[str]:
    found = {model for root in (TradingPartner, Connection, OurIdentity) for model in models(root)}
    return sorted(f"{model.__name__}.{name}" for model in found for name in model.model_fields)


def reads(tree: ast.AST) -> set[str]:
    """Attributes and names that are read in a piece of source."""
    named = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute | ast.Name) and isinstance(node.ctx, ast.Load)]
    return {node.attr if isinstance(node, ast.Attribute) else node.id for node in named}


@cache
def names_read() -> frozenset[str]:
    """What the product reads outside of trading/, and what the methods in trading/ that it asks read for it, and so on."""
    sources = {path: ast.parse(path.read_text(encoding="utf-8")) for path in ROOT.rglob("*.py")}
    outside = [tree for path, tree in sources.items() if TRADING not in path.parents]
    asked = [tree for path, tree in sources.items() if TRADING in path.parents and path.stem not in LOOK_ALONE]
    methods = [(node.name, reads(node)) for tree in asked for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    found = set().union({"__str__"}, *map(reads, outside))
    while True:
        more = set().union(*(read for name, read in methods if name in found)) - found
        if not more:
            return frozenset(found)
        found |= more


@pytest.mark.parametrize("field", [field for field in every_field() if field not in EXCEPTIONS])
def test_a_field_of_a_profile_is_read_outside_of_trading(field):
    assert field.partition(".")[2] in names_read()


def test_exceptions_are_fields_and_are_not_read():
    assert EXCEPTIONS.keys() <= set(every_field())
    assert [field for field in EXCEPTIONS if field.partition(".")[2] in names_read()] == []


def test_a_field_that_nobody_reads_would_be_noticed():
    assert "agreed_and_never_looked_at" not in names_read()
