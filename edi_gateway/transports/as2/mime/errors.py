"""What can be wrong with the form of a message."""

from __future__ import annotations

from edi_gateway.errors import WrongInput


class MimeError(WrongInput):
    """Headers or parts that cannot be read, or that would do harm."""
