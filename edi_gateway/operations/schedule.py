"""What a person does with what recurs: run a job now, pause it, let it run again."""

from __future__ import annotations

from edi_gateway.errors import WrongInput
from edi_gateway.store.database import Database
from edi_gateway.store.unit import Unit


def run(store: Database, name: str, *, by: str) -> None:
    """Makes a job due now. Raises WrongInput where there is none of that name, and for one that is paused."""
    with store.write() as unit:
        if _there(unit, name):
            raise WrongInput(f"'{name}' is paused", do="resume it first")
        unit.schedule.hurry(name, unit.clock.now())
        unit.events.tell("schedule.run", f"schedule:{name}", f"{name} was asked for", actor=by)


def pause(store: Database, name: str, *, by: str) -> None:
    """Keeps a job from being started. Raises WrongInput where there is none of that name."""
    _set(store, name, True, by)


def resume(store: Database, name: str, *, by: str) -> None:
    """Lets a paused job be started again. Raises WrongInput where there is none of that name."""
    _set(store, name, False, by)


def _set(store: Database, name: str, paused: bool, by: str) -> None:
    with store.write() as unit:
        if _there(unit, name) == paused:
            return
        unit.schedule.pause(name, paused)
        said = "paused" if paused else "resumed"
        unit.events.tell(f"schedule.{said}", f"schedule:{name}", f"{name} was {said}", actor=by)


def _there(unit: Unit, name: str) -> bool:
    """Whether the job is paused."""
    rows = {row.name: row for row in unit.schedule.all()}
    if name not in rows:
        raise WrongInput(f"there is no job '{name}'", do="see 'edi-gateway schedule list'")
    return rows[name].paused
