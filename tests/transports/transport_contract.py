"""What every transport promises. A test module of a transport derives from these classes and gives them its ``place``.

``SourceContract`` is for what is collected from, ``SinkContract`` for what is sent over, ``ArrivalContract`` for where partners
bring documents themselves. AS2 and the API collect nothing: they take the last two. ``place`` is a connection seen from both
ends: see ``Place``; ``brought`` likewise, see ``Brought``.
"""

from __future__ import annotations

import errno
import io
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

import paramiko
import pytest
from counterparts import contents

from edi_gateway import files
from edi_gateway.clock import MovableClock
from edi_gateway.errors import NeedsPerson, TryAgain, Uncertain, WrongInput
from edi_gateway.transports.base import Receipt, RemoteFile

Transport = Any  # a Source, a Sink, or both
Losing = Callable[[], AbstractContextManager[object]]
LARGE = os.urandom(3_000_001)


class Brought(Protocol):
    """A way in seen from both ends: the partner's, and ours."""

    def bring(self, name: str, payload: bytes) -> None:
        """What the partner does; it has our answer when this returns."""
        ...

    def bring_twice(self, name: str, payload: bytes) -> None:
        """The same, repeated as the protocol says that it is to be when no answer came."""
        ...

    def break_off(self, name: str, beginning: bytes) -> None:
        """The connection ends before the payload does."""
        ...

    def arrived(self) -> list[tuple[str, bytes]]:
        """What is ours since it was last asked, or ever; in its order."""
        ...


class Place:
    """Transports over a connection, made with settings of the test's own, and the folders behind it.

    ``losing`` makes the next answer to a payload sent get lost, after it is there. One without folders has to give ``transport``,
    ``arrived``, ``take`` and ``losing`` for a Sink, and ``drop`` and ``contents`` for a Source.
    """

    def __init__(
        self, collected_from: Path, put_into: Path, archive: Path, make: Callable[..., Transport], losing: Losing
    ) -> None:
        self.collected_from, self.put_into, self.archive, self._make = collected_from, put_into, archive, make
        self.losing = losing
        self._made: list[Transport] = []

    def transport(self, **settings: Any) -> Transport:
        self._made.append(self._make(**settings))
        return self._made[-1]

    def drop(self, name: str, content: bytes = b"ISA*00~", modified: float | None = None) -> Path:
        path = self.collected_from / name
        path.write_bytes(content)
        if modified is not None:
            os.utime(path, (modified, modified))
        return path

    def arrived(self, *, hidden: bool = False) -> dict[str, bytes]:
        """What the other side has got, by name; ``hidden``: whatever else lies there too."""
        if hidden:
            return {path.name: path.read_bytes() for path in self.put_into.iterdir() if path.is_file()}
        return contents(self.put_into)

    def take(self) -> list[bytes]:
        """What the partner does: it takes away whatever is there."""
        there = self.arrived()
        for name in there:
            (self.put_into / name).unlink()
        return list(there.values())

    def close(self) -> None:
        for transport in self._made:
            transport.close()


def take(transport: Transport, file: RemoteFile) -> bytes:
    with transport.fetch(file) as stream:
        return stream.read()


@contextmanager
def losing_the_sync() -> Iterator[None]:
    """The disk fails when a name is made durable."""
    with pytest.MonkeyPatch.context() as broken:
        broken.setattr(files, "sync_folder", raising(OSError(errno.EIO, "input/output error")))
        yield


@contextmanager
def losing_the_rename() -> Iterator[None]:
    """The server renames, and the line drops before it says so."""
    rename = paramiko.SFTPClient.rename

    def dropped(sftp: paramiko.SFTPClient, *names: str) -> None:
        rename(sftp, *names)
        sftp.get_channel().get_transport().close()
        raise EOFError

    with pytest.MonkeyPatch.context() as broken:
        broken.setattr(paramiko.SFTPClient, "rename", dropped)
        yield


def raising(error: Exception) -> Callable[..., Any]:
    def fail(*_: object) -> None:
        raise error

    return fail


