"""A partner's guide: what it asks of a set beyond the standard, read from a small file and laid over the definition."""

from pathlib import Path

from edi_gateway.x12.guide.check import checked
from edi_gateway.x12.guide.model import Guide, Rule
from edi_gateway.x12.guide.narrowing import GuideNarrowing, over
from edi_gateway.x12.guide.read import read_file, read_text

__all__ = ["Guide", "GuideNarrowing", "Rule", "load", "loads", "over"]


def load(path: Path) -> Guide:
    """The guide in a file, held against the definitions it is for. Raises WrongInput or Collected, each mistake with its line."""
    return checked(read_file(path))


def loads(text: str, file: str = "?") -> Guide:
    """The guide in a text; ``file`` is only the name to show. Raises like ``load``."""
    return checked(read_text(text, file))
