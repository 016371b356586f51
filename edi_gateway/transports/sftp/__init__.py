"""Collecting from and sending to somebody else's SFTP server."""

from edi_gateway.transports.sftp.config import Credentials, SftpConfig
from edi_gateway.transports.sftp.transport import SftpTransport

__all__ = ["Credentials", "SftpConfig", "SftpTransport"]
