"""A preset becomes a partner: under its name or another, with its connection, and nothing is overwritten."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from desk import ROOT

from edi_gateway.errors import WrongInput
from edi_gateway.trading.loader import load
from edi_gateway.trading.presets import copy_preset, presets

PRESETS = ROOT / "presets"
AS_THEY_COME = load(PRESETS)
ACME = {"title": "Acme Stores", "interchange": "[ZZ:ACMESTORES]", "group": "[ACMESTORES]"}


@pytest.fixture
def partners(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "partners", tmp_path / "partners"))


def test_each_preset_says_what_it_shows() -> None:
    found = {each.name: each for each in presets(PRESETS)}
    assert list(found) == ["bellhaven", "bulwark", "corliss", "greenlea", "hearthline"]
    assert found["bellhaven"].says.startswith("a mass merchant. 005010, places by GLN")
    assert all(each.title and each.says and each.connection for each in found.values())


@pytest.mark.parametrize("preset", [each.name for each in AS_THEY_COME.partners])
def test_a_copied_preset_is_a_partner_like_any_other(partners: Path, preset: str) -> None:
    copy_preset(PRESETS, preset, partners)
    directory = load(partners)
    assert directory.partner(preset) == AS_THEY_COME.partner(preset)
    assert preset in directory.connection(directory.partner(preset).connection).senders


def test_a_preset_takes_another_name_and_its_words(partners: Path) -> None:
    written = copy_preset(PRESETS, "bellhaven", partners, name="acme", words=ACME)
    directory = load(partners)
    acme = directory.partner("acme")
    assert (acme.title, str(acme.interchange[0]), acme.group) == ("Acme Stores", "ZZ:ACMESTORES", ("ACMESTORES",))
    assert directory.connection("acme-mailbox").senders == ("acme",)
    assert acme.agreements == AS_THEY_COME.partner("bellhaven").agreements
    assert written[0] == partners / "connections" / "acme-mailbox.yaml"
    profile = (partners / "acme" / "partner.yaml").read_text()
    assert "# within 24 hours (810 guide v2.3, and back)" in profile  # what is said of the facts comes along
    assert "a UCC communications id" not in profile  # what was said of an id that is another now does not


def test_two_presets_behind_one_van_share_its_connection(partners: Path) -> None:
    copy_preset(PRESETS, "corliss", partners)
    copy_preset(PRESETS, "bulwark", partners)
    directory = load(partners)
    assert directory.connection("larkspur-van").senders == ("corliss", "bulwark")


def test_a_preset_may_come_by_a_connection_that_is_there(partners: Path) -> None:
    copy_preset(PRESETS, "hearthline", partners, words={"connection": "northwind-mailbox"})
    directory = load(partners)
    assert directory.partner("hearthline").connection == "northwind-mailbox"
    assert directory.connection("northwind-mailbox").senders == ("northwind", "hearthline")
    assert not (partners / "connections" / "larkspur-van.yaml").exists()


def test_a_partner_that_is_there_is_never_overwritten(partners: Path) -> None:
    with pytest.raises(WrongInput, match="there is a partner 'northwind' already"):
        copy_preset(PRESETS, "corliss", partners, name="northwind")
    assert not (partners / "connections" / "larkspur-van.yaml").exists()


def test_a_connection_that_is_there_is_never_overwritten(partners: Path) -> None:
    copy_preset(PRESETS, "greenlea", partners)
    shutil.rmtree(partners / "greenlea")
    with pytest.raises(WrongInput, match="there is a connection 'greenlea-sftp' already"):
        copy_preset(PRESETS, "greenlea", partners)


def test_an_unknown_preset_is_told_with_the_nearest(partners: Path) -> None:
    with pytest.raises(WrongInput, match="there is no preset 'corlis' — did you mean 'corliss'"):
        copy_preset(PRESETS, "corlis", partners)


def test_a_name_that_would_lead_elsewhere_is_refused(partners: Path) -> None:
    with pytest.raises(WrongInput, match=r"'\.\./acme' cannot be a partner's name"):
        copy_preset(PRESETS, "corliss", partners, name="../acme")
