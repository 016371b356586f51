"""What can be wrong with a cryptographic message. Each is answered with a disposition of its own (``as2.refusal``)."""

from __future__ import annotations

from edi_gateway.errors import WrongInput


class CmsError(WrongInput):
    """A cryptographic message that is refused."""


class Unreadable(CmsError):
    """It is not what it says it is: broken structure, or too deep, or cut off."""


class Unsupported(CmsError):
    """An algorithm or structure we do not speak."""


class TooWeak(CmsError):
    """An algorithm that is only taken where an exception of the connection names it."""

    def __init__(self, algorithm: str) -> None:
        self.algorithm = algorithm
        super().__init__(
            f"{algorithm} is too weak to be taken",
            do="ask the partner for a stronger one, or name an exception on the connection",
        )


class AuthenticationFailed(CmsError):
    """It is not signed by anybody we trust for this connection."""


class IntegrityFailed(CmsError):
    """It is signed, and not what was signed: the digest differs."""


class DecryptionFailed(CmsError):
    """It cannot be decrypted: not for any key of ours, or altered on the way. Which of these is never told."""


class DecompressionFailed(CmsError):
    """What is compressed cannot be taken apart, or is larger than allowed."""
