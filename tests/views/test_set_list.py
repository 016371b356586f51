"""What is found is what fits, asked in any words and however often: statements are kept, the values of a question are not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import msgspec
import pytest
import sqlalchemy as sa
from desk import NOON, new_postgres, new_sqlite

from benchmarks.million.store import fill
from edi_gateway.clock import MovableClock
from edi_gateway.store.database import Database
from edi_gateway.store.selection import Selection
from edi_gateway.store.tables import interchange, transaction
from edi_gateway.views import home, newest, set_list
from edi_gateway.views.set_list import Sought, find

LIMIT = 30


class Scene(NamedTuple):
    """A store, and its sets as they stand in it, the newest first."""

    store: Database
    sets: list[Any]


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def scene(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("found")
    url = new_sqlite(folder) if request.param == "sqlite" else new_postgres(request.getfixturevalue("postgres_url"))
    store = Database(url, MovableClock(NOON), Path(folder))
    fill(store, 250, NOON, count=2)
    query = sa.select(transaction, interchange.c.control_number.label("isa")).outerjoin(
        interchange, interchange.c.id == transaction.c.interchange_id
    )
    with store.reading() as connection:
        rows = connection.execute(query.order_by(transaction.c.id.desc())).all()
    yield Scene(store, rows)
    store.close()


def question(random: Random, one: Any) -> Sought:
    """What some of a set's own properties are asked for by."""
    findings = [each for text in (one.findings, one.partner_findings) for each in msgspec.json.decode(text)]
    found = random.choice(findings) if findings else {"kind": "segment.unknown", "code": "99"}
    kind = found["kind"]
    given = {
        "partner": one.partner or "",
        "code": one.code,
        "direction": one.direction,
        "number": one.business_number,
        "since": one.at - timedelta(days=random.randrange(3)),
        "until": one.at + timedelta(days=random.randrange(1, 3)),
        "validation": one.validation,
        "delivery": one.delivery,
        "acknowledgment": one.acknowledgment,
        "finding": random.choice((kind, kind.partition(".")[0] + ".", found["code"])),
    }
    names = random.sample(list(given), random.randint(0, 3))
    text = random.choice(("", "", one.business_number[: random.randint(1, 9)], one.isa or ""))
    before = random.choice((None, one.id + random.randrange(3)))
    return Sought(text=text, meant=Selection(**{name: given[name] for name in names}), answers=True, before=before)


def fits(one: Any, sought: Sought) -> bool:
    meant, text = sought.meant, sought.text
    findings = [each for told in (one.findings, one.partner_findings) for each in msgspec.json.decode(told)]
    return (
        all(getattr(meant, name) in ("", getattr(one, name)) for name in ("partner", "code", "direction"))
        and all(getattr(meant, name) in ("", getattr(one, name)) for name in ("validation", "delivery", "acknowledgment"))
        and meant.number in ("", one.business_number)
        and (meant.since is None or one.at >= meant.since)
        and (meant.until is None or one.at < meant.until)
        and (not meant.finding or any(_is(each, meant.finding) for each in findings))
        and (sought.before is None or one.id < sought.before)
        and (not text or one.business_number.startswith(text) or (text.isdecimal() and (one.isa or "") in (text, text.zfill(9))))
    )


def _is(each: dict[str, str], finding: str) -> bool:
    return finding in (each["kind"], each["code"]) or (finding.endswith(".") and each["kind"].startswith(finding))


def test_what_is_found_is_what_fits_whatever_was_asked_before(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    random = Random(7)
    for _ in range(150):
        few = random.choice((5000, 0))  # every way to find is taken
        monkeypatch.setattr(set_list, "FEW", few)
        monkeypatch.setattr(set_list, "FEW_HAVE_IT", few)
        monkeypatch.setattr(newest, "NEAR", random.choice((20_000, 40)))
        monkeypatch.setattr(newest, "SOME", random.choice((2000, LIMIT + 5)))
        sought = question(random, random.choice(scene.sets))
        expected = [one.id for one in scene.sets if fits(one, sought)]
        found = [row.id for row in find(scene.store, sought, limit=LIMIT)]
        beside = {id for id in found if id not in expected} if sought.text else set()  # of an order or a group named so
        assert [id for id in found if id not in beside] == expected[: LIMIT - len(beside)], sought


def test_every_set_is_counted_in_the_hour_it_came_or_went(scene: Scene) -> None:
    hours = home.traffic(scene.store, hours=24 * 60)
    assert hours[-1].at == NOON.replace(minute=0, second=0, microsecond=0)
    for way, told in (("in", {each.at: each.came for each in hours}), ("out", {each.at: each.went for each in hours})):
        moments = [one.at.replace(minute=0, second=0, microsecond=0) for one in scene.sets if one.direction == way]
        assert {at: count for at, count in told.items() if count} == Counter(at for at in moments if at in told)
        assert any(told.values())
