"""Reads packs: the base pack that comes with the gateway, and a partner's over it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from edi_gateway.trading.compliance.pack import CompliancePack, Rules, RuleTerms
from edi_gateway.trading.files import Source, read

BASE = Path(__file__).with_name("base.yaml")


@cache
def base_pack() -> CompliancePack:
    """What holds where a partner has no pack of its own, or its pack says nothing of a rule; each rule with its source."""
    pack = read(BASE, CompliancePack).value
    return pack.model_copy(update={"rules": pack.rules.model_copy(update={id: _sourced(pack, id) for id in Rules.model_fields})})


def read_pack(path: Path) -> Source[CompliancePack]:
    """A partner's pack with the base pack under it. Raises Collected with every mistake, each with its line."""
    own = read(path, CompliancePack)
    base, named = base_pack(), own.value.rules.model_fields_set
    rules = {id: _merged(base.terms(id), own.value.terms(id)) for id in Rules.model_fields if id in named}
    return Source(own.value.model_copy(update={"rules": base.rules.model_copy(update=rules)}), own.plain)


def as_written(pack: CompliancePack) -> dict[str, Any]:
    """A pack as its file says it, in plain values; what is as in the base pack is left out. Read back, it is the same pack."""
    plain = pack.model_dump(mode="json")
    usual = base_pack().model_dump(mode="json")["rules"]
    own = {id: words for id, words in plain["rules"].items() if words != usual[id]}
    rules = {
        id: {word: value for word, value in words.items() if value and value != usual[id][word]} or {"does": words["does"]}
        for id, words in own.items()
    }
    return {**plain, "rules": rules}


def _sourced(pack: CompliancePack, rule: str) -> RuleTerms:
    terms = pack.terms(rule)
    return terms.model_copy(update={"source": terms.source or pack.source, "dated": terms.dated or pack.dated})


def _merged(base: RuleTerms, own: RuleTerms) -> RuleTerms:
    """Word by word: what the partner says of a rule, what the base pack says of the rest of it; the source is the partner's."""
    return base.model_copy(update={"source": "", "dated": None} | {word: getattr(own, word) for word in own.model_fields_set})
