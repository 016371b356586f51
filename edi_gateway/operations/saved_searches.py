"""Saved searches: a person keeps a search of the documents under a name, for themselves."""

from __future__ import annotations

from edi_gateway.errors import WrongInput
from edi_gateway.store.database import Database

MOST = 30
"""How many a person keeps."""
LONGEST_NAME = 60


def save_search(store: Database, name: str, query: str, *, by: str) -> None:
    """Keeps a search, as the end of an address; one of the same name is written over.

    Raises WrongInput where there is nothing to keep, without a name or with a long one, and where ``by`` keeps too many.
    """
    if not query or not name or len(name) > LONGEST_NAME:
        raise WrongInput("there is nothing to save", do=f"search first, then give it a name of at most {LONGEST_NAME} letters")
    with store.write() as unit:
        others = [kept for kept, _ in unit.saved_searches.of(by) if kept != name]
        if len(others) >= MOST:
            raise WrongInput(f"you have {MOST} saved searches", do="forget one first")
        unit.saved_searches.save(by, name, query)
        unit.events.tell("search.saved", f"person:{by}", f"the search “{name}” was saved", actor=by)


def forget_search(store: Database, name: str, *, by: str) -> None:
    """Forgets it; harmless where there is none of that name."""
    with store.write() as unit:
        if name in dict(unit.saved_searches.of(by)):
            unit.saved_searches.forget(by, name)
            unit.events.tell("search.forgotten", f"person:{by}", f"the search “{name}” was forgotten", actor=by)
