"""The presets' sample orders, and what is answered to each."""

from __future__ import annotations

from typing import NamedTuple

from desk import SAMPLES, Desk, Sent

VAN = "larkspur-van"


class Scene(NamedTuple):
    """A preset, where its documents arrive, its sample, the order in it, what is answered, and what it comes to."""

    preset: str
    mailbox: str
    sample: str
    order: str
    answers: list[str]
    total: str

    def __str__(self) -> str:
        return self.preset


BELLHAVEN = Scene("bellhaven", "bellhaven", "850-stores-depot.edi", "7710042216", ["997", "856", "810"], "3126.00")
CORLISS = Scene("corliss", VAN, "850-many-stores.edi", "CH0904417", ["997", "855", "856", "810"], "3235.20")
HEARTHLINE = Scene("hearthline", VAN, "850-drop-ship.edi", "HD-6650317", ["997", "855", "856", "810"], "63.60")
GREENLEA = Scene("greenlea", "greenlea-sftp", "850-cases.edi", "GL20261117042", ["997", "855", "856", "810"], "6480.00")
BULWARK = Scene("bulwark", VAN, "850-warehouse.edi", "2205518830", ["997", "855", "856", "810"], "1976.00")
SCENES = [BELLHAVEN, CORLISS, HEARTHLINE, GREENLEA, BULWARK]


def sample(scene: Scene) -> bytes:
    return (SAMPLES / scene.preset / scene.sample).read_bytes()


def answered(desk: Desk, scene: Scene) -> None:
    """The sample came, and the hours it takes to ship and bill it passed."""
    desk.drop(sample(scene), at=scene.mailbox)
    desk.later(hours=10)


def sent(desk: Desk, scene: Scene, code: str) -> Sent:
    (only,) = desk.sent(f"{code}_{scene.preset}", to=scene.mailbox)
    return only
