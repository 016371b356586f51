"""Acknowledgments: 997, 999 and TA1, written from findings and read back as verdicts.

What is answered is what was found: the same findings give the same answer, whoever asks and whenever.
"""

from edi_gateway.x12.acknowledgment.form import Form
from edi_gateway.x12.acknowledgment.functional import (
    Acknowledged,
    AnswerSetBySet,
    SetResult,
    functional_acknowledgment,
    functional_acknowledgment_is_owed,
    reported_of_group,
)
from edi_gateway.x12.acknowledgment.interchange import (
    InterchangeVerdict,
    interchange_acknowledgment,
    interchange_acknowledgment_is_owed,
    read_ta1,
)
from edi_gateway.x12.acknowledgment.reading import read_acknowledgment
from edi_gateway.x12.acknowledgment.verdict import FunctionalAcknowledgment, SetVerdict, Verdict

__all__ = [
    "Acknowledged",
    "AnswerSetBySet",
    "Form",
    "FunctionalAcknowledgment",
    "InterchangeVerdict",
    "SetResult",
    "SetVerdict",
    "Verdict",
    "functional_acknowledgment",
    "functional_acknowledgment_is_owed",
    "interchange_acknowledgment",
    "interchange_acknowledgment_is_owed",
    "read_acknowledgment",
    "read_ta1",
    "reported_of_group",
]
