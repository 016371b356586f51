"""Compliance packs: what a partner charges us for, rule by rule, as data with its source and date."""

from edi_gateway.trading.compliance.pack import CompliancePack, Rules, RuleTerms

__all__ = ["CompliancePack", "RuleTerms", "Rules"]
