"""The demo's partner files: two invented partners, and beside their profiles and guides nothing that is set up here.

Real partners' files stand in the same folder, and what the demo took of them it would act on: it would collect a partner's orders
and throw them away, ask an ERP, tell people. So identities and connections are its own, and it has no connectors and no alerts.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from edi_gateway.errors import WrongInput
from edi_gateway.trading.files import read
from edi_gateway.trading.loader import CONNECTIONS, OURSELVES, PARTNER
from edi_gateway.trading.profile import TradingPartner

NAMES = ("northwind", "cascade")

_OURSELVES = Path(__file__).with_name("ourselves.yaml")
_MAILBOX = "name: {partner}-mailbox\nkind: mailbox\nsenders: [{partner}]\naccount: {partner}\nkeys:\n  - {key}\n"


def copy_partners(given: Path, folder: Path, keys: Mapping[str, str]) -> None:
    """Makes the demo's own partner files in ``folder``; ``keys`` are the public lines by partner.

    Raises WrongInput or Collected where the invented partners are not in ``given``, or not as they must be.
    """
    for name in keys:
        _check(given, name)
    (folder / CONNECTIONS).mkdir(parents=True)
    shutil.copyfile(_OURSELVES, folder / OURSELVES)
    for name, key in keys.items():
        shutil.copytree(given / name, folder / name)
        text = _MAILBOX.format(partner=name, key=key)
        (folder / CONNECTIONS / f"{name}-mailbox.yaml").write_text(text, encoding="utf-8")


def _check(given: Path, name: str) -> None:
    path = given / name / PARTNER
    if not path.is_file():
        raise WrongInput(
            f"the demo's invented partner '{name}' is not there",
            where=str(path),
            do="it comes with the project: put it back, or give another checkout's partners/ as EDI_GATEWAY_PARTNERS",
        )
    read(path, TradingPartner)
