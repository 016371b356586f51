"""A second opinion on a set, by pyx12: an implementation of X12 that shares no code with ours.

    second_opinion(transaction_set, definition)   what pyx12 says, by maps written from our definition
    compare(findings, opinion)                    what is the same, what differs and why, and what nothing explains
    second_opinions(source, policy)               both on every set of a payload
    RULES                                         the known differences, each with its reason

pyx12 is imported when it is first asked, not before.
"""

from edi_gateway.x12.second_opinion.agreement import Agreement, Difference, compare
from edi_gateway.x12.second_opinion.asking import second_opinion
from edi_gateway.x12.second_opinion.explanations import RULES
from edi_gateway.x12.second_opinion.opinion import Opinion, Remark
from edi_gateway.x12.second_opinion.payload import SecondOpinion, second_opinions
from edi_gateway.x12.second_opinion.rule import Rule

__all__ = [
    "RULES",
    "Agreement",
    "Difference",
    "Opinion",
    "Remark",
    "Rule",
    "SecondOpinion",
    "compare",
    "second_opinion",
    "second_opinions",
]
