"""Read the files under ``ontology/``: tables and Turtle, with file and line in every complaint."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from mmn_kg import errors, terms


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: where it stands, and its cells by column."""

    file: str
    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        """Return the cell, "" where it is empty or the file has no such column."""
        return self.cells.get(column, "")

    @property
    def place(self) -> str:
        """The file and line, for a message."""
        return f"{self.file}:{self.line}"


class Problems:
    """
    Collects complaints, so that one run names all of them.

    Example:
        >>> problems = Problems()
        >>> problems.add("a.tsv:2", "unknown column 'colour'")
        >>> problems.raise_if_any()
        Traceback (most recent call last):
        ...
        mmn_kg.errors.SourceError: a.tsv:2: unknown column 'colour'
    """

    def __init__(self) -> None:
        self._lines: list[str] = []

    def add(self, place: str, text: str) -> None:
        """Note one complaint about a place."""
        self._lines.append(f"{place}: {text}")

    def raise_if_any(self) -> None:
        """Raise a SourceError with one line a complaint, in the order of places."""
        if self._lines:
            raise errors.SourceError("\n".join(sorted(set(self._lines), key=_natural)))


def _natural(text: str) -> list[tuple[int, int, str]]:
    """Sort key under which line 9 comes before line 10."""
    return [
        (1, int(part), "") if part.isdigit() else (0, 0, part) for part in re.split(r"(\d+)", text)
    ]


def read_table(
    path: Path, *, name: str, columns: Sequence[str], required: Sequence[str], problems: Problems
) -> list[Row]:
    """
    Read a tab-separated table without quoting.

    Lines that begin with ``#`` before the header are comments (SSSOM has them).

    Args:
        path: The file.
        name: How to call it in messages.
        columns: Every column that may occur.
        required: The columns that must occur and be filled in each row.
        problems: Takes the complaints.

    Returns:
        One Row a line.
    """
    lines = _lines(path, name, problems)
    if not lines:
        return []
    first = next((i for i, line in enumerate(lines) if not line.startswith("#")), 0)
    heads = lines[first].split("\t")
    _check_heads(f"{name}:{first + 1}", heads, columns, required, problems)
    rows = []
    for number, line in enumerate(lines[first + 1 :], first + 2):
        values = line.split("\t")
        if line and len(values) != len(heads):
            problems.add(f"{name}:{number}", f"has {len(values)} cells, the header {len(heads)}")
        elif line:
            row = Row(name, number, dict(zip(heads, values, strict=True)))
            _check_cells(row, required, problems)
            rows.append(row)
    return rows


def _lines(path: Path, name: str, problems: Problems) -> list[str]:
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        problems.add(name, f"is not UTF-8 (byte {error.start}): save it as UTF-8")
        return []
    if "\r" in text:
        problems.add(name, "has carriage returns: save it with plain line feeds")
        return []
    return text.split("\n")


def _check_heads(
    place: str,
    heads: Sequence[str],
    columns: Sequence[str],
    required: Sequence[str],
    problems: Problems,
) -> None:
    for column in heads:
        if column not in columns:
            problems.add(place, f"undeclared column {column!r}")
    for column in required:
        if column not in heads:
            problems.add(place, f"the column {column!r} is missing")
    if len(set(heads)) != len(heads):
        problems.add(place, "a column occurs twice")


def _check_cells(row: Row, required: Sequence[str], problems: Problems) -> None:
    for column, value in row.cells.items():
        if value != value.strip():
            problems.add(row.place, f"the cell {column!r} begins or ends with a space")
        if column in required and not value:
            problems.add(row.place, f"the cell {column!r} is empty")


@dataclass(frozen=True, slots=True)
class TurtleFile:
    """A Turtle source: its triples and the text, for finding the line of a term."""

    name: str
    text: str
    triples: tuple[Triple, ...]

    def line_of(self, iri: str) -> str:
        """Return ``file:line`` where a term begins a line, else of its first mention."""
        name = rf"{re.escape(terms.curie(iri))}(?![\w-])"
        found = re.search(rf"^{name}", self.text, re.MULTILINE) or re.search(
            rf"(?<![\w:]){name}", self.text
        )
        if found is None:
            return self.name
        return f"{self.name}:{self.text.count(chr(10), 0, found.start()) + 1}"


def read_turtle(path: Path, *, name: str, problems: Problems) -> TurtleFile:
    """Read a Turtle source; what stands before a syntax error is still returned."""
    text = path.read_text(encoding="utf-8")
    triples: list[Triple] = []
    try:
        for quad in parse(text, format=RdfFormat.TURTLE):
            triples.append(quad.triple)  # noqa: PERF401 - what stood before an error is kept
    except SyntaxError as error:
        problems.add(f"{name}:{error.lineno or 1}", f"malformed Turtle: {error.msg}")
    return TurtleFile(name, text, tuple(triples))


def own_terms(triples: Sequence[Triple]) -> Iterator[str]:
    """Yield every IRI of our namespace that a graph mentions."""
    for triple in triples:
        for node in (triple.subject, triple.predicate, triple.object):
            if isinstance(node, NamedNode) and node.value.startswith(terms.BASE):
                yield node.value


def literal(text: str, datatype: str = "string") -> Literal:
    """Make a literal of an XSD type, by the type's local name."""
    if datatype == "string":
        return Literal(text)
    return Literal(text, datatype=NamedNode(terms.iri("xsd", datatype)))
