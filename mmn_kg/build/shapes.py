"""The SHACL shapes that follow from the list of relations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from mmn_kg import terms
from mmn_kg.build.vocabulary import Vocabulary
from mmn_kg.turtle import serialise

_COMMENT: Final = (
    "# Shapes that follow from the domain and range of each relation. Compiled; do not edit."
)


def generated_shapes(vocabulary: Vocabulary) -> str:
    """Write two shapes a relation, one for its subjects and one for its objects, as Turtle."""
    triples: list[Triple] = []
    for iri, relation in sorted(vocabulary.relations.items()):
        name = iri.removeprefix(terms.BASE)
        for side, target, kinds in (
            ("Subject", "targetSubjectsOf", relation.domain),
            ("Object", "targetObjectsOf", relation.range),
        ):
            shape = NamedNode(terms.iri("mmn", f"{name[0].upper()}{name[1:]}{side}Shape"))
            wanted = " or ".join(sorted(terms.curie(kind) for kind in kinds))
            message = (
                f"The {side.lower()} of mmn:{name} must be a {wanted}: "
                "give the term its kind, or use another relation."
            )
            triples += [
                Triple(shape, _node("rdf", "type"), _node("sh", "PropertyShape")),
                Triple(shape, _node("sh", target), NamedNode(iri)),
                Triple(shape, _node("sh", "path"), _node("mmn", "kind")),
                Triple(shape, _node("sh", "minCount"), Literal(1)),
                Triple(shape, _node("sh", "message"), Literal(message)),
            ]
            triples += _in(shape, sorted(kinds))
    return serialise(triples, comment=_COMMENT)


def _in(shape: NamedNode, kinds: list[str]) -> Iterator[Triple]:
    cells = [BlankNode() for _ in kinds]
    yield Triple(shape, _node("sh", "in"), cells[0])
    for index, (cell, kind) in enumerate(zip(cells, kinds, strict=True)):
        following = cells[index + 1] if index + 1 < len(cells) else _node("rdf", "nil")
        yield Triple(cell, _node("rdf", "first"), NamedNode(kind))
        yield Triple(cell, _node("rdf", "rest"), following)


def _node(prefix: str, local: str) -> NamedNode:
    return NamedNode(terms.iri(prefix, local))
