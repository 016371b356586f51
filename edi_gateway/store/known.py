"""What a filter may name: partners there are or were, and words of states; what can match nothing is a mistake, no empty list."""

from __future__ import annotations

from collections.abc import Iterable
from typing import get_args

import sqlalchemy as sa

from edi_gateway.errors import WrongInput
from edi_gateway.order_to_cash.thread import State
from edi_gateway.store.connection import Connection
from edi_gateway.store.flow_states import STATES
from edi_gateway.store.selection import Selection
from edi_gateway.store.tables import profile_version
from edi_gateway.wording import did_you_mean
from edi_gateway.x12.acknowledgment import Verdict

VALIDATIONS = ("valid", "warnings", "invalid")
DELIVERIES = ("pending", "received", "sent", "unconfirmed", "confirmed", "fetched", "delivered")
ACKNOWLEDGMENTS = ("none", "awaited", "overdue", "owed", "not owed", *map(str, Verdict))
OF_ORDERS = get_args(State)
OF_INVOICES = ("draft", "withheld", "held", "not sent", *DELIVERIES)

_PARTNERS = sa.select(profile_version.c.name).where(profile_version.c.kind == sa.literal_column("'partner'")).distinct()
_NAMED = _PARTNERS.where(profile_version.c.name == sa.bindparam("name"))


def check_partner(connection: Connection | sa.Connection, name: str) -> None:
    """Raises WrongInput, with the nearest name, for a partner that was never in force here; nothing where none ever was."""
    if not name or connection.execute(_NAMED, {"name": name}).first() is not None:
        return
    known = set(connection.execute(_PARTNERS).scalars())
    if known:
        raise WrongInput(f"there is no partner '{name}'", do=did_you_mean(name, sorted(known)))


def check_word(what: str, word: str, words: Iterable[str]) -> None:
    """Raises WrongInput, with the nearest word, for a word that is none of ``words``; an empty one asks for nothing."""
    if word and word not in (known := list(words)):
        raise WrongInput(f"'{word}' is no {what}", do=did_you_mean(word, known))


def check_selection(connection: Connection | sa.Connection, meant: Selection) -> None:
    """Raises WrongInput for a selection that names a partner or a state there is not."""
    check_partner(connection, meant.partner)
    check_word("state", meant.state, (*STATES, *VALIDATIONS, *DELIVERIES, *ACKNOWLEDGMENTS))
    check_word("validation", meant.validation, VALIDATIONS)
    check_word("delivery", meant.delivery, DELIVERIES)
    check_word("acknowledgment", meant.acknowledgment, ACKNOWLEDGMENTS)
