"""
Sign-off: what was read a second time does not change unread.

``readings.tsv`` holds one line (``id``, ``reader``, ``digest``) for each row of evidence, each term
of ``entities/`` and each pair of ``conflicts.tsv`` that was read. The digest is taken over the
content, so any later change to a cell or to a definition is told by the compiler, with file and
line, until somebody has read the row again and signed it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import BlankNode, NamedNode

from mmn_kg import errors, terms
from mmn_kg.build.claims import CONFLICT_COLUMNS, FACT_COLUMNS
from mmn_kg.build.sources import Problems, Row, TurtleFile, read_table, read_turtle

#: The file of the readings, below ``ontology/``; without it nothing counts as read.
FILE: Final = "readings.tsv"
_COLUMNS: Final = ("id", "reader", "digest")
_ENTITIES: Final = "entities/"


@dataclass(frozen=True, slots=True)
class Readable:
    """A row, a term or a pair: its id, where it stands, its digest, and whether it was read."""

    id: str
    file: str
    place: str
    digest: str
    read: bool


def readables(rows: Iterable[Row], files: Sequence[TurtleFile]) -> Iterator[Readable]:
    """
    Yield all that can be signed.

    Args:
        rows: The rows of evidence, of which those with an empty ``second_read`` have not been
            read, and the pairs in conflict, which have no such column.
        files: The Turtle sources; only the terms that those under ``entities/`` declare are
            signed, with all that any of the sources says of them.
    """
    for row in rows:
        cells = [
            f"{column}={value}"
            for column, value in sorted(row.cells.items())
            if value and column != "second_read"
        ]
        pair = "first" in row.cells
        id_ = f"{row['first']}-or-{row['second']}" if pair else row["row"]
        read = pair or bool(row["second_read"])
        yield Readable(id_, row.file, row.place, _digest(cells), read)
    lines: dict[str, list[str]] = {}
    places: dict[str, TurtleFile] = {}
    for file in files:
        for triple in file.triples:
            subject = triple.subject
            if isinstance(subject, NamedNode) and subject.value.startswith(terms.BASE):
                if not isinstance(triple.object, BlankNode):
                    lines.setdefault(subject.value, []).append(f"{triple} .")
                if file.name.startswith(_ENTITIES):
                    places.setdefault(subject.value, file)
    for iri, file in places.items():
        name, text = iri.removeprefix(terms.BASE), sorted(set(lines.get(iri, ())))
        yield Readable(name, file.name, file.line_of(iri), _digest(text), read=True)


def _digest(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]


def check(
    ontology: Path, rows: Iterable[Row], files: Sequence[TurtleFile], problems: Problems
) -> None:
    """
    Complain of each row, term and pair that was changed, or taken away, after it was read.

    Args:
        ontology: The folder ``ontology/``.
        rows: The rows of evidence, and the pairs in conflict.
        files: The Turtle sources.
        problems: Takes the complaints.
    """
    readings = _read(ontology, problems)
    if not readings:
        return
    found = {item.id: item for item in readables(rows, files)}
    for reading in readings:
        item = found.get(reading["id"])
        if item is None:
            problems.add(
                reading.place,
                f"{reading['id']} was read and is gone: take the line out, "
                "or sign all by mmn-kg sign READER",
            )
        elif item.digest != reading["digest"]:
            problems.add(
                item.place,
                f"{item.id} was changed after it was read: have it read again, "
                f"then mmn-kg sign READER {item.file}",
            )


def _read(ontology: Path, problems: Problems) -> list[Row]:
    path = ontology / FILE
    if not path.is_file():
        return []
    return read_table(path, name=FILE, columns=_COLUMNS, required=_COLUMNS, problems=problems)


def sign(ontology: Path, reader: str, names: Sequence[str] = ()) -> str:
    """
    Return ``readings.tsv`` with all that has been read signed.

    Rows are signed where ``second_read`` is filled, terms and pairs in conflict always. Who signed
    an unchanged one before remains its reader.

    Args:
        ontology: The folder ``ontology/``.
        reader: Who has read.
        names: The sources to sign, as paths or as messages name them (``facts/symptoms.tsv``);
            all of them where there is none, and only then are lines dropped whose row or term is
            gone.

    Raises:
        InputError: The reader is no plain text, or there is no such source.
        SourceError: A source is malformed.
    """
    if not reader.strip() or reader != " ".join(reader.split()):
        raise errors.InputError(f"the reader is a name on one line, not {reader!r}")
    items, old = _everything(ontology)
    found = {item.id: item for item in items}
    wanted = _wanted(ontology, names, {item.file for item in items})
    before = {reading["id"]: (reading["reader"], reading["digest"]) for reading in old}
    kept = {  # what was not asked about stays as it is
        id_: line
        for id_, line in before.items()
        if (found[id_].file not in wanted if id_ in found else names)
    }
    for item in items:
        if item.read and item.file in wanted:
            line = before.get(item.id, ("", ""))
            kept[item.id] = line if line[1] == item.digest else (reader, item.digest)
    lines = ["\t".join(_COLUMNS), *("\t".join((id_, *kept[id_])) for id_ in sorted(kept))]
    return "\n".join(lines) + "\n"


def _everything(ontology: Path) -> tuple[list[Readable], list[Row]]:
    problems = Problems()
    rows = [
        row
        for path in sorted((ontology / "facts").glob("*.tsv"))
        for row in read_table(
            path,
            name=f"facts/{path.name}",
            columns=FACT_COLUMNS,
            required=("row",),
            problems=problems,
        )
    ]
    rows += read_table(
        ontology / "conflicts.tsv",
        name="conflicts.tsv",
        columns=CONFLICT_COLUMNS,
        required=CONFLICT_COLUMNS,
        problems=problems,
    )
    paths = [
        ontology / "schema.ttl",
        ontology / "header.ttl",
        *sorted((ontology / "entities").glob("*.ttl")),
    ]
    files = [
        read_turtle(path, name=path.relative_to(ontology).as_posix(), problems=problems)
        for path in paths
    ]
    old = _read(ontology, problems)
    problems.raise_if_any()
    return list(readables(rows, files)), old


def _wanted(ontology: Path, names: Sequence[str], known: set[str]) -> set[str]:
    if not names:
        return known
    wanted = set()
    for name in names:
        path = Path(name).resolve()
        inside = path.is_relative_to(ontology.resolve())
        found = path.relative_to(ontology.resolve()).as_posix() if inside else name
        if found not in known:
            raise errors.InputError(f"{name}: is no source: use {' '.join(sorted(known))}")
        wanted.add(found)
    return wanted
