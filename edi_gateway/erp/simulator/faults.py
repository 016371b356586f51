"""What can be made to go wrong with the simulated ERP, from this process or another."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from edi_gateway.errors import WrongInput


class Faults(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Switches, all off by default.

    ``asleep``: every call raises TryAgain. ``slow``: seconds every call takes. ``forgets_answers``: a post creates and then
    raises Uncertain, as when a connection breaks. ``refuses``: every new post raises WrongInput. ``repeats_events``: each event
    comes twice, and once more after it was confirmed.
    """

    asleep: bool = False
    slow: float = 0
    forgets_answers: bool = False
    refuses: bool = False
    repeats_events: bool = False


NONE = Faults()


def read_faults(path: Path) -> Faults:
    """The switches kept in ``path``; all off where there is no such file."""
    if not os.path.exists(path):  # asked at every call: a path of pathlib takes four times as long
        return NONE
    try:
        return msgspec.json.decode(path.read_bytes(), type=Faults)
    except FileNotFoundError:
        return NONE
    except msgspec.DecodeError as error:
        raise WrongInput(
            f"does not name faults: {error}", where=str(path), do="delete the file to switch all faults off"
        ) from error


def write_faults(path: Path, faults: Faults) -> None:
    """Keeps the switches, whole or not at all."""
    beside = path.with_suffix(f".{os.getpid()}.new")
    beside.write_bytes(msgspec.json.encode(faults))
    beside.replace(path)
