"""Every error of paramiko and of sockets, put into our words: who, where, and what to do."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import paramiko

from edi_gateway.errors import GatewayError, NeedsPerson, TryAgain, WrongInput

FOREIGN = (OSError, EOFError, paramiko.SSHException, paramiko.SFTPError, UnicodeError)
_WEAK = "it speaks only algorithms we refuse as weak; have it updated, or name them under weak_algorithms with a last day"
_NO_SUCH_HOST = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}


@contextmanager
def explained(doing: str, where: str) -> Iterator[None]:
    """Turns a foreign error inside the block into TryAgain, NeedsPerson or WrongInput that says what was being done where."""
    try:
        yield
    except FOREIGN as error:
        raise explain(error, doing, where) from error


def explain(error: Exception, doing: str, where: str) -> GatewayError:
    """The GatewayError for one foreign error."""
    what = f"could not {doing}: {_plain(error)}"
    match error:
        case paramiko.PasswordRequiredException():
            return WrongInput(f"could not {doing}: the private key is locked", where=where, do="give its passphrase")
        case paramiko.BadAuthenticationType():
            allowed = ", ".join(error.allowed_types)
            return NeedsPerson(f"could not {doing}: the server only takes {allowed}", where=where, do="agree on a way to log in")
        case paramiko.AuthenticationException():
            return NeedsPerson(what, where=where, do="check the login, key and password with the partner")
        case paramiko.ssh_exception.IncompatiblePeer():
            return NeedsPerson(what, where=where, do=_WEAK)
        case UnicodeError():
            return NeedsPerson(
                f"could not {doing}: the server refused in words that are not UTF-8", where=where, do="ask the partner"
            )
        case socket.gaierror() if error.errno in _NO_SUCH_HOST:
            return WrongInput(what, where=where, do="check the host name")
        case OSError() if error.errno == errno.ENOENT:
            return WrongInput(what, where=where, do="check the folder's name with the partner")
        case OSError() if error.errno == errno.EACCES:
            return NeedsPerson(what, where=where, do="ask the partner for the right to do that")
        case OSError() if "unsupported" in str(error).lower():
            return NeedsPerson(what, where=where, do="the server cannot do that; change the connection's settings")
        case _:
            return TryAgain(what, where=where)


def _plain(error: Exception) -> str:
    match error:
        case TimeoutError():
            return "no answer in time"
        case ConnectionRefusedError():
            return "nothing listens on that port"
        case EOFError():
            return "the connection was closed"
        case OSError() if error.strerror:
            return error.strerror
        case _:
            return str(error).rstrip(".") or type(error).__name__
