"""YAML read plainly: every scalar is the string that was written, and everything knows its line.

YAML's guesses turn ``004010`` into 2056, ``NO`` into False and ``12:30`` into 750; partner files and maps are full of such
values. So nothing is guessed here: scalars are ``Text`` (a ``str``), mappings are ``Fields`` (a ``dict``), sequences are
``Items`` (a ``list``), each with ``.file`` and ``.line``. A repeated key is refused, as are anchors, aliases and tags:
a file says what it says where it says it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from edi_gateway.errors import WrongInput

DEEPEST = 50
"""How far a file may nest. Nothing we read goes below ten; composing without a limit would run out of stack."""


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


_DISPUTED = re.compile(r"[\t\r\x85\u2028\u2029?\ufeff]|[|>][-+0-9]*#|:\s*\n\s*[}\],]|\A\s*---\s*\Z")
"""Where libyaml and PyYAML's own reader differ; a file means the same on a machine that has no libyaml."""

Plain: TypeAlias = Text | Fields | Items


def load(path: Path) -> Plain:
    """Reads one YAML file. Raises WrongInput naming file and line for anything that is not plain."""
    return loads(read_text(path), str(path))


def read_text(path: Path) -> str:
    """The text of a file. Raises WrongInput if it cannot be read or is not UTF-8."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise WrongInput(f"cannot be read: {error.strerror}", where=str(path)) from error
    except UnicodeDecodeError as error:
        raise WrongInput("is not UTF-8 text", where=str(path), do="save it as UTF-8") from error


def loads(text: str, file: str = "?") -> Plain:
    """Reads YAML text; ``file`` is only the name to show in errors and places."""
    try:
        node = _quickly(text, file) or _Loader(text, file).get_single_node()
    except yaml.MarkedYAMLError as error:
        raise WrongInput(f"is not YAML: {error.problem}", where=_where(file, error.problem_mark)) from error
    except yaml.reader.ReaderError as error:
        where = f"{file}:{text.count(chr(10), 0, error.position) + 1}"
        raise WrongInput(f"holds the character U+{error.character:04X}, which YAML does not allow", where=where) from error
    except yaml.YAMLError as error:
        raise WrongInput(f"is not YAML: {error}", where=file) from error
    if node is None:
        raise WrongInput("is empty", where=f"{file}:1")
    return _plain(node, file)


def _quickly(text: str, file: str) -> yaml.Node | None:
    """What libyaml reads, in a sixth of the time; None for what PyYAML's own reader has to judge, as it has what is wrong."""
    if not yaml.__with_libyaml__ or _DISPUTED.search(text):
        return None
    try:
        return _QuickLoader(text, file).get_single_node()
    except (yaml.YAMLError, UnicodeEncodeError, WrongInput):
        return None


class _PlainOnly:
    """A loader's events, of which the first that is not plain raises WrongInput."""

    _file, _depth, _documents = "?", 0, 0

    def get_event(self) -> yaml.Event:
        event: yaml.Event = super().get_event()  # type: ignore[misc]  # the loader has it
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) or getattr(event, "tag", None):
            raise self._refused(event, "anchors, aliases and tags are not read here", "write the value out")
        self._depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if self._depth > DEEPEST:
            raise self._refused(event, f"is nested more than {DEEPEST} levels deep")
        self._documents += isinstance(event, yaml.DocumentStartEvent)
        if self._documents > 1:
            raise self._refused(event, "a second YAML document begins here", "write it into a file of its own")
        return event

    def _refused(self, event: yaml.Event, what: str, do: str | None = None) -> WrongInput:
        return WrongInput(what, where=_where(self._file, event.start_mark), do=do)


class _Loader(_PlainOnly, yaml.BaseLoader):
    """PyYAML's loader that knows only texts."""

    def __init__(self, text: str, file: str) -> None:
        super().__init__(text)
        self._file = file


if yaml.__with_libyaml__:
    from yaml.cyaml import CParser  # type: ignore[attr-defined]  # PyYAML's stubs keep it to themselves

    class _QuickLoader(_PlainOnly, yaml.composer.Composer, CParser, yaml.resolver.BaseResolver):
        """The same with libyaml's events. Composed here and not by libyaml, which would run out of stack."""

        def __init__(self, text: str, file: str) -> None:
            CParser.__init__(self, text)
            yaml.composer.Composer.__init__(self)
            yaml.resolver.BaseResolver.__init__(self)
            self._file = file


def _where(file: str, mark: Any) -> str:
    """PyYAML's marks count lines from 0; it has none for a mistake in the file as a whole."""
    return f"{file}:{mark.line + 1 if mark else 1}"


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
