"""
The global restrictions of OWL 2 DL on the hierarchy of object properties (section 11.2).

A property is composite if it is transitive, the end of a chain, or above such a one; the others
are simple. Only simple properties may be counted, functional, irreflexive, asymmetric or disjoint.
Chains must be regular: there is an order of the properties by which each chain only builds on
smaller ones, or on its own property at one end.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from mmn_kg import terms
from mmn_kg.build.owl import CARDINALITIES, names

#: A statement about an object property: property, predicate, values (the items of a chain).
Statement = tuple[str, str, tuple[str, ...]]

_TYPE: Final = terms.iri("rdf", "type")
_CHAIN: Final = terms.iri("owl", "propertyChainAxiom")
_TOP: Final = terms.iri("owl", "topObjectProperty")
_SUB: Final = terms.iri("rdfs", "subPropertyOf")
_SAME: Final = names("owl", "equivalentProperty inverseOf")
_ONLY_SIMPLE: Final = (
    CARDINALITIES
    | names("owl", "hasSelf propertyDisjointWith FunctionalProperty InverseFunctionalProperty")
    | names("owl", "IrreflexiveProperty AsymmetricProperty")
)


def hierarchy_breaches(statements: Iterable[Statement]) -> Iterator[tuple[str, str, str]]:
    """
    Yield (rule, property, what is wrong) for each breach.

    A property and its inverse are one here: what holds of the order of one holds of the other's.

    Args:
        statements: What is said of object properties. A cardinality or ``owl:hasSelf`` comes as the
            predicate, with the property that it counts.
    """
    found = list(statements)
    above: dict[str, set[str]] = defaultdict(set)
    for name, predicate, values in found:
        if predicate == _SUB or predicate in _SAME:
            above[name].update(values)
        if predicate in _SAME:
            above[values[0]].add(name)
    composite = {_TOP} | {
        name
        for name, predicate, values in found
        if predicate == _CHAIN or (predicate == _TYPE and values[0].endswith("#TransitiveProperty"))
    }
    composite |= {higher for name in composite for higher in _closure(name, above)}
    yield from _simple(found, composite)
    yield from _regular([(name, v) for name, p, v in found if p == _CHAIN], above)


def _simple(statements: Iterable[Statement], composite: set[str]) -> Iterator[tuple[str, str, str]]:
    for name, predicate, values in statements:
        said = values[0] if predicate == _TYPE else predicate
        if said in _ONLY_SIMPLE:
            told = "is composite (transitive, a chain, or above one) and cannot be in"
            for part in {name, *values} & composite:
                yield "simple", part, f"{told} {terms.curie(said)}"


def _regular(
    chains: list[tuple[str, tuple[str, ...]]], above: dict[str, set[str]]
) -> Iterator[tuple[str, str, str]]:
    greater: dict[str, set[str]] = defaultdict(set)
    for name, items in chains:
        if name == _TOP or items == (name, name):
            continue
        inner = items[1:] if items[0] == name else items[:-1] if items[-1] == name else items
        for item in inner:
            greater[item].add(name)
    for item in sorted(greater):
        beyond = _closure(item, greater)
        if item in beyond or any(item in _closure(other, above) for other in beyond):
            yield "regular", item, "is in a chain of a property that is not above it in any order"


def _closure(start: str, edges: dict[str, set[str]]) -> set[str]:
    """Return all that can be reached from a property, itself only if a cycle leads back."""
    found: set[str] = set()
    queue = list(edges.get(start, ()))
    while queue:
        name = queue.pop()
        if name not in found:
            found.add(name)
            queue += edges.get(name, ())
    return found
