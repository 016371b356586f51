"""Onboarding: from a partner's samples to the files that make it a partner, with open questions where samples say nothing.

partners/<name>/partner.yaml            identifiers, marks, releases from the envelopes; ``"?"`` where a person has to know
partners/<name>/guides/<set>.yaml       what all samples of a set have in common
partners/<name>/samples/                the samples themselves, for ``partner test``
partners/connections/<connection>.yaml  how documents come and go
maps/<name>/<map>.yaml                  what the common map leaves over of the samples, as questions
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from edi_gateway.errors import WrongInput
from edi_gateway.mapping.draft import draft
from edi_gateway.mapping.errors import MapProblem
from edi_gateway.mapping.library import Library
from edi_gateway.mapping.rules import READING
from edi_gateway.operations.onboard_answers import OPEN, Answers
from edi_gateway.operations.onboard_guide import guide_text
from edi_gateway.operations.onboard_profile import connection_text, partner_text
from edi_gateway.operations.onboard_samples import Sample, Seen, see
from edi_gateway.trading.profile import OurIdentity
from edi_gateway.x12.envelope import TransactionSet

OUT = {"855": "order-acknowledgment-855", "856": "ship-notice-856", "810": "invoice-810"}


class File(NamedTuple):
    """A file to be written."""

    path: Path
    body: bytes


@dataclass
class Scaffold:
    """Everything that is to be written, and what is left to a person."""

    files: list[File] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)

    def write(self) -> None:
        """Writes the files. Raises WrongInput, and writes none, where one is there already."""
        if twice := [file.path for file in self.files if [each.path for each in self.files].count(file.path) > 1]:
            raise WrongInput("two samples have this name", where=twice[0].name, do="rename one of them")
        for file in self.files:
            if file.path.exists():
                raise WrongInput("is there already", where=str(file.path), do="choose another name: nothing is overwritten")
        for file in self.files:
            file.path.parent.mkdir(parents=True, exist_ok=True)
            file.path.write_bytes(file.body)


def scaffold(
    name: str,
    samples: Sequence[Sample],
    answers: Answers,
    *,
    ourselves: Sequence[OurIdentity],
    library: Library,
    partners: Path,
    maps: Path,
) -> Scaffold:
    """The files of a new partner. Raises WrongInput for samples that are of several parties, or of none of ours."""
    seen = see(samples, ourselves)
    made = Scaffold()
    chosen = dict(_maps(name, seen, library, maps, made))
    chosen |= {code: OUT[code] for code in answers.wanted if code in OUT and code not in chosen}
    guides = dict(_guides(name, seen))
    connection = f"{name}-{answers.connection}"
    text = partner_text(name, seen, answers, connection, chosen, guides.keys())
    made.files.append(File(partners / name / "partner.yaml", text.encode()))
    made.files.append(File(partners / "connections" / f"{connection}.yaml", connection_text(name, connection, answers).encode()))
    made.files += [File(partners / name / "guides" / f"{code}.yaml", body.encode()) for code, body in guides.items()]
    made.files += [File(partners / name / "samples" / each.name, each.body) for each in samples]
    for file in made.files:
        if file.path.suffix == ".yaml":
            made.questions += _questions(file)
    return made


def _maps(name: str, seen: Seen, library: Library, maps: Path, made: Scaffold) -> Iterator[tuple[str, str]]:
    """The map to read each set by: the common one, or one of theirs over it that asks about what it leaves over."""
    for code in seen.codes("in"):
        common = _common(library, code)
        if common is None:
            made.questions.append(f"there is no common map for {code}: write maps/{name}/{code}.yaml, and an agreement for it")
            continue
        sets = [one.set for one in seen.sets if one.set.code == code]
        fullest = max(sets, key=lambda one: _left_over(library, common, one))
        if not _left_over(library, common, fullest):
            yield code, common
            continue
        own = f"{name}/{common}"
        made.files.append(File(maps / name / f"{common}.yaml", draft(library, fullest, common, common).encode()))
        yield code, own


def _common(library: Library, code: str) -> str | None:
    for name in library.names():
        if "/" not in name:
            source = library.source(name)
            if source.set_code == code and source.form == READING:
                return name
    return None


def _left_over(library: Library, name: str, one: TransactionSet) -> int:
    """How many elements a map leaves over of a set; one that it refuses counts most."""
    try:
        return len(library.reading(name).unread(one))
    except MapProblem:
        return 1_000_000


def _guides(name: str, seen: Seen) -> Iterator[tuple[str, str]]:
    for code in (*seen.codes("in"), *seen.codes("out")):
        text = guide_text(name, code, [one for one in seen.sets if one.set.code == code])
        if text is not None:
            yield code, text


def _questions(file: File) -> Iterator[str]:
    """Every open line: its file, its number and what it says."""
    for number, line in enumerate(file.body.decode().splitlines(), 1):
        said, _, comment = line.partition("#")
        if '"?' in said:
            yield f"{file.path}:{number}: {comment.strip() or said.strip()}"


__all__ = ["OPEN", "Answers", "File", "Sample", "Scaffold", "scaffold"]
