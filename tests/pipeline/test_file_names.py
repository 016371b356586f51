"""What our files are called is agreed with the connection; no two have one name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from desk import Desk, Profiles
from partner_says import northwind, order
from pydantic import ValidationError

from edi_gateway.pipeline.outbound.again import send_again
from edi_gateway.trading.profile import FolderConnection
from edi_gateway.trading.sent_as_files import NAME_PARTS, marked, name_of_file


def name(profiles: Profiles, template: str) -> None:
    path: Path = profiles.folder / "connections" / "northwind-mailbox.yaml"
    path.write_text(path.read_text() + f"file_name: '{template}'\n")


def names(desk: Desk) -> list[str]:
    return sorted(path.name for path in (desk.folder / "mailboxes" / "northwind" / "outbox").glob("*.x12"))


def test_files_are_called_as_the_connection_says(profiles: Profiles, make_desk: Callable[..., Desk]):
    name(profiles, "OUT.{receiver}.{set}.{date}.{number}.x12")
    desk = make_desk()
    desk.drop(northwind(1, order("PO-1")))

    number = desk.interchanges("out")[0].control_number
    assert names(desk) == [f"OUT.08-7005551200.997.20261117.{number}.x12"]


def test_a_number_that_comes_round_again_gives_another_name(profiles: Profiles, make_desk: Callable[..., Desk]):
    name(profiles, "{number}.x12")
    profiles.add("northwind", "control_numbers: {start: 1, most: 2}")
    desk = make_desk()
    for number in (1, 2, 3):
        desk.drop(northwind(number, order(f"PO-{number}")))

    assert names(desk) == ["000000001.x12", "000000001_2.x12", "000000002.x12"]


@pytest.mark.parametrize(
    ("name", "copy"), [("810_7.x12", "810_7_again.x12"), ("OUT.7.edi", "OUT.7_again.edi"), ("810_7", "810_7_again")]
)
def test_a_copy_keeps_what_partners_collect_by(name: str, copy: str):
    assert marked(name, "_again") == copy


def test_what_is_retransmitted_is_called_as_the_connection_says(profiles: Profiles, make_desk: Callable[..., Desk]):
    name(profiles, "OUT.{number}.x12")
    desk = make_desk()
    desk.drop(northwind(1, order("PO-1")))
    [first] = names(desk)
    with desk.store.write() as unit:
        send_again(unit, unit.interchanges.get(desk.interchanges("out")[0].id), "_r1", desk.directory)
    desk.run()
    assert names(desk) == [first, first.replace(".x12", "_again_r1.x12")]


WRONG = [
    "x.edi",
    "{number",
    "{number}{what}",
    "../{number}",
    "{number}.part",
    ".{number}",
    "{number} ",
    "{0}{number}",
    "{number}" + "x" * 200,
]


@pytest.mark.parametrize("template", WRONG)
def test_a_template_that_gives_no_good_name_is_refused(template: str):
    given = {"name": "x", "kind": "folder", "senders": (), "inbox": "i", "outbox": "o", "file_name": template}

    with pytest.raises(ValidationError, match=r"is no file name|one name|on its way"):
        FolderConnection.model_validate(given)


def test_what_an_identifier_holds_never_makes_a_path():
    assert name_of_file("{sender}-{number}", **{**NAME_PARTS, "sender": "ZZ:../X *"}) == "ZZ----X--000000123".replace(
        "X--", "X---"
    )