class SourceContract:
    """What collecting promises: ``look``, ``claim``, ``fetch``, ``finish``."""

    def test_a_file_is_seen_claimed_fetched_whole_and_archived(self, place: Place):
        place.drop("po.edi", LARGE)
        transport = place.transport()

        (seen,) = transport.look()
        claimed = transport.claim(seen)

        assert (seen.name, seen.size) == ("po.edi", len(LARGE))
        assert claimed is not None
        assert claimed.name == "po.edi"
        assert take(transport, claimed) == LARGE
        transport.finish(claimed)
        assert contents(place.archive) == {"po.edi": LARGE}
        assert transport.look() == []

    def test_without_an_archive_a_finished_file_is_gone(self, place: Place):
        place.drop("po.edi")
        transport = place.transport(archive=False)
        claimed = transport.claim(transport.look()[0])

        transport.finish(claimed)

        assert contents(place.collected_from) == contents(place.archive) == {}

    def test_finishing_twice_is_harmless(self, place: Place):
        place.drop("po.edi", b"kept")
        transport = place.transport()
        claimed = transport.claim(transport.look()[0])

        transport.finish(claimed)
        transport.finish(claimed)

        assert contents(place.archive) == {"po.edi": b"kept"}

    def test_the_archive_keeps_every_file_of_one_name(self, place: Place):
        transport = place.transport()
        for content in (b"first", b"second", b"third"):
            place.drop("po.edi", content)
            transport.finish(transport.claim(transport.look()[0]))

        assert contents(place.archive) == {"po.edi": b"first", "po-2.edi": b"second", "po-3.edi": b"third"}

    def test_files_come_oldest_first(self, place: Place):
        for name, modified in (("c.edi", 1000), ("a.edi", 3000), ("b.edi", 2000)):
            place.drop(name, modified=modified)

        assert [file.name for file in place.transport().look()] == ["c.edi", "b.edi", "a.edi"]

    def test_what_is_still_on_its_way_is_not_seen(self, place: Place):
        for name in (".hidden", "a.part", "b.tmp", "c.filepart", "d.EDI.PART", "ready.edi"):
            place.drop(name)
        (place.collected_from / "folder.edi").mkdir()
        (place.collected_from / "link.edi").symlink_to("ready.edi")

        assert [file.name for file in place.transport().look()] == ["ready.edi"]

    def test_only_names_that_fit_the_pattern_are_seen_whatever_their_case(self, place: Place):
        for name in ("po.edi", "PO.EDI", "readme.txt"):
            place.drop(name)

        assert sorted(file.name for file in place.transport(pattern="*.edi").look()) == ["PO.EDI", "po.edi"]

    def test_a_file_that_grows_is_left_alone_until_it_has_settled(self, place: Place, clock: MovableClock):
        now = clock.now().timestamp()
        transport = place.transport(stable_for=10.0)
        place.drop("po.edi", b"ISA", modified=now)
        assert transport.look() == []

        clock.advance(timedelta(seconds=9))
        place.drop("po.edi", b"ISA*00", modified=now + 9)
        assert transport.look() == []
        clock.advance(timedelta(seconds=9))
        assert transport.look() == []
        clock.advance(timedelta(seconds=1))

        assert [file.size for file in transport.look()] == [6]

    def test_a_file_that_grew_after_the_look_is_claimed_only_when_it_has_settled(self, place: Place, clock: MovableClock):
        transport = place.transport()
        place.drop("po.edi", b"ISA", modified=1000)
        (seen,) = transport.look()
        place.drop("po.edi", b"ISA*00*IEA", modified=2000)

        assert transport.claim(seen) is None

        (again,) = transport.look()
        assert take(transport, transport.claim(again)) == b"ISA*00*IEA"

    def test_a_file_that_has_gone_is_not_claimed(self, place: Place):
        path = place.drop("po.edi")
        transport = place.transport()
        (seen,) = transport.look()
        path.unlink()

        assert transport.claim(seen) is None

    def test_a_claim_is_found_again_at_once_by_its_owner_after_a_restart(self, place: Place):
        place.drop("po.edi", b"unfinished")
        first = place.transport(owner="gateway")
        first.claim(first.look()[0])

        second = place.transport(owner="gateway")

        (seen,) = second.look()
        assert seen.name == "po.edi"
        assert take(second, second.claim(seen)) == b"unfinished"

    def test_somebody_elses_claim_is_left_alone_until_it_is_old_and_then_taken_by_one(self, place: Place, clock: MovableClock):
        place.drop("po.edi", b"orphan")
        crashed = place.transport(claim_lasts=600.0)
        crashed.claim(crashed.look()[0])
        heirs = [place.transport(claim_lasts=600.0) for _ in range(2)]
        clock.advance(timedelta(seconds=599))
        assert [heir.look() for heir in heirs] == [[], []]

        clock.advance(timedelta(seconds=1))
        seen = [heir.look()[0] for heir in heirs]
        claimed = [heir.claim(file) for heir, file in zip(heirs, seen, strict=True)]

        assert seen[0].name == "po.edi"
        assert [file is not None for file in claimed] == [True, False]
        assert take(heirs[0], claimed[0]) == b"orphan"

    def test_files_of_one_name_claimed_in_the_same_second_do_not_replace_each_other(self, place: Place):
        transport = place.transport(archive=False)
        claimed = []
        for content in (b"first", b"second"):
            place.drop("po.edi", content)
            claimed.append(transport.claim(next(file for file in transport.look() if file.size == len(content))))

        assert [take(transport, file) for file in claimed] == [b"first", b"second"]

    def test_two_collectors_racing_for_thirty_files_win_thirty_times(self, place: Place):
        for number in range(30):
            place.drop(f"{number}.edi", b"%d" % number)
        collectors = [place.transport(archive=False) for _ in range(2)]
        seen = [collector.look() for collector in collectors]
        start = threading.Barrier(2)
        won: list[list[bytes]] = [[], []]

        def collect(me: int) -> None:
            start.wait()
            for file in seen[me]:
                claimed = collectors[me].claim(file)
                if claimed is not None:
                    won[me].append(take(collectors[me], claimed))
                    collectors[me].finish(claimed)

        threads = [threading.Thread(target=collect, args=(me,)) for me in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert [len(files) for files in seen] == [30, 30]
        assert sorted(won[0] + won[1]) == sorted(b"%d" % number for number in range(30))

    def test_a_claimed_file_that_somebody_took_away_is_worth_another_try(self, place: Place):
        place.drop("po.edi")
        transport = place.transport()
        claimed = transport.claim(transport.look()[0])
        place.transport(owner="gateway", claim_lasts=0.0).claim(claimed)

        with pytest.raises(TryAgain, match="gone"):
            transport.fetch(claimed)


class ArrivalContract:
    """What a way in promises where the partner brings documents itself: ``brought`` has a partner's end and our end."""

    @pytest.mark.parametrize("payload", [b"ISA*00~", LARGE], ids=["small", "large"])
    def test_what_is_brought_is_ours_whole_under_its_name(self, brought: Brought, payload: bytes):
        brought.bring("850_000000123.edi", payload)

        assert brought.arrived() == [("850_000000123.edi", payload)]

    def test_what_is_brought_twice_because_the_answer_was_lost_counts_once(self, brought: Brought):
        brought.bring_twice("po.edi", b"ISA*00~")

        assert brought.arrived() == [("po.edi", b"ISA*00~")]

    def test_another_payload_of_the_same_name_is_not_taken_for_the_first(self, brought: Brought):
        brought.bring("po.edi", b"ISA*00~")
        taken = brought.arrived()
        brought.bring("po.edi", b"ISA*01~")

        assert sorted({*taken, *brought.arrived()}) == [("po.edi", b"ISA*00~"), ("po.edi", b"ISA*01~")]

    def test_what_breaks_off_is_not_there(self, brought: Brought):
        brought.break_off("po.edi", b"ISA*00~ and half of")

        assert brought.arrived() == []
        brought.bring("po.edi", b"ISA*00~")
        assert brought.arrived() == [("po.edi", b"ISA*00~")]


class SinkContract:
    """What sending promises: ``send`` and ``sent``."""

    def check(self, receipt: Receipt, name: str, payload: bytes) -> None:
        """A receipt names what arrived, and says how much that was; one that proves more has a check of its own."""
        assert receipt.reference == name
        assert str(len(payload)) in receipt.detail

    @pytest.mark.parametrize("payload", [b"", b"ISA*00~", LARGE], ids=["empty", "small", "large"])
    def test_a_payload_arrives_whole_under_its_name_and_nothing_else_does(self, place: Place, payload: bytes):
        receipt = place.transport().send("856_000000123.edi", io.BytesIO(payload))

        self.check(receipt, "856_000000123.edi", payload)
        assert place.arrived(hidden=True) == {"856_000000123.edi": payload}

    def test_sending_the_same_again_gives_the_same_receipt(self, place: Place):
        transport = place.transport()

        assert transport.send("po.edi", io.BytesIO(LARGE)) == transport.send("po.edi", io.BytesIO(LARGE))
        assert place.arrived() == {"po.edi": LARGE}

    @pytest.mark.parametrize("other", [b"ISA*01~", b"ISA*00~ and more"], ids=["same size", "other size"])
    def test_another_payload_of_the_same_name_is_refused_and_the_first_stays(self, place: Place, other: bytes):
        transport = place.transport()
        transport.send("po.edi", io.BytesIO(b"ISA*00~"))

        with pytest.raises(NeedsPerson, match="another payload of this name"):
            transport.send("po.edi", io.BytesIO(other))

        assert place.arrived() == {"po.edi": b"ISA*00~"}

    def test_sent_tells_whether_a_payload_arrived_whole(self, place: Place):
        transport = place.transport()
        transport.send("po.edi", io.BytesIO(b"ISA*00~"))

        assert transport.sent("po.edi", 7) is not None
        assert transport.sent("po.edi", 8) is None
        assert transport.sent("other.edi", 7) is None

    def test_a_payload_that_breaks_off_leaves_nothing_behind(self, place: Place):
        class Broken(io.RawIOBase):
            def __init__(self) -> None:
                self.chunks = [b"x" * 1000, b"y" * 1000]

            def read(self, size: int = -1) -> bytes:
                if not self.chunks or size < 0:
                    raise TryAgain("the payload store is away")
                return self.chunks.pop()

        transport = place.transport()
        with pytest.raises(TryAgain, match="payload store"):
            transport.send("po.edi", Broken())

        assert place.arrived().keys() <= {"po.edi.part"}  # in transit: nobody collects it
        assert transport.sent("po.edi", 2000) is None
        self.check(transport.send("po.edi", io.BytesIO(b"again")), "po.edi", b"again")

    @pytest.mark.parametrize("taken", [False, True], ids=["there still", "taken already"])
    def test_an_answer_lost_after_the_file_is_there_never_sends_it_twice(self, place: Place, taken: bool):
        transport = place.transport()
        with place.losing(), pytest.raises(Uncertain):
            transport.send("po.edi", io.BytesIO(b"ISA*00~"))
        partner_has = place.take() if taken else []

        there = transport.sent("po.edi", 7)  # what the gateway asks
        if there is None and transport.sees_everything:  # and only then does by itself
            transport.send("po.edi", io.BytesIO(b"ISA*00~"))

        assert partner_has + place.take() == [b"ISA*00~"]

    @pytest.mark.parametrize(
        "name", ["", "..", "../po.edi", "/etc/po.edi", "a\0b", ".po.edi", "po.edi.tmp", "a\nb", "x" * 201, "a\\b"]
    )
    def test_a_name_that_could_do_harm_or_never_be_collected_is_not_sent_under(self, place: Place, name: str):
        transport = place.transport()

        with pytest.raises(WrongInput):
            transport.send(name, io.BytesIO(b"ISA"))
        with pytest.raises(WrongInput):
            transport.sent(name, 3)
