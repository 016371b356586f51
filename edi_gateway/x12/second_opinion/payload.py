"""The second opinion on every set of a payload, beside our own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from edi_gateway.x12.acknowledgment import Verdict
from edi_gateway.x12.envelope import TransactionSet
from edi_gateway.x12.examination import examine
from edi_gateway.x12.reader import Reader
from edi_gateway.x12.second_opinion.agreement import Agreement, compare
from edi_gateway.x12.second_opinion.asking import second_opinion
from edi_gateway.x12.second_opinion.opinion import Opinion
from edi_gateway.x12.validation import Policy


class SecondOpinion(msgspec.Struct, frozen=True):
    """One set: our verdict on it, pyx12's opinion, and how the two agree."""

    code: str
    control_number: str
    verdict: Verdict
    opinion: Opinion
    agreement: Agreement


def second_opinions(source: bytes | BinaryIO, policy: Policy | None = None) -> Iterator[SecondOpinion]:
    """Both opinions on each set, in order. A set without a definition has no second opinion either."""
    terms = policy or Policy()
    return (_both(event, terms) for event in Reader(source) if isinstance(event, TransactionSet))


def _both(transaction_set: TransactionSet, policy: Policy) -> SecondOpinion:
    ours = examine(transaction_set, policy)
    if ours.nearest is None:
        opinion = Opinion(None, why=f"there is no definition of set {transaction_set.code}")
    else:
        opinion = second_opinion(transaction_set, ours.nearest.definition, characters=policy.characters)
    agreement = compare(ours.findings, opinion)
    return SecondOpinion(transaction_set.code, transaction_set.control_number, ours.verdict, opinion, agreement)
