"""
Compile the sources under ``ontology/`` into the one graph that is loaded and shipped.

    schema.ttl + entities/*.ttl ─┐
    facts/*.tsv ─────────────────┤
    references.tsv, ledger.tsv ──┼→ mmn-kg.ttl, shapes/generated.ttl
    conflicts.tsv ───────────────┤      context.jsonld
    assumptions/*.tsv ───────────┼→ mmn-kg-assumptions.ttl, differential.json, lesions.json
    mappings/*.sssom.tsv ────────┤
    readings.tsv (sign-off) ─────┘

Rows become assertions and evidence (`claims`), the rest is carried over. Every term, relation,
column and source must be declared; each complaint names its file and line.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Triple

from mmn_kg import errors, terms
from mmn_kg.answers import canonical_number
from mmn_kg.build import readings
from mmn_kg.build.assumptions import COMMENT, compile_assumptions
from mmn_kg.build.axioms import motor_only_axioms
from mmn_kg.build.claims import Claims
from mmn_kg.build.shapes import generated_shapes
from mmn_kg.build.sources import Problems, literal, read_table, read_turtle
from mmn_kg.build.vocabulary import Vocabulary
from mmn_kg.clinical import differential, lesions, table
from mmn_kg.export import context
from mmn_kg.store import KnowledgeGraph
from mmn_kg.turtle import header, serialise

_COMMENT: Final = (
    "# mmn-kg: a knowledge graph of multifocal motor neuropathy. Compiled; do not edit.\n"
    "# Licence: CC BY 4.0. It informs and teaches; it is not medical advice.\n"
    "# The redirect of https://w3id.org/mmn-kg/ is not registered yet: the identifiers are\n"
    "# stable, but do not resolve."
)
_SSSOM: Final = (
    "subject_id",
    "subject_label",
    "predicate_id",
    "object_id",
    "object_label",
    "mapping_justification",
    "object_source_version",
    "comment",
)


@dataclass(frozen=True, slots=True)
class Compiled:
    """What one run of the compiler yields: text by path below ``ontology/``, and counts."""

    files: dict[str, str]
    assertions: int
    evidences: int
    triples: int


def compile_sources(ontology: Path, *, version: str) -> Compiled:
    """
    Compile all sources below a folder; nothing is written.

    Args:
        ontology: The folder ``ontology/``.
        version: The version for ``owl:versionIRI``.

    Raises:
        SourceError: One line for each complaint, with file and line.
    """
    problems = Problems()
    paths = [
        ontology / "schema.ttl",
        ontology / "header.ttl",
        *sorted((ontology / "entities").glob("*.ttl")),
    ]
    files = [
        read_turtle(path, name=path.relative_to(ontology).as_posix(), problems=problems)
        for path in paths
    ]
    problems.raise_if_any()
    vocabulary = Vocabulary(files, problems)
    claims = Claims(ontology, vocabulary, problems)
    rows = [row for assertion in claims.assertions.values() for row in assertion.rows]
    readings.check(ontology, [*rows, *claims.conflicts], files, problems)
    problems.raise_if_any()
    triples = {_canonical(triple) for file in files for triple in file.triples}
    triples.update(vocabulary.typing())
    triples.update(motor_only_axioms(vocabulary))
    triples.update(claims.triples())
    triples.update(_mappings(ontology, vocabulary, problems))
    triples.update(_version(version))
    assumptions = compile_assumptions(ontology, vocabulary, claims.reference_ids, problems)
    problems.raise_if_any()
    graph = KnowledgeGraph.of(triples)
    return Compiled(
        files={
            "mmn-kg.ttl": serialise(triples, comment=_COMMENT),
            "mmn-kg-assumptions.ttl": serialise(assumptions, comment=COMMENT),
            "shapes/generated.ttl": generated_shapes(vocabulary),
            "context.jsonld": _context(graph),
            **_tables(graph, assumptions),
        },
        assertions=len(claims.assertions),
        evidences=claims.evidence_count,
        triples=len(triples),
    )


def _canonical(triple: Triple) -> Triple:
    """Write a number in its canonical form, the same that every engine prints."""
    value = triple.object
    if isinstance(value, Literal) and value.datatype.value == terms.iri("xsd", "decimal"):
        number = literal(canonical_number(value.value), "decimal")
        return Triple(triple.subject, triple.predicate, number)
    return triple


def _tables(graph: KnowledgeGraph, assumptions: Sequence[Triple]) -> dict[str, str]:
    """Return the tables that clinical reasoning rests on: graph and assumptions, tabulated."""
    assumed = graph.copy()
    assumed.add(assumptions)
    return {
        table.FILE: _json(differential.tabulate(assumed).to_dict()),
        lesions.FILE: lesions.LesionTable.of(assumed).to_json(),
    }


def _json(document: Mapping[str, Any]) -> str:
    """Write a table as JSON, one line an entry, so that a change shows where it is."""

    def compact(value: object) -> str:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    parts = []
    for key, value in document.items():
        if isinstance(value, dict) and value:
            lines = ",\n".join(f" {compact(k)}:{compact(v)}" for k, v in value.items())
            parts.append(f"{compact(key)}:{{\n{lines}\n}}")
        else:
            parts.append(f"{compact(key)}:{compact(value)}")
    return "{" + ",\n".join(parts) + "}\n"


def _context(graph: KnowledgeGraph) -> str:
    found = context(graph)
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def canonical_sources(ontology: Path) -> dict[Path, str]:
    """Return the canonical form of every hand-written Turtle source, by path."""
    problems = Problems()
    paths = [
        path
        for folder in (".", "entities", "shapes")
        for path in sorted((ontology / folder).glob("*.ttl"))
        if path.name not in {"mmn-kg.ttl", "mmn-kg-assumptions.ttl", "generated.ttl"}
    ]
    texts = {}
    for path in paths:
        file = read_turtle(path, name=path.relative_to(ontology).as_posix(), problems=problems)
        problems.raise_if_any()
        try:
            texts[path] = serialise(file.triples, comment=header(file.text))
        except errors.SourceError as error:
            raise errors.SourceError(f"{file.name}: {error}") from error
    return texts


def _mappings(ontology: Path, vocabulary: Vocabulary, problems: Problems) -> set[Triple]:
    triples = set()
    for path in sorted((ontology / "mappings").glob("*.sssom.tsv")):
        rows = read_table(
            path,
            name=path.relative_to(ontology).as_posix(),
            columns=_SSSOM,
            required=("subject_id", "predicate_id", "object_id", "mapping_justification"),
            problems=problems,
        )
        for row in rows:
            subject, predicate, target = (
                terms.expand(row[column]) for column in ("subject_id", "predicate_id", "object_id")
            )
            if subject is None or subject not in vocabulary.declared:
                problems.add(row.place, f"undeclared term {row['subject_id']!r}")
            elif predicate is None or predicate not in vocabulary.declared:
                problems.add(row.place, f"undeclared mapping predicate {row['predicate_id']!r}")
            elif target is None:
                problems.add(row.place, f"no known prefix in {row['object_id']!r}")
            else:
                triples.add(Triple(NamedNode(subject), NamedNode(predicate), NamedNode(target)))
    return triples


def _version(version: str) -> list[Triple]:
    ontology = NamedNode(terms.ONTOLOGY)
    return [
        Triple(
            ontology,
            NamedNode(terms.iri("owl", "versionIRI")),
            NamedNode(f"{terms.ONTOLOGY}/{version}"),
        ),
        Triple(ontology, NamedNode(terms.iri("owl", "versionInfo")), literal(version)),
    ]
