"""How the server says no: a status code of the protocol with words that help the one who reads them."""

from __future__ import annotations

import errno

from paramiko.sftp import SFTP_FAILURE, SFTP_NO_SUCH_FILE, SFTP_OK, SFTP_OP_UNSUPPORTED, SFTP_PERMISSION_DENIED


class Status(int):
    """A status code that carries its own words; paramiko's servers answer with bare numbers."""

    words: str

    def __new__(cls, code: int, words: str) -> Status:
        """``code`` as in the protocol, section 7 of draft-ietf-secsh-filexfer-02."""
        status = super().__new__(cls, code)
        status.words = words
        return status


DONE = Status(SFTP_OK, "Success")


class Refused(Exception):
    """A request that is not carried out, and why."""

    def __init__(self, status: Status, *, suspicious: bool = False) -> None:
        self.status, self.suspicious = status, suspicious
        super().__init__(status.words)


def denied(words: str) -> Refused:
    """It must not be done; noted in the audit trail."""
    return Refused(Status(SFTP_PERMISSION_DENIED, words), suspicious=True)


def failed(words: str) -> Refused:
    """It cannot be done now; noted in the audit trail."""
    return Refused(Status(SFTP_FAILURE, words), suspicious=True)


def unsupported(words: str) -> Refused:
    """This server does not do that."""
    return Refused(Status(SFTP_OP_UNSUPPORTED, words))


def missing(words: str = "No such file") -> Refused:
    """There is nothing of that name."""
    return Refused(Status(SFTP_NO_SUCH_FILE, words))


def from_os(error: OSError) -> Refused:
    """An error of our file system, without telling the partner about our paths."""
    match error.errno:
        case errno.ENOENT | errno.ENOTDIR | None:
            return missing()
        case errno.ELOOP | errno.EACCES | errno.EPERM | errno.EISDIR:
            return denied("Permission denied")
        case errno.EEXIST:
            return failed("A file of this name is there already")
        case errno.ENOSPC | errno.EDQUOT:
            return failed("No space left; nothing was kept, try again later")
        case _:
            return failed("It could not be done; try again later")
