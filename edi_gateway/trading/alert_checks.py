"""What must agree inside ``alerts.yaml``, and between it and the partners; each mistake with its line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator

from edi_gateway.errors import WrongInput
from edi_gateway.trading.alert_rules import BUILT_IN
from edi_gateway.trading.alerts import Alerts
from edi_gateway.trading.files import Source
from edi_gateway.wording import did_you_mean


def check_alerts(source: Source[Alerts], partners: Collection[str]) -> Iterator[WrongInput]:
    """Names that nothing has, names that two have, and e-mail without a mail server."""
    alerts = source.value
    yield from _twice(source)
    yield from _steps(source)
    for place, rule in enumerate(alerts.rules):
        known = {each.name for each in alerts.escalations} | {"usual"}
        yield from _unknown(source, ("rules", place, "escalation"), "escalation", (rule.escalation,), known)
        yield from _unknown(source, ("rules", place, "partners"), "partner", rule.partners, partners)
    yield from _unknown(source, ("off",), "built-in rule", alerts.off, {each.name for each in BUILT_IN})
    for place, channel in enumerate(alerts.channels):
        if channel.kind == "email" and alerts.mail is None:
            yield WrongInput("there is no mail server to send it by", where=source.at("channels", place), do="add mail:")
    if alerts.mail is not None and alerts.mail.user and alerts.mail.password is None:
        yield WrongInput("a login needs a password", where=source.at("mail", "user"), do="name it: password: vault:mail")
    if alerts.mail is not None and alerts.mail.user and alerts.mail.security == "none":
        what = "the password would be sent in the clear"
        yield WrongInput(what, where=source.at("mail", "security"), do="starttls or tls")


def _twice(source: Source[Alerts]) -> Iterator[WrongInput]:
    lists = {"channels": source.value.channels, "escalations": source.value.escalations, "rules": source.value.rules}
    for word, things in lists.items():
        names = Counter(each.name for each in things)
        for place, each in enumerate(things):
            if names[each.name] > 1:
                yield WrongInput(f"'{each.name}' stands here more than once", where=source.at(word, place, "name"))


def _steps(source: Source[Alerts]) -> Iterator[WrongInput]:
    known = {each.name for each in source.value.channels}
    for place, escalation in enumerate(source.value.escalations):
        for number, step in enumerate(escalation.steps):
            yield from _unknown(source, ("escalations", place, "steps", number, "tell"), "channel", step.tell, known)


def _unknown(
    source: Source[Alerts], at: tuple[str | int, ...], what: str, names: Collection[str], known: Collection[str]
) -> Iterator[WrongInput]:
    for name in names:
        if name not in known:
            yield WrongInput(f"there is no {what} '{name}'", where=source.at(*at), do=did_you_mean(name, known))
