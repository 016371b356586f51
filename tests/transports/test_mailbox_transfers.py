"""What counts as an upload and what counts as a download."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any

import paramiko
import pytest
from counterparts import RunningMailbox, contents

from edi_gateway.transports.mailbox import Account, AccountList, Limits, mailbox_transport, make_mailbox
from edi_gateway.transports.mailbox.folders import UPLOADING
from edi_gateway.transports.mailbox.room import Place, Room


def unfinished(mailbox: RunningMailbox) -> list[str]:
    return os.listdir(mailbox.home / UPLOADING)


def test_an_upload_appears_when_it_is_closed_and_not_before(mailbox: RunningMailbox):
    sftp = mailbox.raw()
    with sftp.open("/inbox/po.edi", "wb") as upload:
        upload.write(b"ISA*00~")
        assert mailbox.inbox() == {}
        assert sftp.listdir("/inbox") == []

    assert mailbox.inbox() == {"po.edi": b"ISA*00~"}
    assert mailbox.diary.uploads == [("acme", mailbox.home / "inbox" / "po.edi")]
    assert unfinished(mailbox) == []


def test_a_connection_that_breaks_during_an_upload_leaves_nothing(mailbox: RunningMailbox):
    sftp = mailbox.raw()
    upload = sftp.open("/inbox/po.edi", "wb")
    upload.write(b"ISA*00~")
    assert len(unfinished(mailbox)) == 1

    sftp.get_channel().get_transport().sock.close()
    mailbox.diary.wait_for("logout")

    assert unfinished(mailbox) == []
    assert mailbox.inbox() == {}
    assert mailbox.diary.uploads == []


def test_a_session_that_ends_in_good_order_without_closing_its_upload_leaves_nothing(mailbox: RunningMailbox):
    sftp = mailbox.raw()
    upload = sftp.open("/inbox/po.edi", "wb")
    upload.write(b"ISA*00~")

    sftp.get_channel().close()
    sftp.get_channel().get_transport().close()
    mailbox.diary.wait_for("logout")

    assert (unfinished(mailbox), mailbox.inbox(), mailbox.diary.uploads) == ([], {}, [])


def test_what_a_crash_left_half_uploaded_is_cleared_away_at_the_next_start(start_mailbox: Any, tmp_path: Path):
    home = make_mailbox(tmp_path / "mailboxes", "acme")
    (home / UPLOADING / "left").write_bytes(b"half")
    (home / "inbox" / "po.edi").write_bytes(b"whole")

    mailbox = start_mailbox()

    assert unfinished(mailbox) == []
    assert mailbox.inbox() == {"po.edi": b"whole"}


def test_an_upload_with_a_hole_in_it_is_not_kept(mailbox: RunningMailbox):
    sftp = mailbox.raw()
    with sftp.open("/inbox/po.edi", "wb") as upload:
        upload.write(b"begin")
        upload.seek(10)
        upload.write(b"end")

    assert (mailbox.inbox(), unfinished(mailbox), mailbox.diary.uploads) == ({}, [], [])
    assert "are missing" in mailbox.diary.wait_for("refused")[0].detail


def test_pieces_in_any_order_make_a_whole(mailbox: RunningMailbox):
    sftp = mailbox.raw()
    with sftp.open("/inbox/po.edi", "wb") as upload:
        for offset, piece in ((5, b"56789"), (0, b"01234"), (3, b"345")):
            upload.seek(offset)
            upload.write(piece)
            upload.flush()

    assert mailbox.inbox() == {"po.edi": b"0123456789"}


@pytest.mark.parametrize("name", ["po.edi.tmp", "po.edi.part", "po.edi.filepart", "PO.TMP", ".po.edi"])
def test_a_name_in_transit_is_no_upload_until_it_is_renamed(mailbox: RunningMailbox, name: str):
    sftp = mailbox.raw()
    sftp.putfo(io.BytesIO(b"ISA*00~"), f"/inbox/{name}")
    collector = mailbox_transport(mailbox.root, "acme")

    assert sftp.listdir("/inbox") == [name]
    assert (mailbox.diary.uploads, collector.look()) == ([], [])

    sftp.rename(f"/inbox/{name}", "/inbox/po.edi")

    assert mailbox.diary.uploads == [("acme", mailbox.home / "inbox" / "po.edi")]
    assert [file.name for file in collector.look()] == ["po.edi"]


def test_a_name_in_transit_may_be_sent_again_and_removed(mailbox: RunningMailbox):
    sftp = mailbox.raw()
    sftp.putfo(io.BytesIO(b"first try"), "/inbox/po.tmp")
    sftp.putfo(io.BytesIO(b"second"), "/inbox/po.tmp")
    assert mailbox.inbox() == {"po.tmp": b"second"}

    sftp.remove("/inbox/po.tmp")

    assert mailbox.inbox() == {}


@pytest.mark.parametrize("verb", ["rename", "posix_rename"])
def test_neither_rename_replaces_a_waiting_document(mailbox: RunningMailbox, verb: str):
    sftp = mailbox.raw()
    sftp.putfo(io.BytesIO(b"first"), "/inbox/po.edi")
    sftp.putfo(io.BytesIO(b"second"), "/inbox/po.tmp")

    with pytest.raises(OSError, match="still waiting"):
        getattr(sftp, verb)("/inbox/po.tmp", "/inbox/po.edi")

    assert mailbox.inbox() == {"po.edi": b"first", "po.tmp": b"second"}


def test_a_client_that_wants_a_new_file_only_is_told_when_there_is_one(mailbox: RunningMailbox):
    sftp = mailbox.raw()
    with sftp.open("/inbox/po.edi", "wbx") as upload:
        upload.write(b"ISA")

    with pytest.raises(OSError, match="there already"):
        sftp.open("/inbox/po.edi", "wbx")


def test_the_same_document_sent_twice_before_it_is_collected_is_one_document(mailbox: RunningMailbox):
    sftp = mailbox.raw()
    for _ in range(2):
        sftp.putfo(io.BytesIO(b"first"), "/inbox/po.edi")
    sftp.putfo(io.BytesIO(b"first"), "/inbox/po.tmp")
    sftp.rename("/inbox/po.tmp", "/inbox/po.edi")

    assert mailbox.inbox() == {"po.edi": b"first"}
    assert len(mailbox.diary.uploads) == 1


@pytest.mark.parametrize(
    "do", [lambda sftp: sftp.remove("/inbox/po.edi"), lambda sftp: sftp.rename("/inbox/po.edi", "/inbox/po.tmp")]
)
def test_what_was_handed_over_is_not_taken_back(mailbox: RunningMailbox, do: Any):
    sftp = mailbox.raw()
    sftp.putfo(io.BytesIO(b"ISA"), "/inbox/po.edi")

    with pytest.raises(PermissionError, match="handed over"):
        do(sftp)

    assert mailbox.inbox() == {"po.edi": b"ISA"}


def test_a_client_that_checks_its_upload_is_content_although_the_gateway_was_faster(start_mailbox: Any):
    mailbox = start_mailbox(on_upload=lambda _account, path: path.unlink())
    sftp = mailbox.raw()

    sftp.putfo(io.BytesIO(b"ISA*00~"), "/inbox/po.edi", confirm=True)
    sftp.utime("/inbox/po.edi", (0, 0))

    assert mailbox.inbox() == {}
    with pytest.raises(FileNotFoundError):
        mailbox.raw().stat("/inbox/po.edi")


@pytest.mark.parametrize("verb", ["keep_upload", "rename"])
def test_an_upload_that_is_collected_in_the_very_moment_it_appears_has_still_succeeded(
    mailbox: RunningMailbox, monkeypatch: pytest.MonkeyPatch, verb: str
):
    real = getattr(Room, verb)

    def collected_at_once(room: Room, old: Any, new: Place) -> bool:
        arrived: bool = real(room, old, new)
        if arrived:
            room.path(new).unlink()
        return arrived

    monkeypatch.setattr(Room, verb, collected_at_once)
    sftp = mailbox.raw()
    sftp.putfo(io.BytesIO(b"ISA*00~"), "/inbox/po.tmp")
    sftp.rename("/inbox/po.tmp", "/inbox/po.edi")
    sftp.putfo(io.BytesIO(b"ISA*01~"), "/inbox/next.edi")

    assert [path.name for _, path in mailbox.diary.uploads] == ["po.edi", "next.edi"]
    assert mailbox.diary.of("refused") == []


def test_a_hook_that_fails_does_not_disturb_the_partner(start_mailbox: Any):
    def fail(*_: object) -> None:
        raise RuntimeError("the store is away")

    mailbox = start_mailbox(on_upload=fail, on_event=fail)
    mailbox.raw().putfo(io.BytesIO(b"ISA*00~"), "/inbox/po.edi", confirm=True)

    assert mailbox.inbox() == {"po.edi": b"ISA*00~"}


def test_a_download_counts_when_all_of_it_was_read_and_closed(mailbox: RunningMailbox):
    (mailbox.home / "outbox" / "855.edi").write_bytes(b"x" * 100_000)
    sftp = mailbox.raw()

    with sftp.open("/outbox/855.edi", "rb") as part:
        part.read(50_000)
    assert mailbox.diary.downloads == []
    whole = sftp.open("/outbox/855.edi", "rb")
    whole.read()
    assert mailbox.diary.downloads == []
    whole.close()

    assert mailbox.diary.downloads == [("acme", mailbox.home / "outbox" / "855.edi")]


def test_a_download_under_the_partners_own_name_is_told_under_ours(mailbox: RunningMailbox):
    (mailbox.home / "outbox" / "855.edi").write_bytes(b"ST*855~")
    sftp = mailbox.raw()
    sftp.rename("/outbox/855.edi", "/outbox/mine.855")

    sftp.getfo("/outbox/mine.855", io.BytesIO())

    assert [path.name for _, path in mailbox.diary.downloads] == ["855.edi"]


def test_what_the_gateway_is_still_writing_is_not_shown(mailbox: RunningMailbox):
    (mailbox.home / "outbox" / ".f00.part").write_bytes(b"half")

    sftp = mailbox.raw()

    assert sftp.listdir("/outbox") == []
    with pytest.raises(FileNotFoundError):
        sftp.open("/outbox/.f00.part", "rb")


def test_the_archive_is_shown_read_only_and_only_to_who_may_see_it(mailbox: RunningMailbox):
    mailbox.accounts.put(Account(name="other", keys=(mailbox.key.line,)))
    (mailbox.home / "archive" / "old.edi").write_bytes(b"old")
    sftp = mailbox.raw()

    assert sftp.listdir("/") == ["inbox", "outbox", "archive"]
    assert sftp.open("/archive/old.edi", "rb").read() == b"old"
    with pytest.raises(PermissionError):
        sftp.remove("/archive/old.edi")
    with pytest.raises(PermissionError):
        sftp.open("/archive/new.edi", "wb")

    transport = mailbox.connect()
    transport.auth_publickey("other", mailbox.key.private)
    other = paramiko.SFTPClient.from_transport(transport)
    assert other.listdir("/") == ["inbox", "outbox"]
    with pytest.raises(FileNotFoundError):
        other.listdir("/archive")


def test_two_partners_see_nothing_of_each_other(mailbox: RunningMailbox):
    mailbox.accounts.put(Account(name="other", keys=(mailbox.key.line,)))
    mailbox.raw().putfo(io.BytesIO(b"secret"), "/inbox/po.edi")

    transport = mailbox.connect()
    transport.auth_publickey("other", mailbox.key.private)
    other = paramiko.SFTPClient.from_transport(transport)

    assert other.listdir("/inbox") == []
    for path in ("/acme/inbox/po.edi", "../acme/inbox/po.edi", "/inbox/../../acme/inbox/po.edi"):
        with pytest.raises(OSError, match=r"\.\.|There is only"):
            other.open(path, "rb")


def test_the_quota_of_bytes_counts_what_waits_and_what_is_under_way(start_mailbox: Any, key: Any):
    account = Account(name="acme", keys=(key.line,), quota_bytes=100_000)
    mailbox = start_mailbox(accounts=AccountList([account]))
    sftp = mailbox.raw()
    sftp.putfo(io.BytesIO(b"x" * 60_000), "/inbox/first.edi")
    half = mailbox.raw().open("/inbox/second.edi", "wb")
    half.write(b"x" * 30_000)

    with pytest.raises(OSError, match="quota"), sftp.open("/inbox/third.edi", "wb") as upload:
        upload.write(b"x" * 20_000)

    assert list(mailbox.inbox()) == ["first.edi"]


def test_the_quota_of_files_counts_what_waits_and_frees_with_what_is_collected(start_mailbox: Any, key: Any):
    mailbox = start_mailbox(accounts=AccountList([Account(name="acme", keys=(key.line,), quota_files=2)]))
    sftp = mailbox.raw()
    for name in ("a", "b"):
        sftp.putfo(io.BytesIO(b"x"), f"/inbox/{name}")
    with pytest.raises(OSError, match="2 are allowed"):
        sftp.putfo(io.BytesIO(b"x"), "/inbox/c")

    collector = mailbox_transport(mailbox.root, "acme")
    collector.finish(collector.claim(collector.look()[0]))

    sftp.putfo(io.BytesIO(b"x"), "/inbox/c")
    assert sorted(contents(mailbox.home / "inbox")) == ["b", "c"]


def test_a_file_beyond_the_limit_is_refused(start_mailbox: Any):
    mailbox = start_mailbox(limits=Limits(file=50_000))

    with pytest.raises(OSError, match="50000 bytes"), mailbox.raw().open("/inbox/po.edi", "wb") as upload:
        upload.write(b"x" * 50_001)

    assert mailbox.inbox() == {}
