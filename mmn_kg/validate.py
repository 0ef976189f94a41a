"""Check a graph: SHACL shapes by pySHACL, and the queries of ``queries/check``."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from mmn_kg import assets, catalog, errors, terms
from mmn_kg.answers import Cell
from mmn_kg.store import KnowledgeGraph, to_rdflib

if TYPE_CHECKING:
    import rdflib
    from pyoxigraph import Triple

    from mmn_kg.reason import Classification

Severity = Literal["violation", "warning", "info"]
_ORDER: Final[tuple[Severity, ...]] = ("violation", "warning", "info")


@dataclass(frozen=True, slots=True)
class Result:
    """
    One finding of a check.

    Attributes:
        severity: How bad it is.
        focus: The term that it is about, as a CURIE where it has one.
        path: The property, or None.
        value: The offending value, or None.
        source: The shape or the query that found it.
        message: What is wrong and how to mend it.
    """

    severity: Severity
    focus: str
    path: str | None
    value: str | None
    source: str
    message: str

    def __str__(self) -> str:
        """Return one line: severity, where, what, by which rule."""
        where = " ".join(part for part in (self.focus, self.path) if part)
        shown = f" ({self.value})" if self.value else ""
        return f"{self.severity}: {where}{shown}: {self.message} [{self.source}]"


@dataclass(frozen=True, slots=True)
class Report:
    """
    The outcome of a check.

    Attributes:
        results: Everything found, the worst first.
        shapes: How many shapes were applied.
        queries: How many check queries were run.
    """

    results: tuple[Result, ...]
    shapes: int
    queries: int

    @property
    def conforms(self) -> bool:
        """Whether there is no violation; warnings and infos do not count."""
        return not any(result.severity == "violation" for result in self.results)

    @property
    def counts(self) -> dict[str, int]:
        """How many results there are, by severity."""
        found = Counter(result.severity for result in self.results)
        return {severity: found[severity] for severity in _ORDER}

    def with_results(self, more: Iterable[Result]) -> Report:
        """Return a report with further results, the worst still first."""
        return Report(_sorted([*self.results, *more]), self.shapes, self.queries)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape that `mmn-kg check --format json` prints."""
        return {
            "conforms": self.conforms,
            "results": [asdict(result) for result in self.results],
            "counts": self.counts,
        }


def check(graph: KnowledgeGraph) -> Report:
    """
    Validate a graph.

    Returns:
        The report; a graph with violations raises nothing.

    Example:
        >>> check(KnowledgeGraph.load()).conforms
        True
    """
    results, shapes = _shacl(graph)
    queries = catalog.queries("check")
    for query in queries.values():
        results += _run(graph, query)
    return Report(_sorted(results), shapes, len(queries))


def from_owl(found: Classification) -> list[Result]:
    """Turn what HermiT found into results of a check."""
    results = [
        Result(
            "violation",
            name,
            None,
            None,
            "HermiT",
            "No case of this class can exist: look at its axioms and those of its parents.",
        )
        for name in found.unsatisfiable
    ]
    if not found.consistent:
        message = "The graph contradicts itself: take away the last edges and check again."
        results.append(Result("violation", "mmn:", None, None, "HermiT", message))
    return results


def _sorted(results: Iterable[Result]) -> tuple[Result, ...]:
    def key(item: Result) -> tuple[int, str, str, str]:
        return _ORDER.index(item.severity), item.focus, item.source, item.value or ""

    return tuple(sorted(results, key=key))


def _kinds(graph: KnowledgeGraph) -> list[Triple]:
    """Return the kind of each entity as ``mmn:kind``, which the shapes want beside the graph."""
    return graph.construct(
        f"""PREFIX mmn: <{terms.BASE}>
        CONSTRUCT {{ ?entity mmn:kind ?kind }} WHERE {{ ?entity a ?kind . ?kind a mmn:Kind }}"""
    )


def _run(graph: KnowledgeGraph, query: catalog.Query) -> list[Result]:
    message = f"{query.summary} {query.header['fix']}"
    rows = [
        dict(zip(("entity", "property", "value"), row, strict=True))
        for row in graph.select(query.text).rows
    ]
    return [
        Result(
            query.header["severity"],
            _text(row["entity"]) or "",
            _text(row["property"]),
            _text(row["value"]),
            query.name,
            message,
        )
        for row in rows
    ]


def _text(cell: Cell | None) -> str | None:
    return None if cell is None else str(cell)


def load_shapes() -> rdflib.Graph:
    """Return every shape under ``ontology/shapes`` as one rdflib graph."""
    import rdflib

    shapes = rdflib.Graph()
    for path in sorted((assets.folder("ontology") / "shapes").glob("*.ttl")):
        shapes.parse(path, format="turtle")
    if not shapes:
        raise errors.EnvironmentLacksError("ontology/shapes is empty: install mmn-kg again")
    return shapes


def _shacl(graph: KnowledgeGraph) -> tuple[list[Result], int]:
    import pyshacl
    import rdflib
    from rdflib import RDF, SH

    from mmn_kg.frozen import FrozenStore

    shapes = load_shapes()
    seen = filter(_mentioned(shapes), itertools.chain(graph.triples(), _kinds(graph)))
    _, report, _ = pyshacl.validate(
        rdflib.Graph(FrozenStore(to_rdflib(seen))),
        shacl_graph=shapes,
        inference=None,
        advanced=False,
        meta_shacl=False,
        inplace=True,
    )
    found = []
    for node in report.objects(None, SH.result):
        severity = str(report.value(node, SH.resultSeverity)).rpartition("#")[2].lower()
        messages = sorted(str(text) for text in report.objects(node, SH.resultMessage))
        found.append(
            Result(
                severity,  # type: ignore[arg-type]
                _curie(report.value(node, SH.focusNode)) or "",
                _curie(report.value(node, SH.resultPath)),
                _curie(report.value(node, SH.value)),
                _curie(report.value(node, SH.sourceShape)) or "",
                messages[0] if messages else "breaks a shape",
            )
        )
    kinds = (SH.NodeShape, SH.PropertyShape)
    return found, len({shape for kind in kinds for shape in shapes.subjects(RDF.type, kind)})


def _mentioned(shapes: rdflib.Graph) -> Callable[[Triple], bool]:
    """
    Tell which triples a shape can see.

    The rest (notes, mappings, titles, types that no shape asks for …) is left out of the copy that
    is validated. Core shapes cannot tell the difference, for none is closed; a closed one would
    keep everything.
    """
    from rdflib import SH, URIRef

    if next(shapes.subject_objects(SH.closed), None) is not None:
        return lambda _: True
    seen = {str(node) for triple in shapes for node in triple if isinstance(node, URIRef)}
    kind, parent = terms.iri("rdf", "type"), terms.iri("rdfs", "subClassOf")
    seen |= {kind, parent}
    silent = {terms.iri("owl", name) for name in ("Class", "NamedIndividual")} - seen

    def keep(triple: Triple) -> bool:
        predicate = triple.predicate.value
        return predicate in seen and not (
            predicate == kind and getattr(triple.object, "value", None) in silent
        )

    return keep


def _curie(node: object) -> str | None:
    """Return the CURIE of an IRI, the text of a literal, None for blank nodes and nothing."""
    import rdflib

    if node is None or isinstance(node, rdflib.BNode):
        return None
    return terms.curie(str(node))
