"""What a logged-in partner may ask for, request by request."""

from __future__ import annotations

import functools
import os
from collections import OrderedDict

import paramiko

from edi_gateway.log import logger
from edi_gateway.transports.mailbox.accounts import Account
from edi_gateway.transports.mailbox.folders import INBOX, OUTBOX
from edi_gateway.transports.mailbox.handles import Download, Handle, Upload
from edi_gateway.transports.mailbox.refused import DONE, Refused, Status, denied, failed, from_os, unsupported
from edi_gateway.transports.mailbox.room import Place, Room, attributes, canonical
from edi_gateway.transports.mailbox.visit import Visit

_log = logger(__name__)
_REMEMBERED = 200
_SPECIAL_BITS = 0o7000  # setuid, setgid, sticky


class Session(paramiko.SFTPServerInterface):
    """One SFTP session in one account's room; paramiko calls it in the session's thread, one request after the other."""

    def __init__(self, server: paramiko.ServerInterface, visit: Visit, account: Account, room: Room) -> None:
        super().__init__(server)
        self.visit, self._account, self._room = visit, account, room
        self._handed_over: OrderedDict[Place, paramiko.SFTPAttributes] = OrderedDict()
        self._known_as: dict[Place, Place] = {}
        self._asked = ""

    def refusal(self, error: Refused | OSError) -> Status:
        """The status that tells the partner why a request was not carried out; nothing of our insides goes out with it."""
        refused = error if isinstance(error, Refused) else from_os(error)
        if refused is not error and refused.suspicious:
            _log.warning("mailbox request failed", account=self._account.name, path=self._asked, error=str(error))
        if refused.suspicious:
            self.visit.tell("refused", self._asked, refused.status.words)
        return refused.status

    def list_folder(self, path: str) -> list[paramiko.SFTPAttributes]:
        return list(self._room.listing(self._place(path)))

    def stat(self, path: str) -> paramiko.SFTPAttributes:
        """What lies there. What this session handed over is still answered for after the gateway has collected it: nearly every
        client asks once more after an upload, and would report a failure and send it again."""
        place = self._place(path)
        try:
            return attributes(self._room.stat(place), place.name)
        except (FileNotFoundError, Refused):
            if place in self._handed_over:
                return self._handed_over[place]
            raise

    lstat = stat

    def open(self, path: str, flags: int, attr: paramiko.SFTPAttributes) -> Handle:
        place = self._place(path)
        if not place.name:
            raise denied("This is a folder")
        if flags & (os.O_WRONLY | os.O_RDWR):
            return self._open_upload(place, flags)
        fd = self._room.read(place)
        return Download(fd, self.visit.house.limits, functools.partial(self._fetched, place))

    def remove(self, path: str) -> Status:
        place = self._place(path)
        if not place.name:
            raise denied("The folders stay")
        self._room.remove(place)
        self.visit.tell("remove", str(place))
        return DONE

    def rename(self, oldpath: str, newpath: str) -> Status:
        """Never onto another file, whichever of the two renames of the protocol was asked for."""
        old, new = self._place(oldpath), self._place(newpath)
        if not (old.name and new.name):
            raise denied("The folders stay")
        found = self._room.stat(old)
        arrived = self._room.rename(old, new)
        if old.folder == INBOX:
            self._kept(new, found, arrived)
        else:
            self._note_renamed(old, new)
        return DONE

    posix_rename = rename

    def chattr(self, path: str, attr: paramiko.SFTPAttributes) -> Status:
        """Clients set times and rights after an upload; that is taken note of and not done. Asking for more is refused."""
        place = self._place(path)
        if place not in self._handed_over:
            self._room.stat(place)
        if attr.st_size is not None or attr.st_uid is not None or (attr.st_mode or 0) & _SPECIAL_BITS:
            raise denied("Owner, size and special rights are not changed here")
        return DONE

    def mkdir(self, path: str, attr: paramiko.SFTPAttributes) -> Status:
        raise denied("Folders are not made here")

    def rmdir(self, path: str) -> Status:
        raise denied("The folders stay")

    def readlink(self, path: str) -> Status:
        raise unsupported("There are no links here")

    def symlink(self, target_path: str, path: str) -> Status:
        raise denied("Links are not made here")

    def canonicalize(self, path: str) -> str:
        return canonical(path)

    def end(self) -> None:
        """Lets go of the account's folders, once every handle is closed."""
        self._room.close()

    def _place(self, path: str) -> Place:
        self._asked = path
        return self._room.place(path)

    def _open_upload(self, place: Place, flags: int) -> Upload:
        if place.folder != INBOX:
            raise denied(f"Files are put into /{INBOX}")
        if flags & os.O_APPEND:
            raise unsupported("A file is sent whole, from its beginning")
        if flags & os.O_EXCL and self._exists(place):
            raise failed("A file of this name is there already")
        meter = self.visit.house.meters.of(self._account)
        return Upload(self._room, place, self._account, meter, self.visit.house.limits, self._kept)

    def _exists(self, place: Place) -> bool:
        try:
            self._room.stat(place)
        except (FileNotFoundError, Refused):
            return False
        return True

    def _kept(self, place: Place, found: os.stat_result, arrived: bool) -> None:
        """A file lies complete in the inbox; ``arrived`` when that makes it a document to collect."""
        self._handed_over[place] = attributes(found, place.name)
        while len(self._handed_over) > _REMEMBERED:
            self._handed_over.popitem(last=False)
        if arrived:
            self.visit.tell("upload", str(place), f"{found.st_size} bytes")
            self.visit.house.hooks.uploaded(self._account.name, self._room.path(place))

    def _fetched(self, place: Place) -> None:
        """The partner has all of a file; one it renamed first is reported under the name we gave it."""
        if place.folder != OUTBOX:
            return
        ours = self._known_as.get(place, place)
        self.visit.tell("download", str(ours), f"read as {place}" if ours != place else "")
        self.visit.house.hooks.downloaded(self._account.name, self._room.path(ours))

    def _note_renamed(self, old: Place, new: Place) -> None:
        if len(self._known_as) < _REMEMBERED:
            self._known_as[new] = self._known_as.pop(old, old)
        self.visit.tell("rename", str(old), f"to {new}")
