"""Certificates: one is added, with its key into the vault; one is retired; and whoever has to act is told before one ends."""

from __future__ import annotations

from datetime import datetime

import msgspec

from edi_gateway.errors import WrongInput
from edi_gateway.store.database import Database
from edi_gateway.store.unit import Unit
from edi_gateway.store.vault import Vault
from edi_gateway.trading.certificate_files import Bundle, exported, read_bundle, spoken
from edi_gateway.trading.certificates import Certificate, Role, due_warning, in_use, key_name


def add_certificate(
    store: Database, vault: Vault, owner: str, bundle: Bundle, by: str, *, role: Role = "any", use_from: datetime | None = None
) -> Certificate:
    """Keeps a certificate, its private key in the vault; from ``use_from`` on it is the one we use. Both or neither.

    Raises WrongInput for one that has ended, and where its key cannot be sealed.
    """
    now = store.clock.now()
    if bundle.certificate.not_valid_after_utc <= now:
        ended = f"{bundle.certificate.not_valid_after_utc:%Y-%m-%d}"
        raise WrongInput(f"the certificate expired on {ended}", do="ask for the one that followed it")
    new = bundle.as_new(owner, role)
    with store.write() as unit:
        if bundle.key is not None:
            vault.put_in(unit, key_name(new.fingerprint), bundle.key_pem(), by)
        id = unit.certificates.add(msgspec.structs.replace(new, use_from=use_from), by)
        text = f"certificate {new.subject} of {owner} was added, SHA-256 {spoken(new.fingerprint)}"
        unit.events.tell("certificate.added", f"certificate:{id}", text, actor=by)
        return _known(unit, id)


def retire_certificate(store: Database, id: int, by: str) -> Certificate:
    """Takes a certificate out of use; it and its key are kept. Raises WrongInput where there is none."""
    with store.write() as unit:
        known = _known(unit, id)
        unit.certificates.change(id, retired_at=unit.clock.now())
        text = f"certificate {known.subject} of {known.owner} was taken out of use"
        unit.events.tell("certificate.retired", f"certificate:{id}", text, actor=by)
        return known


def bundle_of(store: Database, vault: Vault, id: int, *, with_key: bool = False) -> Bundle:
    """A kept certificate as a bundle, its key with it only where that is asked for. Raises WrongInput."""
    with store.read() as unit:
        known = _known(unit, id)
    public = read_bundle(known.der)
    chain = read_bundle(known.chain) if known.chain else None
    bundle = public._replace(chain=(chain.certificate, *chain.chain) if chain else ())
    if not with_key:
        return bundle
    pem = vault.get(known.key_name) if known.has_key else None
    if pem is None:
        raise WrongInput(f"there is no private key of certificate {id}")
    return bundle._replace(key=read_bundle(pem + exported(public, "pem")).key)


def watch_certificates(store: Database) -> int:
    """Tells once at 60, 30, 14, 7 and 1 days before a certificate ends, and when it has; returns how many were told.

    One that is replaced already, because another of the same owner and role is used or will be, is not told about.
    """
    now = store.clock.now()
    with store.read() as unit:
        due = [(each, days) for each in unit.certificates.all() if (days := due_warning(each, now)) is not None]
    if not due:
        return 0
    told = 0
    with store.write() as unit:
        for each, days in due:
            unit.certificates.change(each.id, told_days=days)
            if not _is_replaced(each, unit.certificates.of(each.owner), now):
                unit.events.tell("certificate.expiring", f"certificate:{each.id}", _warning(each, now))
                told += 1
    return told


def _is_replaced(one: Certificate, all_: list[Certificate], now: datetime) -> bool:
    """Whether everything it serves for is served by another one that lasts longer."""
    roles: tuple[Role, ...] = ("signing", "encryption") if one.role == "any" else (one.role,)
    later = [each for each in all_ if each.valid_until > one.valid_until and (each.has_key or not one.has_key)]
    return all(in_use(later, role, max(now, *(each.use_from for each in later))) for role in roles) if later else False


def _warning(certificate: Certificate, now: datetime) -> str:
    left = certificate.days_left(now)
    when = f"ends in {left} days" if left > 1 else ("ends within a day" if now < certificate.valid_until else "has expired")
    whose = (
        "make the next one and give it to the partners" if certificate.owner.startswith("ourselves") else "ask for the next one"
    )
    return f"certificate {certificate.subject} of {certificate.owner} {when} ({certificate.valid_until:%Y-%m-%d}) — {whose}"


def _known(unit: Unit, id: int) -> Certificate:
    known = unit.certificates.get(id)
    if known is None:
        raise WrongInput(f"there is no certificate {id}", do="certificate list shows them")
    return known
