"""Paramiko's SFTP client for servers on which not every file name is UTF-8."""

from __future__ import annotations

from functools import partial
from typing import Any

import paramiko
from paramiko.message import Message
from paramiko.sftp import CMD_NAME


class SftpClient(paramiko.SFTPClient):
    """Names are bytes over there (SFTP, version 3): those that are no UTF-8 are told and taken as ``os.fsdecode`` writes them.

    Paramiko itself fails on a whole listing for one such name, so nothing could be collected beside it.
    """

    def _request(self, kind: Any, *told: Any) -> Any:
        answered, message = super()._request(kind, *told)  # type: ignore[misc]  # the stubs know none of paramiko's own
        if answered == CMD_NAME:
            message.get_text = partial(_text_of, message)
        return answered, message

    def _adjust_cwd(self, path: Any) -> Any:
        known = path.encode(errors="surrogateescape") if isinstance(path, str) else path
        return super()._adjust_cwd(known)  # type: ignore[misc]  # likewise


def _text_of(message: Message) -> str:
    return message.get_string().decode(errors="surrogateescape")
