"""The reference of compliance rules, made from the catalog and the models of packs, so that they cannot disagree."""

from __future__ import annotations

from collections.abc import Iterator

from edi_gateway.trading.compliance.catalog import CATALOG, HELD_BY, RuleFacts
from edi_gateway.trading.compliance.pack import AlwaysTerms, CompliancePack, Rules, RuleTerms, WatchedTerms
from edi_gateway.trading.compliance.reading import base_pack
from edi_gateway.trading.reference import words_table

_HEAD = """\
# Compliance rules

<!-- Written by tools/document_compliance from edi_gateway/trading/compliance/; change that and run it again. -->

What partners charge suppliers for, as rules with numbers that stay. What breaking one leads to, its parameters and what it costs
stand in the pack of a partner, `partners/NAME/compliance.yaml`; what that does not say is as in the base pack. How packs are
written is told in [Compliance packs](../how-to/compliance.md).

`pre` rules are looked at before a document leaves, `watch` rules are on the clock, `post` rules are audits over what happened and
have no words in a pack.
"""


def compliance_reference() -> str:
    """The page ``docs/reference/compliance.md``."""
    return "\n".join(_parts()).rstrip() + "\n"


def _parts() -> Iterator[str]:
    yield _HEAD
    yield "## The pack\n"
    yield words_table(CompliancePack)
    yield "## Every rule\n"
    yield words_table(RuleTerms)
    yield "## Rules\n"
    for rule, facts in CATALOG.items():
        yield from _rule(rule, facts)


def _rule(rule: str, facts: RuleFacts) -> Iterator[str]:
    yield f"### {rule}\n"
    yield f"{facts.asks}\n"
    yield f"`{facts.kind}`, of {', '.join(facts.about)}; {facts.runs}. {_usual(rule)}".rstrip() + "\n"
    if facts.do:
        yield f"Where it is broken: {facts.do}.\n"
    if rule in Rules.model_fields and (own := _own(rule)):
        yield words_table(own, without=RuleTerms.model_fields.keys())


def _usual(rule: str) -> str:
    """What the base pack does with it, where there is a choice, and what holds it where no document is looked at."""
    said = [f"In the base pack: `{base_pack().terms(rule).does}`."] if _has_choice(rule) else []
    return " ".join(said + ([f"Held by {HELD_BY[rule]}."] if rule in HELD_BY else []))


def _has_choice(rule: str) -> bool:
    return rule in Rules.model_fields and not isinstance(base_pack().terms(rule), AlwaysTerms | WatchedTerms)


def _own(rule: str) -> type[RuleTerms] | None:
    """The model of a rule that has words of its own."""
    model = type(base_pack().terms(rule))
    return model if model.model_fields.keys() - RuleTerms.model_fields.keys() else None
