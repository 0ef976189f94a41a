"""
Compile ``ontology/assumptions/``: figures without a source, apart from the evidence.

`matrix.tsv` and `anatomy.tsv` become ``mmn:Assumption`` records in ``mmn-kg-assumptions.ttl``; they
never become an assertion, an edge or evidence. The other tables (hierarchy, groups, patterns,
demographics, priors) are read as they are; here their terms are checked.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from mmn_kg import terms
from mmn_kg.answers import canonical_number
from mmn_kg.build.sources import Problems, Row, literal, read_table
from mmn_kg.build.vocabulary import Vocabulary
from mmn_kg.turtle import serialise

_COMMENT: Final = (
    "# Assumptions of mmn-kg: expert judgement with interval and reason. No evidence. Compiled."
)
_COLUMNS: Final = (
    *("row", "subject", "predicate", "object", "scope", "polarity"),
    *("percent", "low", "high", "class", "reason"),
)
#: Table → all its columns; those that hold terms.
_PLAIN: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "demographics": (
        (
            *("disease", "onset_mean", "onset_sd", "age_class", "percent_male", "male_low"),
            *("male_high", "male_class", "p_acute_lt4wk", "p_subacute_4_12wk"),
            *("p_chronic_gt12wk", "tempo_class", "reason", "source"),
        ),
        ("disease",),
    ),
    "groups": (("group", "finding", "why"), ("finding",)),
    "parents": (("child", "parent", "kind", "reason"), ("child", "parent")),
    "patterns": (
        (
            *("disease", "single_nerve", "single_root", "plexus", "multifocal", "length_dep_sym"),
            *("proximal_sym", "generalised_asym_AHC", "bulbar_ocular", "limb_segmental"),
            *("class", "reason"),
        ),
        ("disease",),
    ),
    "priors": (
        (
            *("disease", "measure", "value", "point_estimate", "note", "population"),
            *("source", "read_as"),
        ),
        ("disease",),
    ),
}


def compile_assumptions(ontology: Path, vocabulary: Vocabulary, problems: Problems) -> str:
    """Return ``mmn-kg-assumptions.ttl``; complaints about any table go to ``problems``."""
    triples: list[Triple] = []
    seen: dict[str, str] = {}
    for path in sorted((ontology / "assumptions").glob("*.tsv")):
        name = f"assumptions/{path.name}"
        columns, term_columns = _PLAIN.get(path.stem, (_COLUMNS, ("subject", "object", "scope")))
        rows = read_table(
            path, name=name, columns=columns, required=term_columns[:2], problems=problems
        )
        for row in rows:
            _check_terms(row, term_columns, vocabulary, problems)
            if path.stem not in _PLAIN:
                if row["row"] in seen:
                    problems.add(row.place, f"{row['row']!r} stands in {seen[row['row']]} too")
                seen[row["row"]] = row.place
                triples.extend(_record(row, vocabulary, problems))
    return serialise(triples, comment=_COMMENT)


def _check_terms(
    row: Row, columns: tuple[str, ...], vocabulary: Vocabulary, problems: Problems
) -> None:
    for column in columns:
        if row[column] and terms.iri("mmn", row[column]) not in vocabulary.kind_of:
            problems.add(row.place, f"undeclared term {row[column]!r} in {column}")


def _record(row: Row, vocabulary: Vocabulary, problems: Problems) -> Iterator[Triple]:
    if terms.iri("mmn", row["predicate"]) not in vocabulary.relations:
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
    for column in ("percent", "low", "high"):
        if row[column]:
            try:
                yield Triple(subject, _node("mmn", column), _decimal(row[column]))
            except ValueError:
                problems.add(row.place, f"{column} is a plain decimal, not {row[column]!r}")
    yield Triple(subject, _node("mmn", "reason"), literal(row["reason"]))
    if row["class"]:
        yield Triple(subject, _node("mmn", "estimateClass"), literal(row["class"]))


def _decimal(text: str) -> Literal:
    float(text)
    return literal(canonical_number(text), "decimal")


def _node(prefix: str, local: str) -> NamedNode:
    return NamedNode(terms.iri(prefix, local))
