"""The answer to a query: columns and rows, free of any engine, and its text formats."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final, Literal

from mmn_kg import terms

_XSD: Final = terms.PREFIXES["xsd"]
_STRING: Final = f"{_XSD}string"
_NUMBERS: Final = frozenset(
    f"{_XSD}{name}" for name in ("integer", "decimal", "double", "float", "int", "long")
)


@dataclass(frozen=True, slots=True)
class Cell:
    """
    One RDF term of an answer.

    Numbers are held in canonical form, so that ``60.0`` of one engine equals ``60`` of another.

    Attributes:
        kind: ``"uri"``, ``"literal"`` or ``"bnode"``, as in the SPARQL results format.
        value: The IRI, the text of the literal, or the name of the blank node.
        datatype: The datatype's IRI; "" for a plain string or a non-literal.
        language: The language tag, or "".
    """

    kind: Literal["uri", "literal", "bnode"]
    value: str
    datatype: str = ""
    language: str = ""

    @classmethod
    def literal(cls, value: str, datatype: str = "", language: str = "") -> Cell:
        """Make a literal; a plain string has no datatype, a number its canonical text."""
        if datatype in _NUMBERS:
            value = canonical_number(value)
        return cls("literal", value, "" if datatype == _STRING or language else datatype, language)

    def __str__(self) -> str:
        """Return the CURIE of an IRI, else the bare value."""
        return terms.curie(self.value) if self.kind == "uri" else self.value

    def to_json(self) -> dict[str, str]:
        """Return the term as the SPARQL 1.1 Query Results JSON format has it."""
        found = {"type": self.kind, "value": self.value}
        if self.datatype:
            found["datatype"] = self.datatype
        if self.language:
            found["xml:lang"] = self.language
        return found


def canonical_number(text: str) -> str:
    """
    Write a number so that equal numbers are equal texts.

    >>> canonical_number("60.0"), canonical_number("2E1"), canonical_number("INF")
    ('60', '20', 'INF')
    """
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    if not number.is_finite():
        return text
    return f"{number.normalize():f}"


@dataclass(frozen=True, slots=True)
class Answer:
    """
    The rows of a SELECT.

    Attributes:
        columns: The variables, in the order of the query.
        rows: One tuple a solution; None where a variable is unbound.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell | None, ...], ...]

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.rows)

    def __iter__(self) -> Iterator[dict[str, str]]:
        """
        Yield each row as a plain dict: CURIEs for IRIs, texts for literals.

        Unbound variables are left out.
        """
        for row in self.rows:
            yield {
                name: str(cell)
                for name, cell in zip(self.columns, row, strict=True)
                if cell is not None
            }

    def to_json(self) -> str:
        """Return the SPARQL 1.1 Query Results JSON document."""
        bindings = [
            {
                name: cell.to_json()
                for name, cell in zip(self.columns, row, strict=True)
                if cell is not None
            }
            for row in self.rows
        ]
        document = {"head": {"vars": list(self.columns)}, "results": {"bindings": bindings}}
        return json.dumps(document, ensure_ascii=False, indent=2)

    def to_csv(self) -> str:
        """Return SPARQL 1.1 CSV: full IRIs, bare literals."""
        stream = io.StringIO()
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerow(self.columns)
        writer.writerows(["" if cell is None else cell.value for cell in row] for row in self.rows)
        return stream.getvalue()

    def to_tsv(self) -> str:
        """Return SPARQL 1.1 TSV: terms in Turtle's notation."""
        lines = ["\t".join(f"?{name}" for name in self.columns)]
        lines += ["\t".join(_turtle(cell) for cell in row) for row in self.rows]
        return "\n".join(lines) + "\n"

    def to_table(self, label: Callable[[str], str | None], *, width: int = 0) -> str:
        """
        Return a table for people.

        Args:
            label: Gives the label of an IRI, or None.
            width: The width of the screen; columns are cut to fit. 0 cuts nothing.
        """
        body = [[_shown(cell, label) for cell in row] for row in self.rows]
        return _align([list(self.columns), *body], width)

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> Answer:
        """Read the SPARQL 1.1 Query Results JSON format, as endpoints send it."""
        columns = tuple(document["head"]["vars"])
        return cls(
            columns,
            tuple(
                tuple(_from_json(binding.get(name)) for name in columns)
                for binding in document["results"]["bindings"]
            ),
        )


def _from_json(found: dict[str, str] | None) -> Cell | None:
    if found is None:
        return None
    if found["type"] in {"literal", "typed-literal"}:
        return Cell.literal(
            found["value"], found.get("datatype", ""), found.get("xml:lang", "").lower()
        )
    return Cell("uri" if found["type"] == "uri" else "bnode", found["value"])


def _turtle(cell: Cell | None) -> str:
    if cell is None:
        return ""
    if cell.kind == "uri":
        return f"<{cell.value}>"
    if cell.kind == "bnode":
        return f"_:{cell.value}"
    if cell.datatype == f"{_XSD}integer":
        return cell.value
    text = json.dumps(cell.value, ensure_ascii=False)
    if cell.language:
        return f"{text}@{cell.language}"
    return f"{text}^^<{cell.datatype}>" if cell.datatype else text


def _shown(cell: Cell | None, label: Callable[[str], str | None]) -> str:
    if cell is None:
        return ""
    if cell.kind == "uri":
        return label(cell.value) or terms.curie(cell.value)
    return " ".join(cell.value.split())


def _align(table: list[list[str]], width: int) -> str:
    widths = [max(len(row[i]) for row in table) for i in range(len(table[0]))]
    gaps = 2 * (len(widths) - 1)
    while width and sum(widths) + gaps > width and max(widths) > 8:
        widths[widths.index(max(widths))] -= 1
    lines = []
    for number, row in enumerate(table):
        cells = [_cut(text, size).ljust(size) for text, size in zip(row, widths, strict=True)]
        lines.append("  ".join(cells).rstrip())
        if number == 0:
            lines.append("  ".join("─" * size for size in widths))
    return "\n".join(lines)


def _cut(text: str, size: int) -> str:
    return text if len(text) <= size else f"{text[: size - 1]}…"
