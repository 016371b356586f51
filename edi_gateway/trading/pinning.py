"""A host key more in a connection's file, with everything else in it left as a person wrote it."""

from __future__ import annotations

import re

_WORD = re.compile(r"^host_keys:[ \t]*(?P<rest>[^\n]*)\n?", re.MULTILINE)
_ITEMS = re.compile(r"(?:[ \t]*(?:-[ \t][^\n]*|#[^\n]*)?\n)*")
_LAST_ITEM = re.compile(r"^([ \t]*)-[ \t][^\n]*\n", re.MULTILINE)
_LIST = re.compile(r"\[(?P<items>[^\]#]*)\][ \t]*(?P<comment>#.*)?")


def with_host_key(text: str, line: str) -> str:
    """The file's text with ``line`` among its host keys: under the word, inside ``[…]``, or as a new word at the end.

    A text written in another way comes out wrong or unchanged; whoever calls reads it again before trusting it.
    """
    text = text if text.endswith("\n") else text + "\n"
    word = _WORD.search(text)
    if word is None:
        return f"{text}host_keys:\n  - {line}\n"
    inline = _LIST.fullmatch(word["rest"].strip())
    if inline is not None:
        items = ", ".join(filter(None, (inline["items"].strip().rstrip(","), line)))
        return text[: word.start("rest")] + " ".join(filter(None, (f"[{items}]", inline["comment"]))) + text[word.end("rest") :]
    items_end = word.end() + len(_ITEMS.match(text, word.end())[0])  # type: ignore[index]  # it matches everywhere
    *_, last = [None, *_LAST_ITEM.finditer(text, word.end(), items_end)]
    at, indent = (last.end(), last[1]) if last else (word.end(), "  ")
    return f"{text[:at]}{indent}- {line}\n{text[at:]}"
