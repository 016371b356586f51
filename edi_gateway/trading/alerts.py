"""Alerts as data, the model of ``partners/alerts.yaml``: what is told to whom, over which channel, and who is next.

A rule names kinds of events. What it makes of them is an alert: everything of one cause together, told step by step until
somebody acknowledges it or its cause is gone.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Annotated, Literal, TypeAlias
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, field_validator

from edi_gateway.trading.alertable import ALERTABLE
from edi_gateway.trading.base import Terms
from edi_gateway.trading.calendar import BusinessCalendar, LocalTime
from edi_gateway.trading.looked_at import known_zone
from edi_gateway.trading.scalars import Duration
from edi_gateway.trading.secrets import SecretAt
from edi_gateway.wording import did_you_mean

Level: TypeAlias = Literal["notice", "warning", "urgent"]
Name: TypeAlias = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=80)]
Address: TypeAlias = Annotated[str, Field(pattern=r"^[!-+\--:=?A-~]+@[A-Za-z0-9.-]+$", max_length=254)]


class _Named(Terms):
    name: Name = Field(description="What it is called by.")


class Mail(Terms):
    """The mail server that e-mail leaves by."""

    server: str = Field(description="Its name or address.")
    port: int = Field(587, ge=1, le=65535, description="TCP port: 587 with starttls, 465 with tls.")
    security: Literal["starttls", "tls", "none"] = Field(
        "starttls",
        description="starttls: encrypted before we log in, or not at all; tls: from the first byte; none: a server of your own.",
    )
    user: str = Field("", description="Our login; none: we do not log in.")
    password: SecretAt | None = Field(None, description="Where its password is.")
    sender: Address = Field(description="Whom mail is from: edi-gateway@example.com.")
    timeout: Duration = Field(timedelta(seconds=30), description="How long we wait for each of its answers.")


class _Channel(_Named):
    """What all channels have: the hours in which they ring."""

    hours: BusinessCalendar | None = Field(
        None, description="When it may ring; outside these hours only urgent alerts go, others wait. None given: always."
    )
    time_zone: Annotated[str, AfterValidator(known_zone)] = Field("UTC", description="Whose clock these hours are told by.")

    def rings(self, now: datetime, level: Level) -> datetime:
        """When something may go over it: now, or once its quiet hours are over."""
        if self.hours is None or level == "urgent":
            return now
        return self.hours.deadline(now, timedelta(), ZoneInfo(self.time_zone))


class EmailChannel(_Channel):
    """People who get e-mail."""

    kind: Literal["email"] = Field(description="email")
    to: tuple[Address, ...] = Field(min_length=1, description="Their addresses.")


class WebhookChannel(_Channel):
    """A program that is sent JSON by POST."""

    kind: Literal["webhook"] = Field(description="webhook")
    url: str = Field(pattern=r"^https?://\S+$", description="Where it is posted.")
    headers: dict[str, SecretAt] = Field(default_factory=dict, description="Header → where its value is: X-Token: env:TOKEN.")


class SlackChannel(_Channel):
    """A chat room that takes Slack's incoming webhooks; Mattermost, Rocket.Chat and others take the same."""

    kind: Literal["slack"] = Field(description="slack")
    url: SecretAt = Field(description="Where its address is; whoever has that address may write there.")


Channel = Annotated[EmailChannel | WebhookChannel | SlackChannel, Field(discriminator="kind")]


class Step(Terms):
    """Whom an alert is told, one after the other."""

    tell: tuple[Name, ...] = Field(min_length=1, description="Channels.")
    after: Duration = Field(
        timedelta(),
        description="How long after the step before, if nobody has acknowledged it; of the first: how long it must last.",
    )


class Escalation(_Named):
    """Who is told first, and who is next when nobody acknowledges it."""

    steps: tuple[Step, ...] = Field((), description="One after the other.")
    again: Duration | None = Field(None, description="How often the last step is told again; none given: not again.")


class AlertRule(_Named):
    """Which events make an alert, what belongs together, and who is told."""

    when: tuple[str, ...] = Field(min_length=1, description="Kinds of events, as `alert rules` lists them.")
    saying: tuple[str, ...] = Field((), description="Only events whose text has one of these words in it, in any case.")
    partners: tuple[str, ...] = Field((), description="Only about these partners; none given: about all, and what has none.")
    level: Level = Field("warning", description="How grave it is; urgent goes in quiet hours too.")
    one_per: Literal["cause", "partner", "subject", "rule"] = Field(
        "cause",
        description="What makes one alert of many events: the same partner and the same text but for numbers; the same partner; "
        "nothing but the very same thing; or everything of this rule together.",
    )
    escalation: str = Field("usual", description="Who is told.")

    @field_validator("when")
    @classmethod
    def _known_kinds(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for kind in value:
            if kind not in ALERTABLE:
                raise ValueError(f"'{kind}' is nothing an alert can be about; {did_you_mean(kind, ALERTABLE)}")
        return value

    def matches(self, kind: str, partner: str | None, text: str) -> bool:
        """Whether an event is one of its."""
        said = text.lower()
        return (
            kind in self.when
            and (not self.partners or partner in self.partners)
            and (not self.saying or any(word.lower() in said for word in self.saying))
        )


class Summary(Terms):
    """When the daily summary is made; a rule about `summary.daily` has it told."""

    at: LocalTime = Field(time(6), description="The time of day.")
    time_zone: Annotated[str, AfterValidator(known_zone)] = Field("UTC", description="Whose clock that is told by.")


class Alerts(Terms):
    """Rules, whom they tell, and how. Without this file alerts are kept and shown, and nobody is told."""

    mail: Mail | None = Field(None, description="The mail server; needed for channels of kind email.")
    channels: tuple[Channel, ...] = Field((), description="Ways to reach people and programs.")
    escalations: tuple[Escalation, ...] = Field((), description="Who is told; the one called `usual` where a rule names none.")
    rules: tuple[AlertRule, ...] = Field(
        (), description="Rules of yours, tried before those built in; one of the same name takes the place of that one."
    )
    off: tuple[str, ...] = Field((), description="Rules built in that you do not want.")
    summary: Summary = Field(Summary(), description="The daily summary.")

    def channel(self, name: str) -> EmailChannel | WebhookChannel | SlackChannel | None:
        """The channel of that name."""
        return next((each for each in self.channels if each.name == name), None)

    def escalation(self, name: str) -> Escalation:
        """The escalation of that name; one that tells nobody where there is none."""
        return next((each for each in self.escalations if each.name == name), Escalation(name="nobody"))
