"""partners/alerts.yaml: what is wrong in it is told with its line, and what it says comes back as it was."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from edi_gateway.trading.alert_rules import BUILT_IN, key_of, rule_for, rules_of
from edi_gateway.trading.alertable import ALERTABLE, HAPPENING, LASTING, NEWS
from edi_gateway.trading.alerts import AlertRule, Alerts, EmailChannel
from edi_gateway.trading.export import files

ROOT = Path(__file__).parents[2]
GOOD = """\
mail: {server: smtp.example.com, user: gateway, password: "vault:mail", sender: gateway@example.com}
channels:
  - {name: desk, kind: email, to: [edi@example.com]}
  - {name: chat, kind: slack, url: "env:CHAT"}
escalations:
  - name: usual
    steps:
      - tell: [desk]
      - {tell: [chat], after: 2h}
rules:
  - {name: credit, when: [flow.held], saying: [credit], partners: [acme], level: urgent}
off: [compliance]
"""


def mistakes(world, *changes: tuple[str, str]) -> str:
    text = GOOD
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    world.write("alerts.yaml", text)
    return "\n".join(world.mistakes())


def test_without_the_file_rules_are_those_built_in_and_nobody_is_told(world):
    alerts = world.load().alerts
    assert rules_of(alerts) == BUILT_IN
    assert alerts.escalation("usual").steps == ()


def test_rules_of_the_file_are_tried_first_and_those_not_wanted_are_gone(world):
    world.write("alerts.yaml", GOOD)
    names = [rule.name for rule in rules_of(world.load().alerts)]
    assert names[0] == "credit"
    assert "compliance" not in names
    assert "dead-flow" in names


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("tell: [desk]", "tell: [dsk]", "alerts.yaml:8: there is no channel 'dsk' — did you mean 'desk'?"),
        (
            "[flow.held]",
            "[flow.hold]",
            "alerts.yaml:11: when: 'flow.hold' is nothing an alert can be about; did you mean 'flow.held'?",
        ),
        ("[acme]", "[acne]", "alerts.yaml:11: there is no partner 'acne' — did you mean 'acme'?"),
        ("level: urgent", "level: urgnt", "alerts.yaml:11: level: 'urgnt' is not known — did you mean 'urgent'?"),
        ("[compliance]", "[complience]", "alerts.yaml:12: there is no built-in rule 'complience' — did you mean 'compliance'?"),
        ("level: urgent", "escalation: boss", "alerts.yaml:11: there is no escalation 'boss'"),
        ("name: chat, kind", "name: desk, kind", "alerts.yaml:4: 'desk' stands here more than once"),
        ("after: 2h", "after: soon", "alerts.yaml:9: after: 'soon' is no duration; write 90m, 24h, 2d or 7y"),
        ('"env:CHAT"', "https://hooks.example/T0", "alerts.yaml:4: url: a secret is only named here, never written"),
        ("edi@example.com", "edi at example.com", "alerts.yaml:3: to: 'edi at example.com' will not do"),
        (', password: "vault:mail"', "", "alerts.yaml:1: a login needs a password"),
        ("user: gateway", "security: none, user: gateway", "alerts.yaml:1: the password would be sent in the clear"),
        ("kind: slack", "kind: pager", "alerts.yaml:4"),
        ('url: "env:CHAT"', 'url: "env:CHAT", urll: x', "alerts.yaml:4: 'urll' is not known here — did you mean 'url'?"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_what_was_meant(world, old: str, new: str, said: str):
    assert said in mistakes(world, (old, new))


def test_e_mail_without_a_mail_server_is_a_mistake(world):
    found = mistakes(world, (GOOD.splitlines()[0] + "\n", ""))
    assert "alerts.yaml:2: there is no mail server to send it by" in found


def test_what_is_exported_reads_back_the_same(world):
    world.write("alerts.yaml", GOOD)
    directory = world.load()
    (file,) = [file for file in files(directory) if file.path == "alerts.yaml"]
    world.write("alerts.yaml", file.text)
    assert world.load().alerts == directory.alerts


# -- which rule, and what belongs together -------------------------------------------------------


def a_rule(**words: object) -> AlertRule:
    return AlertRule.model_validate({"name": "a", "when": ["flow.held"], **words})


def test_the_first_rule_that_matches_has_an_event():
    rules = (a_rule(saying=["credit"]), a_rule(name="b", partners=["acme"]), a_rule(name="c"))
    assert [rule_for(rules, "flow.held", *about).name for about in (("acme", "Credit limit"), ("acme", "x"), (None, "x"))] == [  # type: ignore[union-attr]
        "a",
        "b",
        "c",
    ]
    assert rule_for(rules, "flow.dead", "acme", "credit") is None


@pytest.mark.parametrize(
    ("said", "by"),
    [
        ("bad credit", "bad-credit"),
        ("PO-1: credit limit: 1,200.00 over", "bad-credit"),
        ("discount 5% is above what is agreed", "discount-out-of-range"),
        ("northwind answered 855 PO-1: rejected: segment 2", "rejected-by-partner"),
        ("line 1: price 99.99", "held"),
    ],
)
def test_what_is_held_falls_under_the_rule_of_its_reason(said: str, by: str):
    rule = rule_for(BUILT_IN, "flow.held", "acme", said)
    assert rule is not None
    assert rule.name == by


def test_an_approval_that_an_order_is_held_for_is_told_once_by_its_hold():
    assert rule_for(BUILT_IN, "approval.asked", "acme", "approval 3, of ann: PO-1: credit limit is over") is None
    assert (
        rule_for(BUILT_IN, "approval.asked", "acme", "retransmit of 856 S-1 waits for a second person (approval 3)") is not None
    )


def test_one_cause_is_the_same_text_but_for_numbers_and_advice():
    texts = ["PO-17: no route to 10.0.0.1 — ask Ann", "PO-18: no route to 10.0.0.2 — ask Bob"]
    keys = {key_of(a_rule(), "acme", f"transaction:{n}", text) for n, text in enumerate(texts)}
    assert keys == {"acme|# no route to #"}


@pytest.mark.parametrize(("one_per", "key"), [("rule", ""), ("partner", "acme"), ("subject", "transaction:1")])
def test_what_belongs_together_is_the_rules_to_say(one_per: str, key: str):
    assert key_of(a_rule(one_per=one_per), "acme", "transaction:1", "text 1") == key


def test_a_channel_rings_when_its_hours_begin_and_at_once_when_it_is_urgent():
    hours = {"opens": "08:00", "closes": "17:00", "holidays": ["2026-11-26"]}
    channel = EmailChannel.model_validate(
        {"name": "desk", "kind": "email", "to": ["a@b.example"], "hours": hours, "time_zone": "America/Chicago"}
    )
    eve = datetime(2026, 11, 25, 23, 30, tzinfo=UTC)  # half past five there, the evening before Thanksgiving
    assert channel.rings(eve, "warning") == datetime(2026, 11, 27, 14, tzinfo=UTC)
    assert channel.rings(eve, "urgent") == eve


# -- what alerts can be about --------------------------------------------------------------------


def test_every_kind_that_rules_may_name_is_told_somewhere():
    source = "\n".join(path.read_text() for path in (ROOT / "edi_gateway").rglob("*.py") if path.name != "alertable.py")
    untold = [kind for kind in ALERTABLE if not re.search(rf'["\']{re.escape(kind)}["\']', source.replace(_built_in(), ""))]
    assert untold == []


def _built_in() -> str:
    return (ROOT / "edi_gateway" / "trading" / "alert_rules.py").read_text()


def test_every_kind_is_under_some_rule_or_left_to_the_file_on_purpose():
    ruled = {kind for rule in BUILT_IN for kind in rule.when}
    of_numbers = {"interchange.late", "interchange.out_of_order", "interchange.new_count", "group.number_reused"}
    assert ALERTABLE.keys() - ruled == of_numbers | NEWS.keys() | {
        "flow.rejected",
        "set.retransmitted",
        "order.refused",
        "store.restored",
    }


def test_what_lasts_and_what_happens_are_told_apart_as_the_store_does():
    assert len(ALERTABLE) == len(LASTING) + len(HAPPENING) + len(NEWS)
    source = (ROOT / "edi_gateway" / "store" / "lasting.py").read_text()
    assert set(re.findall(r'"([a-z]+\.[a-z_]+)":', source)) == LASTING.keys()


def test_the_example_of_the_guide_is_right(world):
    page = (ROOT / "docs" / "how-to" / "alerts.md").read_text()
    (example,) = re.findall(r"```yaml\n(# partners/alerts\.yaml\n.*?)```", page, re.S)
    world.write("alerts.yaml", example.replace("northwind", "acme"))
    assert isinstance(world.load().alerts, Alerts)
    assert world.load().alerts.channels
