"""Validation: a set held against its definition, every fault named by kind, place and X12 code."""

from edi_gateway.x12.validation.checker import Checker, Narrowing, checker
from edi_gateway.x12.validation.kinds import KINDS, Kind
from edi_gateway.x12.validation.policy import Policy, restate

__all__ = ["KINDS", "Checker", "Kind", "Narrowing", "Policy", "checker", "restate"]
