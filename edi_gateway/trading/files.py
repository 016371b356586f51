"""One file of ``partners/``, read and checked by itself."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

from pydantic import ValidationError

from edi_gateway.errors import Collected, WrongInput
from edi_gateway.plainyaml import Fields, Plain, Text, load
from edi_gateway.trading import words
from edi_gateway.trading.base import Terms
from edi_gateway.trading.connector import Connector, FolderConnector, PythonConnector, RestConnector, SimulatorConnector
from edi_gateway.trading.profile import (
    As2Connection,
    Connection,
    FolderConnection,
    MailboxConnection,
    SftpConnection,
)
from edi_gateway.wording import did_you_mean

Model = TypeVar("Model", bound=Terms)
Value = TypeVar("Value", covariant=True)

_CONNECTIONS: dict[str, type[Connection]] = {
    "folder": FolderConnection,
    "mailbox": MailboxConnection,
    "sftp": SftpConnection,
    "as2": As2Connection,
}
_CONNECTORS: dict[str, type[Connector]] = {
    "simulator": SimulatorConnector,
    "folder": FolderConnector,
    "rest": RestConnector,
    "python": PythonConnector,
}


class Source(NamedTuple, Generic[Value]):
    """A value and the file it was read from, so that a later check can name the line."""

    value: Value
    plain: Plain

    def at(self, *loc: str | int) -> str:
        """``file:line`` of a place in it."""
        return words.place(self.plain, loc)


def read(path: Path, model: type[Model]) -> Source[Model]:
    """The file as ``model``. Raises Collected with every mistake in it, each with its line."""
    return _validated(load(path), model)


def read_connection(path: Path) -> Source[Connection]:
    """A connection file as the model its ``kind`` names. Raises Collected or WrongInput."""
    return _read_as_its_kind(path, _CONNECTIONS)


def read_connector(path: Path) -> Source[Connector]:
    """An ERP connector's file as the model its ``kind`` names. Raises Collected or WrongInput."""
    return _read_as_its_kind(path, _CONNECTORS)


def _read_as_its_kind(path: Path, kinds: Mapping[str, type[Model]]) -> Source[Model]:
    plain = load(path)
    kind = plain.get(Text("kind")) if isinstance(plain, Fields) else None
    if kind is None:
        raise WrongInput("'kind' is missing", where=plain.where, do=did_you_mean("", kinds))
    if not isinstance(kind, str) or kind not in kinds:
        raise WrongInput(f"kind: '{kind}' is not known", where=kind.where, do=did_you_mean(str(kind), kinds))
    return _validated(plain, kinds[kind])


def _validated(plain: Plain, model: type[Model]) -> Source[Model]:
    try:
        return Source(model.model_validate(plain), plain)
    except ValidationError as error:
        raise Collected(words.mistakes(error, plain, model)) from None
