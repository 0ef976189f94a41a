"""The class axioms that follow from marks on terms: what the disease cannot have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pyoxigraph import BlankNode, NamedNode, Triple

from mmn_kg import terms
from mmn_kg.build.vocabulary import Vocabulary

_DISEASE: Final = NamedNode(terms.iri("mmn", "MultifocalMotorNeuropathy"))
#: Kind of the marked term → the relation that may not reach it.
_RELATIONS: Final = {"Finding": "hasFinding", "Nerve": "affectsNerve"}


def motor_only_axioms(vocabulary: Vocabulary) -> Iterator[Triple]:
    """
    Yield, for each term marked ``mmn:motorOnlyExclusion``, that no case of the disease reaches it.

    The axiom reads: the disease is a sub-class of "only (not the marked class)" of the relation.
    """
    for iri in sorted(vocabulary.excluded):
        kind = vocabulary.kind_of.get(iri, "").removeprefix(terms.BASE)
        if kind in _RELATIONS:
            yield from _never(_RELATIONS[kind], iri)


def _never(relation: str, iri: str) -> Iterator[Triple]:
    restriction, complement = BlankNode(), BlankNode()
    yield Triple(_DISEASE, _node("rdfs", "subClassOf"), restriction)
    yield Triple(restriction, _node("rdf", "type"), _node("owl", "Restriction"))
    yield Triple(restriction, _node("owl", "onProperty"), _node("mmn", relation))
    yield Triple(restriction, _node("owl", "allValuesFrom"), complement)
    yield Triple(complement, _node("rdf", "type"), _node("owl", "Class"))
    yield Triple(complement, _node("owl", "complementOf"), NamedNode(iri))


def _node(prefix: str, local: str) -> NamedNode:
    return NamedNode(terms.iri(prefix, local))
