"""Code lists: what X12's codes are called here, one file a list, with a partner's own words laid over ours.

codes: purposes
others: refused            # or kept: a code that is not listed stays as it is
list:
  "00": original
  "01": cancellation
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath

from edi_gateway.errors import WrongInput
from edi_gateway.mapping.conversions import Unconvertible
from edi_gateway.plainyaml import Fields, Text, loads

_KEYS = ("codes", "others", "list")


@dataclass(frozen=True)
class CodeList:
    """Codes and words; several codes may mean one word, which is then written as the first of them."""

    name: str
    words: dict[str, str]
    codes: dict[str, str]
    kept: bool
    where: str

    @classmethod
    def of(cls, name: str, words: dict[str, str], *, kept: bool = False, where: str = "?") -> CodeList:
        """A list made of ``words`` by code."""
        codes: dict[str, str] = {}
        for code, word in words.items():
            codes.setdefault(word, code)
        return cls(name, words, codes, kept, where)

    def over(self, base: CodeList) -> CodeList:
        """This list laid over ``base``: what it does not say is the base's. Its own codes are written first."""
        words = {**self.words, **{code: word for code, word in base.words.items() if code not in self.words}}
        return CodeList.of(self.name, words, kept=self.kept or base.kept, where=self.where)

    def word(self, code: str) -> str:
        """Our word for ``code``. Raises Unconvertible for one that is not listed, unless others are kept."""
        word = self.words.get(code)
        if word is not None:
            return word
        if self.kept:
            return code
        raise Unconvertible(f"is not in the code list '{self.name}' ({self.where})")

    def code(self, word: str) -> str:
        """The code for our ``word``. Raises Unconvertible for one that is not listed, unless others are kept."""
        code = self.codes.get(word)
        if code is not None:
            return code
        if self.kept:
            return word
        raise Unconvertible(f"has no code in the code list '{self.name}' ({self.where})")


def read_codes(text: str, file: str) -> CodeList:
    """The code list in the text of a file. Raises WrongInput naming file and line."""
    body, name = loads(text, file), PurePath(file).stem
    if not isinstance(body, Fields) or not isinstance(body.get(Text("list")), Fields):
        raise WrongInput("is no code list", where=f"{file}:1", do="give it 'codes: name' and a 'list:' of code and word")
    for key in body:
        if key not in _KEYS:
            raise WrongInput(f"'{key}' is no word of a code list", where=key.where, do="one of: " + ", ".join(_KEYS))
    if body.get(Text("codes")) != name:
        raise WrongInput(f"is named '{body.get(Text('codes'), '')}' inside", where=f"{file}:1", do=f"say 'codes: {name}'")
    others = body.get(Text("others"), Text("refused"))
    if others not in ("refused", "kept"):
        raise WrongInput(f"others are '{others}'", where=str(others.where), do="say refused or kept")
    words = {str(code): _word(code, word) for code, word in body[Text("list")].items()}
    return CodeList.of(name, words, kept=others == "kept", where=f"{file}:{body[Text('list')].line}")


def _word(code: Text, word: object) -> str:
    if not isinstance(word, Text) or not word:
        raise WrongInput(f"code {code} has no word", where=code.where)
    return str(word)
