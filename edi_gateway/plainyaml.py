"""YAML read plainly: every scalar is the string that was written, and everything knows its line.

YAML's guesses turn ``004010`` into 2056, ``NO`` into False and ``12:30`` into 750; partner files and maps are full of such
values. So nothing is guessed here: scalars are ``Text`` (a ``str``), mappings are ``Fields`` (a ``dict``), sequences are
``Items`` (a ``list``), each with ``.file`` and ``.line``. A repeated key is refused, as are anchors, aliases and tags:
a file says what it says where it says it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeAlias

import yaml

from edi_gateway.errors import WrongInput


class _Placed:
    file: str
    line: int

    @property
    def where(self) -> str:
        """``file:line``, the way editors and people jump to it."""
        return f"{self.file}:{self.line}"


class Text(str, _Placed):
    """A scalar: the very string that was written, and where. An empty value is the empty string."""

    __slots__ = ("file", "line")

    def __new__(cls, value: str, file: str = "?", line: int = 0) -> Text:
        text = super().__new__(cls, value)
        text.file, text.line = file, line
        return text


class Fields(dict[Text, Any], _Placed):
    """A mapping whose keys are ``Text`` (so every key has its line)."""

    def __init__(self, file: str = "?", line: int = 0) -> None:
        super().__init__()
        self.file, self.line = file, line


class Items(list[Any], _Placed):
    """A sequence."""

    def __init__(self, file: str = "?", line: int = 0) -> None:
        super().__init__()
        self.file, self.line = file, line


Plain: TypeAlias = Text | Fields | Items


def load(path: Path) -> Plain:
    """Reads one YAML file. Raises WrongInput naming file and line for anything that is not plain."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise WrongInput(f"cannot be read: {error.strerror}", where=str(path)) from error
    except UnicodeDecodeError as error:
        raise WrongInput("is not UTF-8 text", where=str(path), do="save it as UTF-8") from error
    return loads(text, str(path))


def loads(text: str, file: str = "?") -> Plain:
    """Reads YAML text; ``file`` is only the name to show in errors and places."""
    try:
        _refuse_indirection(text, file)
        node = yaml.compose(text, Loader=yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise WrongInput(f"is not YAML: {error.problem}", where=f"{file}:{line}") from error
    except yaml.YAMLError as error:
        raise WrongInput(f"is not YAML: {error}", where=file) from error
    if node is None:
        raise WrongInput("is empty", where=f"{file}:1")
    return _plain(node, file)


def _refuse_indirection(text: str, file: str) -> None:
    for event in yaml.parse(text, Loader=yaml.BaseLoader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) or getattr(event, "tag", None):
            line = event.start_mark.line + 1 if event.start_mark else 1
            raise WrongInput(
                "anchors, aliases and tags are not read here",
                where=f"{file}:{line}",
                do="write the value out",
            )


def _plain(node: yaml.Node, file: str) -> Plain:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.ScalarNode):
        return Text(node.value, file, line)
    if isinstance(node, yaml.SequenceNode):
        items = Items(file, line)
        items.extend(_plain(child, file) for child in node.value)
        return items
    return _fields(node, file)


def _fields(node: yaml.Node, file: str) -> Fields:
    fields = Fields(file, node.start_mark.line + 1)
    for key_node, value_node in node.value:
        key_line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            raise WrongInput("a key must be a plain word", where=f"{file}:{key_line}")
        key = Text(key_node.value, file, key_line)
        if key in fields:
            first = next(k for k in fields if k == key)
            raise WrongInput(f"'{key}' stands here and already on line {first.line}", where=key.where, do="keep one of them")
        fields[key] = _plain(value_node, file)
    return fields
