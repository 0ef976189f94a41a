"""
Compile ``ontology/assumptions/``: figures without a source, apart from the evidence.

Each row of a table becomes one ``mmn:Assumption`` in ``mmn-kg-assumptions.ttl``; it never becomes
an assertion, an edge or evidence. Two tables have a form of their own: `groups` (findings that
share a cause become one ``mmn:DependenceGroup``) and `priors` (what the case-mix leans on; its
terms are checked, and it stays a table).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from mmn_kg import terms
from mmn_kg.answers import canonical_number
from mmn_kg.build.sources import Problems, Row, literal, read_table
from mmn_kg.build.vocabulary import Vocabulary

#: The comment lines of the file.
COMMENT: Final = (
    "# Assumptions of mmn-kg: expert judgement with interval and reason. No evidence. Compiled."
)
_COLUMNS: Final = (
    *("row", "subject", "predicate", "object", "scope", "polarity"),
    *("percent", "low", "high", "value", "deviation", "class", "source", "reason"),
)
_GROUP_COLUMNS: Final = ("group", "finding", "why")
_PRIOR_COLUMNS: Final = (
    *("disease", "measure", "value", "point_estimate", "note", "population"),
    *("source", "read_as"),
)
_TERMS: Final = ("subject", "object", "scope")
#: Cells of a record that hold a number → the property.
_NUMBERS: Final = {
    "percent": "percent",
    "low": "low",
    "high": "high",
    "value": "value",
    "deviation": "standardDeviation",
}


def compile_assumptions(
    ontology: Path, vocabulary: Vocabulary, references: Collection[str], problems: Problems
) -> list[Triple]:
    """
    Return the triples of ``mmn-kg-assumptions.ttl``; complaints go to ``problems``.

    Args:
        ontology: The folder ``ontology/``.
        vocabulary: What the Turtle sources declare.
        references: The ids of ``references.tsv``.
        problems: Takes the complaints.
    """
    triples: list[Triple] = []
    seen: dict[str, str] = {}
    for path in sorted((ontology / "assumptions").glob("*.tsv")):
        if path.stem == "groups":
            for row in _rows(path, _GROUP_COLUMNS, ("finding",), vocabulary, problems):
                triples.extend(_member(row))
        elif path.stem == "priors":
            _rows(path, _PRIOR_COLUMNS, ("disease",), vocabulary, problems)
        else:
            for row in _rows(path, _COLUMNS, _TERMS, vocabulary, problems):
                if row["row"] in seen:
                    problems.add(row.place, f"{row['row']!r} stands in {seen[row['row']]} too")
                seen[row["row"]] = row.place
                if row["source"] and row["source"] not in references:
                    problems.add(row.place, f"no source {row['source']!r} in references.tsv")
                triples.extend(_record(row, vocabulary, problems))
    return triples


def _rows(
    path: Path,
    columns: tuple[str, ...],
    term_columns: tuple[str, ...],
    vocabulary: Vocabulary,
    problems: Problems,
) -> list[Row]:
    rows = read_table(
        path,
        name=f"assumptions/{path.name}",
        columns=columns,
        required=term_columns[:2],
        problems=problems,
    )
    for row in rows:
        for column in term_columns:
            if row[column] and terms.iri("mmn", row[column]) not in vocabulary.kind_of:
                problems.add(row.place, f"undeclared term {row[column]!r} in {column}")
    return rows


def _member(row: Row) -> Iterator[Triple]:
    subject = NamedNode(terms.iri("assumption", f"group-{row['group']}"))
    yield Triple(subject, _node("rdf", "type"), _node("mmn", "DependenceGroup"))
    yield Triple(subject, _node("rdf", "type"), _node("owl", "NamedIndividual"))
    yield Triple(subject, _node("mmn", "groupsFinding"), _node("mmn", row["finding"]))
    yield Triple(subject, _node("mmn", "reason"), literal(row["why"]))


def _record(row: Row, vocabulary: Vocabulary, problems: Problems) -> Iterator[Triple]:
    relation = terms.iri("mmn", row["predicate"])
    if relation not in vocabulary.relations.keys() | vocabulary.instances("AssumedRelation"):
        problems.add(row.place, f"undeclared relation {row['predicate']!r}")
    if not row["reason"]:
        problems.add(row.place, "an assumption needs its reason")
    subject = NamedNode(terms.iri("assumption", row["row"]))
    yield Triple(subject, _node("rdf", "type"), _node("mmn", "Assumption"))
    yield Triple(subject, _node("rdf", "type"), _node("owl", "NamedIndividual"))
    for column in ("subject", "predicate", "object", "scope"):
        if row[column]:
            yield Triple(subject, _node("mmn", column), _node("mmn", row[column]))
    yield Triple(subject, _node("mmn", "polarity"), _node("mmn", row["polarity"] or "present"))
    for column, name in _NUMBERS.items():
        if row[column]:
            try:
                yield Triple(subject, _node("mmn", name), _decimal(row[column]))
            except ValueError:
                problems.add(row.place, f"{column} is a plain decimal, not {row[column]!r}")
    yield Triple(subject, _node("mmn", "reason"), literal(row["reason"]))
    if row["class"]:
        yield Triple(subject, _node("mmn", "estimateClass"), literal(row["class"]))
    if row["source"]:
        yield Triple(subject, _node("mmn", "leansOn"), _node("reference", row["source"]))


def _decimal(text: str) -> Literal:
    float(text)
    return literal(canonical_number(text), "decimal")


def _node(prefix: str, local: str) -> NamedNode:
    return NamedNode(terms.iri(prefix, local))
