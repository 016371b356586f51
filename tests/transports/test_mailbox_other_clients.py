"""The mailbox server in the hands of asyncssh, and of twenty clients at once."""

from __future__ import annotations

import asyncio
import io
import threading
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import asyncssh
import paramiko
import pytest
from counterparts import PATIENCE, RunningMailbox, contents

from edi_gateway.transports.mailbox import Limits

Answer = TypeVar("Answer")
BIG = bytes(range(256)) * 12_000


def visit(mailbox: RunningMailbox, do: Callable[[asyncssh.SFTPClient], Awaitable[Answer]]) -> Answer:
    """What an asyncssh client gets that has our host key pinned."""

    async def come() -> Answer:
        known = asyncssh.import_known_hosts(f"[127.0.0.1]:{mailbox.port} {mailbox.server.host_keys[0].line}\n")
        keys = [str(mailbox.key.path)]
        options: dict[str, Any] = {"username": "acme", "client_keys": keys, "known_hosts": known, "config": None}
        async with asyncssh.connect("127.0.0.1", mailbox.port, **options) as connection, connection.start_sftp_client() as sftp:
            return await asyncio.wait_for(do(sftp), PATIENCE)

    return asyncio.run(come())


def test_asyncssh_puts_renames_lists_and_gets(mailbox: RunningMailbox):
    (mailbox.home / "outbox" / "855.edi").write_bytes(BIG)

    async def exchange(sftp: asyncssh.SFTPClient) -> tuple[list[str], bytes]:
        async with sftp.open("/inbox/po.tmp", "wb") as remote:
            await remote.write(BIG)
        await sftp.rename("/inbox/po.tmp", "/inbox/po.edi")
        listed = sorted(str(name) for name in await sftp.listdir("/inbox"))
        async with sftp.open("/outbox/855.edi", "rb") as remote:
            return listed, await remote.read()

    listed, got = visit(mailbox, exchange)

    assert [name for name in listed if not name.startswith(".")] == ["po.edi"]
    assert got == BIG
    assert mailbox.inbox() == {"po.edi": BIG}
    assert mailbox.diary.downloads == [("acme", mailbox.home / "outbox" / "855.edi")]


def test_asyncssh_writing_many_blocks_at_once_and_out_of_order_is_put_together(mailbox: RunningMailbox, tmp_path: Any):
    (tmp_path / "po.edi").write_bytes(BIG)

    async def put(sftp: asyncssh.SFTPClient) -> None:
        await sftp.put(str(tmp_path / "po.edi"), "/inbox/po.edi", block_size=16_384, max_requests=64)

    visit(mailbox, put)

    assert mailbox.inbox() == {"po.edi": BIG}


@pytest.mark.parametrize("path", ["/../secret", "/inbox/../../secret", "/etc/passwd"])
def test_asyncssh_does_not_get_out_either(mailbox: RunningMailbox, path: str):
    async def get(sftp: asyncssh.SFTPClient) -> bytes:
        async with sftp.open(path, "rb") as remote:
            return await remote.read()

    with pytest.raises(asyncssh.SFTPError):
        visit(mailbox, get)


def test_twenty_clients_at_once_lose_nothing_and_mix_up_nothing(start_mailbox: Any):
    mailbox = start_mailbox(limits=Limits(sessions_per_account=20, strangers_per_address=20))
    for number in range(20):
        (mailbox.home / "outbox" / f"855-{number}.edi").write_bytes(b"%d;" % number * 50_000)
    clients: list[paramiko.SFTPClient] = [mailbox.raw() for _ in range(20)]
    start, wrong = threading.Barrier(20), []

    def work(number: int, sftp: paramiko.SFTPClient) -> None:
        try:
            start.wait(PATIENCE)
            for turn in range(3):
                sftp.putfo(io.BytesIO(b"%d-%d;" % (number, turn) * 1000), f"/inbox/{number}-{turn}.tmp")
                sftp.rename(f"/inbox/{number}-{turn}.tmp", f"/inbox/{number}-{turn}.edi")
            got = io.BytesIO()
            sftp.getfo(f"/outbox/855-{number}.edi", got, prefetch=False)
            assert got.getvalue() == b"%d;" % number * 50_000
        except BaseException as error:
            wrong.append((number, error))

    threads = [threading.Thread(target=work, args=each) for each in enumerate(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == []
    expected = {f"{number}-{turn}.edi": b"%d-%d;" % (number, turn) * 1000 for number in range(20) for turn in range(3)}
    assert contents(mailbox.home / "inbox") == expected
    assert len(mailbox.diary.uploads) == 60
    assert len(mailbox.diary.downloads) == 20
