"""The door: keys and passwords are checked, and nothing but file transfer is let through."""

from __future__ import annotations

import threading
from typing import Any

import paramiko
from paramiko.common import (
    AUTH_FAILED,
    AUTH_SUCCESSFUL,
    OPEN_FAILED_ADMINISTRATIVELY_PROHIBITED,
    OPEN_FAILED_RESOURCE_SHORTAGE,
    OPEN_SUCCEEDED,
)

from edi_gateway.errors import GatewayError
from edi_gateway.log import logger
from edi_gateway.transports.mailbox.accounts import Account
from edi_gateway.transports.mailbox.old_scp import OldScp, read_command
from edi_gateway.transports.mailbox.passwords import Cost, hash_password, password_matches
from edi_gateway.transports.mailbox.room import Room
from edi_gateway.transports.mailbox.session import Session
from edi_gateway.transports.mailbox.subsystem import Subsystem
from edi_gateway.transports.mailbox.visit import Visit
from edi_gateway.transports.ssh import public_key_of

_log = logger(__name__)


class Login(paramiko.ServerInterface):
    """Answers one connection's requests until it has a file transfer session; called in the connection's thread."""

    def __init__(self, visit: Visit, nobody: str) -> None:
        self._visit, self._nobody = visit, nobody
        self._tries = self._channels = 0
        self._unknown_keys: dict[str, str] = {}
        self._how = ""
        self._told = False

    def get_allowed_auths(self, username: str) -> str:
        return "publickey,password"

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        """Takes a key of the account; paramiko checks the signature after this and asks once before it."""
        shown = public_key_of(key)
        account = self._expected(username)
        if account is None or shown not in account.public_keys():
            self._unknown_keys[username] = shown.fingerprint
            return AUTH_FAILED
        return self._welcome(account, f"key {shown.fingerprint}")

    def check_auth_password(self, username: str, password: str | bytes) -> int:
        """Takes the account's password. One that does not exist costs as much time as a wrong password."""
        visit, policy = self._visit, self._visit.house.policy
        self._tries += 1
        if self._tries > visit.house.limits.password_tries:
            return AUTH_FAILED
        visit.house.closing.wait(policy.delay(visit.address, username))
        account = self._expected(username)
        kept = (account.password_hashes() if account else ()) or (self._nobody,)
        right = isinstance(password, str) and sum(password_matches(each, password) for each in kept) > 0  # all are tried
        if account is None or not right:
            self._turn_away(username, "wrong account, password or address")
            return AUTH_FAILED
        return self._welcome(account, "password")

    def check_channel_request(self, kind: str, chanid: int) -> int:
        self._channels += 1
        if kind != "session":
            self._visit.tell("refused", detail=f"asked for a channel of kind {kind[:40]!r}")
            return OPEN_FAILED_ADMINISTRATIVELY_PROHIBITED
        if self._channels > self._visit.house.limits.channels or not self._visit.take_seat():
            self._visit.tell("refused", detail="too many sessions")
            return OPEN_FAILED_RESOURCE_SHORTAGE
        if not self._told:
            self._told = True
            self._visit.house.policy.succeeded(self._visit.address, self._visit.name)
            self._visit.tell("login", detail=self._how)
        return OPEN_SUCCEEDED

    def check_channel_subsystem_request(self, channel: paramiko.Channel, name: str) -> bool:
        if name != "sftp" or self._visit.account is None:
            self._visit.tell("refused", detail=f"asked for subsystem {name[:40]!r}")
            return False
        session = self._session(self._visit.account)
        return session is not None and self._begin(Subsystem(channel, self, session))

    def check_channel_exec_request(self, channel: paramiko.Channel, command: bytes) -> bool:
        """Nothing is ever run; what an old scp asks for by a command is served by ourselves."""
        asked = read_command(command)
        if asked is None or self._visit.account is None:
            self._visit.tell("refused", detail=f"asked to run {command[:80]!r}")
            return False
        session = self._session(self._visit.account)
        return session is not None and self._begin(OldScp(channel, session, asked))

    def _session(self, account: Account) -> Session | None:
        try:
            room = Room(self._visit.house.root, account.name, sees_archive=account.sees_archive)
        except (OSError, GatewayError) as error:
            _log.error("mailbox cannot be opened", account=account.name, error=str(error))
            self._visit.tell("refused", detail="the mailbox cannot be opened")
            return None
        return Session(self, self._visit, account, room)

    def _begin(self, thread: threading.Thread) -> bool:
        self._visit.threads.append(thread)
        thread.start()
        return True

    def check_channel_shell_request(self, channel: paramiko.Channel) -> bool:
        self._visit.tell("refused", detail="asked for a shell")
        return False

    def check_port_forward_request(self, address: str, port: int) -> Any:
        self._visit.tell("refused", detail="asked for port forwarding")
        return False

    def settle(self) -> None:
        """Called when the connection has ended: a stranger who only showed unknown keys failed to log in, once."""
        if self._visit.account is None:
            for username, fingerprint in list(self._unknown_keys.items())[:1]:
                self._turn_away(username, f"key {fingerprint} is not known")

    def _expected(self, username: str) -> Account | None:
        account = self._visit.house.accounts.find(username)
        return account if account and account.may_come_from(self._visit.address) else None

    def _welcome(self, account: Account, how: str) -> int:
        self._visit.account, self._how = account, how
        return AUTH_SUCCESSFUL

    def _turn_away(self, username: str, why: str) -> None:
        visit = self._visit
        visit.house.policy.failed(visit.address, username)
        visit.house.hooks.tell("login failed", username, visit.address, detail=why)


def hash_of_nobody(cost: Cost) -> str:
    """A hash no password fits, so that names cannot be told from the time an answer takes."""
    return hash_password("", cost).rpartition("$")[0] + "$" + "A" * 43 + "="
