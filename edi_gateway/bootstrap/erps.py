"""ERP connectors, made from what their files say."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from edi_gateway.clock import Clock
from edi_gateway.erp.base import Erp
from edi_gateway.erp.folder import FolderErp
from edi_gateway.erp.rest import RestErp
from edi_gateway.erp.rest.http import Http
from edi_gateway.erp.simulator import Catalog, SimulatedErp, default_catalog, load_catalog
from edi_gateway.errors import WrongInput
from edi_gateway.trading.connector import (
    Connector,
    FolderConnector,
    PythonConnector,
    RestConnector,
    SimulatorConnector,
)
from edi_gateway.trading.secrets import FromVault, resolve

_CONTRACT = ("consult", "post_order", "post_change", "post_remittance", "find", "pending", "confirm", "check")


class Erps:
    """The connectors that are open. ``data`` is the gateway's data folder; each keeps what it must remember in one of its own.

    ``is_test`` says whether an order, by our id, is a test's.
    """

    def __init__(
        self, data: Path, clock: Clock, vault: FromVault | None = None, is_test: Callable[[str], bool] = lambda _key: False
    ) -> None:
        self._data, self._clock, self._vault, self._is_test = data, clock, vault, is_test
        self._open: dict[str, tuple[Connector, Erp]] = {}

    def take_up(self, connectors: Mapping[str, Connector]) -> dict[str, Erp]:
        """What is described, by name: what is unchanged stays open, what changed is made anew.

        Raises WrongInput for one that cannot be made; then those that were open still are.
        """
        known = self._open
        made = {
            name: known[name] if name in known and known[name][0] == about else (about, self._made(about))
            for name, about in connectors.items()
        }
        kept = {id(erp) for _, erp in made.values()}
        self._open = made
        _close(erp for _, erp in known.values() if id(erp) not in kept)
        return {name: erp for name, (_, erp) in made.items()}

    def close(self) -> None:
        """Lets files and connections go."""
        _close(erp for _, erp in self._open.values())
        self._open = {}

    def _made(self, about: Connector) -> Erp:
        folder = self._folder(about.name)
        match about:
            case SimulatorConnector():
                return SimulatedErp(folder, self._clock, _catalog(about))
            case FolderConnector():
                seconds, ledger = about.steady.total_seconds(), folder / "ledger"
                return FolderErp(Path(about.folder), ledger, about.form, steady=seconds, is_test=self._is_test)
            case RestConnector():
                return RestErp(about, self._clock, Http(about, vault=self._vault))
            case PythonConnector():
                return _of_class(about, self._clock, folder, self._vault)

    def _folder(self, name: str) -> Path:
        return self._data / {"simulator": "erp", "simulator-test": "erp-test"}.get(name, f"erp-{name}")


def try_out(about: Connector, clock: Clock, vault: FromVault | None = None) -> None:
    """Finds what is wrong with a connector without calling anybody or leaving anything behind. Raises what it finds."""
    match about:
        case SimulatorConnector():
            _catalog(about)
        case FolderConnector():
            if not Path(about.folder).is_dir():
                raise WrongInput("is not there", where=about.folder, do="make it, or correct the connector's folder")
        case RestConnector():
            http = Http(about, vault=vault)
            http.try_secrets()
            RestErp(about, clock, http).close()
        case PythonConnector():
            _class_of(about)


def _catalog(about: SimulatorConnector) -> Catalog:
    return load_catalog(Path(about.catalog)) if about.catalog else default_catalog()


def _of_class(about: PythonConnector, clock: Clock, folder: Path, vault: FromVault | None) -> Erp:
    where = f"ERP connector {about.name}"
    secrets = {name: resolve(reference, where, vault=vault) for name, reference in about.secrets.items()}
    erp: Erp = _class_of(about)(settings=dict(about.settings), secrets=secrets, clock=clock, folder=folder)
    return erp


def _class_of(about: PythonConnector) -> Any:
    where = f"ERP connector {about.name}"
    module, _, name = about.implementation.partition(":")
    try:
        found: Any = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError) as error:
        advice = "install what it is in beside the gateway, and write package.module:Class"
        raise WrongInput(f"'{about.implementation}' cannot be imported: {error}", where=where, do=advice) from error
    missing = [name for name in _CONTRACT if not callable(getattr(found, name, None))]
    if missing:
        raise WrongInput(f"'{about.implementation}' has no {', '.join(missing)}", where=where, do="see edi_gateway.erp.base.Erp")
    return found


def _close(erps: Any) -> None:
    for erp in erps:
        close = getattr(erp, "close", None)
        if close is not None:
            close()
