"""A profile as a form: its plain values with the help that stands in the model; what has parts of its own is edited as text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, NamedTuple, get_args, get_origin

import yaml
from pydantic.fields import FieldInfo

from edi_gateway.trading.base import Terms
from edi_gateway.trading.profile import TradingPartner
from edi_gateway.web.forms import Form

_PARTS = ("orders", "answers", "duplicates", "repairs", "control_numbers", "cross_references")
_FIXED = ("name",)


class ProfileField(NamedTuple):
    """One field of the form: ``kind`` is text, choice or check."""

    path: str
    label: str
    help: str
    kind: str
    value: str
    options: tuple[str, ...] = ()
    otherwise: str = ""


class Group(NamedTuple):
    title: str
    fields: tuple[ProfileField, ...]


def form_of(partner: TradingPartner) -> list[Group]:
    """The form, filled in with what is in force."""
    groups = [Group("The partner", tuple(_fields(partner, "")))]
    for name in _PARTS:
        groups.append(Group(name.replace("_", " ").capitalize(), tuple(_fields(getattr(partner, name), f"{name}."))))
    return [group for group in groups if group.fields]


def as_given(groups: list[Group], form: Form) -> list[Group]:
    """The form with what somebody filled in; as it is where they wrote text instead."""
    if form.get("how") != "fields":
        return groups
    return [group._replace(fields=tuple(each._replace(value=_given(each, form)) for each in group.fields)) for group in groups]


def with_fields(text: str, partner: TradingPartner, form: Form) -> str:
    """The text of a profile with the values of the form in it; what is as it would be anyway is left out."""
    plain: dict[str, Any] = yaml.load(text, Loader=yaml.BaseLoader)  # only texts, as plainyaml reads them
    for group in form_of(partner):
        for field in group.fields:
            given = _given(field, form)
            if given != field.value:
                _put(plain, field, given)
    return yaml.safe_dump(plain, sort_keys=False, allow_unicode=True, width=120)


def _given(field: ProfileField, form: Form) -> str:
    if field.kind == "check":
        return "true" if form.get(field.path) else "false"
    return form.get(field.path)


def _put(plain: dict[str, Any], field: ProfileField, given: str) -> None:
    *parts, last = field.path.split(".")
    for part in parts:
        plain = plain.setdefault(part, {})
    if given in ("", field.otherwise):
        plain.pop(last, None)
    else:
        plain[last] = given


def _fields(terms: Terms, prefix: str) -> Iterator[ProfileField]:
    written = terms.model_dump(mode="json")
    for name, info in type(terms).model_fields.items():
        kind, options = _kind(info.annotation)
        if kind and name not in _FIXED and not isinstance(written[name], list | dict):
            label = name.replace("_", " ").replace("erp", "ERP")
            label = label[:1].upper() + label[1:]
            yield ProfileField(
                prefix + name, label, info.description or "", kind, _said(written[name]), options, _otherwise(info)
            )


def _kind(annotation: Any) -> tuple[str, tuple[str, ...]]:
    if annotation is bool:
        return "check", ()
    if get_origin(annotation) is Literal:
        return "choice", tuple(map(str, get_args(annotation)))
    held = [each for each in (get_args(annotation) or (annotation,)) if each is not type(None)]
    if any(isinstance(each, type) and issubclass(each, Terms) for each in held):
        return "", ()
    return "text", ()


def _otherwise(info: FieldInfo) -> str:
    return "" if info.is_required() else _said(info.get_default(call_default_factory=False))


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
