"""The graph in memory: load, merge, look up terms, select, ask, construct."""

from __future__ import annotations

import difflib
import io
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    NamedNode,
    Quad,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    Triple,
    parse,
    serialize,
)
from pyoxigraph import Literal as RdfLiteral

from mmn_kg import assets, errors, terms
from mmn_kg.answers import Answer, Cell

if TYPE_CHECKING:
    import rdflib

_LABEL: Final = terms.iri("rdfs", "label")
_SYNONYM: Final = terms.iri("skos", "altLabel")
_EXACT: Final = terms.iri("skos", "exactMatch")


class KnowledgeGraph:
    """
    The knowledge graph, in an embedded Oxigraph store.

    Example:
        >>> kg = KnowledgeGraph.load()
        >>> kg.label(kg.find("wrist drop"))
        'wrist drop'
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    # --- Loading -------------------------------------------------------------------------------

    @classmethod
    def load(cls, *files: str | Path) -> KnowledgeGraph:
        """
        Load the shipped graph, and merge the user's own files into it.

        Args:
            files: Graph files in any format that `reader.read_graph` knows.

        Raises:
            InputError: A file cannot be read or is malformed; nothing is merged then.
        """
        graph = cls(Store())
        graph._read(assets.graph_file())
        graph.merge(*files)
        return graph

    def _read(self, path: Path) -> None:
        """Read a compiled file of our own."""
        if not path.is_file():
            raise errors.EnvironmentLacksError(f"{path} is missing: run mmn-kg compile")
        self._store.load(path=str(path), format=RdfFormat.TURTLE)  # bulk_load: 20 MB more

    @classmethod
    def of(cls, triples: Iterable[Triple]) -> KnowledgeGraph:
        """Make a graph of triples alone, without the shipped ones."""
        graph = cls(Store())
        graph.add(triples)
        return graph

    def copy(self) -> KnowledgeGraph:
        """Return a graph of the same triples that can be changed by itself."""
        graph = KnowledgeGraph(Store())
        graph._store.extend(self._store)
        return graph

    def merge(self, *files: str | Path) -> None:
        """Add the triples of files to the graph: all of them, or none on an error."""
        from mmn_kg.reader import read_graph

        self.add(triple for file in [read_graph(Path(file)) for file in files] for triple in file)

    def add(self, triples: Iterable[Triple]) -> None:
        """Add triples to the graph."""
        self._store.extend(
            Quad(triple.subject, triple.predicate, triple.object, DefaultGraph())
            for triple in triples
        )
        for name in ("_labels", "_names", "_assuming"):
            self.__dict__.pop(name, None)

    def with_assumptions(self) -> KnowledgeGraph:
        """
        Return a graph of these triples and the assumptions; this one stays evidence alone.

        It is made when it is first asked for, and kept until this graph changes.

        Raises:
            EnvironmentLacksError: The file of assumptions is missing.

        Example:
            >>> kg = KnowledgeGraph.load()
            >>> len(kg.with_assumptions()) > len(kg)
            True
        """
        return self._assuming

    @cached_property
    def _assuming(self) -> KnowledgeGraph:
        graph = self.copy()
        graph._read(assets.assumptions_file())
        return graph

    def __len__(self) -> int:
        """Return the number of triples."""
        return len(self._store)

    def triples(self) -> Iterator[Triple]:
        """Yield every triple."""
        return (quad.triple for quad in self._store)

    def to_turtle(self) -> bytes:
        """Write the graph as Turtle: fast, in a fixed order, in no house style (see `export`)."""
        lines = self._store.dump(format=RdfFormat.N_TRIPLES, from_graph=DefaultGraph()) or b""
        ordered = b"\n".join(sorted(lines.split(b"\n")))
        return to_bytes(
            (quad.triple for quad in parse(ordered, format=RdfFormat.N_TRIPLES)), RdfFormat.TURTLE
        )

    # --- Queries -------------------------------------------------------------------------------

    def select(self, query: str) -> Answer:
        """
        Run a SELECT.

        Raises:
            QuerySyntaxError: The query is malformed, or no SELECT.
        """
        found = self.query(query)
        if not isinstance(found, QuerySolutions):
            raise errors.QuerySyntaxError("the query is no SELECT: use ask or construct")
        columns = tuple(variable.value for variable in found.variables)
        return Answer(
            columns,
            tuple(tuple(to_cell(solution[name]) for name in columns) for solution in found),
        )

    def ask(self, query: str) -> bool:
        """Run an ASK; raise QuerySyntaxError if it is malformed or none."""
        found = self.query(query)
        if not isinstance(found, QueryBoolean):
            raise errors.QuerySyntaxError("the query is no ASK: use select or construct")
        return bool(found)

    def construct(self, query: str) -> list[Triple]:
        """Run a CONSTRUCT or DESCRIBE; raise QuerySyntaxError if it is malformed or none."""
        found = self.query(query)
        if not isinstance(found, QueryTriples):
            raise errors.QuerySyntaxError("the query is no CONSTRUCT: use select or ask")
        return list(found)

    def query(self, query: str) -> QuerySolutions | QueryBoolean | QueryTriples:
        """Run a query of any form and return the engine's own result, which can be streamed."""
        try:
            return self._store.query(query)
        except SyntaxError as error:
            told = " ".join(str(error).split())
            raise errors.QuerySyntaxError(f"malformed SPARQL: {told[:200]}") from error

    # --- Terms ---------------------------------------------------------------------------------

    def find(self, term: str) -> str:
        """
        Find a term by CURIE, IRI, label or synonym (letter case ignored), or bare local name.

        An identifier of another vocabulary finds the term of ours that it matches exactly.

        Returns:
            The term's IRI.

        Raises:
            UnknownTermError: There is none; the message names the three nearest.

        Example:
            >>> KnowledgeGraph.load().find("HP:0031189")
            'https://w3id.org/mmn-kg/WristDrop'
        """
        text = term.strip()
        full = terms.expand(text) or (text.strip("<>") if "://" in text else None)
        if full is not None and _is_iri(full):
            if self._has(NamedNode(full)):
                return full
            matches = sorted(
                quad.subject.value
                for quad in self._store.quads_for_pattern(None, NamedNode(_EXACT), NamedNode(full))
                if isinstance(quad.subject, NamedNode)
            )
            if len(matches) == 1:
                return matches[0]
            if matches:
                names = ", ".join(terms.curie(match) for match in matches)
                raise errors.UnknownTermError(f"{term} matches several terms: choose from {names}")
        elif text.casefold() in self._names:
            return self._names[text.casefold()]
        elif terms.is_local(text) and self._has(NamedNode(terms.iri("mmn", text))):
            return terms.iri("mmn", text)
        raise errors.UnknownTermError(f"unknown term {term!r}: {self._nearest(text)}")

    def label(self, iri: str) -> str | None:
        """Return the label of a term, or None."""
        return self._labels.get(iri)

    def _has(self, node: NamedNode) -> bool:
        return next(self._store.quads_for_pattern(node, None, None), None) is not None

    def _nearest(self, text: str) -> str:
        name = text.rpartition(":")[2]
        candidates = dict(self._names)
        candidates |= {
            iri.removeprefix(terms.BASE).casefold(): iri
            for iri in self._labels
            if iri.startswith(terms.BASE)
        }
        found: list[str] = []
        for match in difflib.get_close_matches(name.casefold(), candidates, n=12, cutoff=0.0):
            shown = f"{terms.curie(candidates[match])} ({self._labels[candidates[match]]})"
            if shown not in found:
                found.append(shown)
        return f"the nearest are {', '.join(found[:3])}"

    @cached_property
    def _labels(self) -> dict[str, str]:
        labels: dict[str, str] = {}
        for quad in self._store.quads_for_pattern(None, NamedNode(_LABEL), None):
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, RdfLiteral):
                known = labels.get(quad.subject.value)
                if known is None or quad.object.value < known:
                    labels[quad.subject.value] = quad.object.value
        return labels

    @cached_property
    def _names(self) -> dict[str, str]:
        names: dict[str, str] = {}
        for quad in self._store.quads_for_pattern(None, NamedNode(_SYNONYM), None):
            if isinstance(quad.subject, NamedNode) and quad.subject.value in self._labels:
                names.setdefault(quad.object.value.casefold(), quad.subject.value)  # type: ignore[union-attr]
        names |= {label.casefold(): iri for iri, label in sorted(self._labels.items())}
        return names

    # --- Handing over --------------------------------------------------------------------------

    def as_rdflib(self) -> rdflib.Graph:
        """
        Return a copy as an rdflib graph, with our prefixes bound.

        Changes to the copy do not reach this graph.
        """
        import rdflib

        graph = rdflib.Graph(bind_namespaces="none")
        for prefix, namespace in terms.PREFIXES.items():
            graph.bind(prefix, namespace)
        for statement in to_rdflib(self.triples()):
            graph.add(statement)
        return graph


def load(*files: str | Path) -> KnowledgeGraph:
    """
    Load the shipped graph, and merge the user's own files into it (`KnowledgeGraph.load`).

    >>> len(load()) > 1000
    True
    """
    return KnowledgeGraph.load(*files)


def convert(ntriples: str, format_: Literal["ttl", "jsonld"]) -> str:
    """Write N-Triples as Turtle with our prefixes, or as JSON-LD."""
    triples = sorted((quad.triple for quad in parse(ntriples, format=RdfFormat.N_TRIPLES)), key=str)
    formats = {"ttl": RdfFormat.TURTLE, "jsonld": RdfFormat.JSON_LD}
    return to_bytes(triples, formats[format_]).decode("utf-8")


def to_bytes(statements: Iterable[Triple] | Iterable[Quad], format_: RdfFormat) -> bytes:
    """Write triples or quads in the order given, with our prefixes where the format has any."""
    named = {RdfFormat.TURTLE, RdfFormat.TRIG, RdfFormat.RDF_XML}
    stream = io.BytesIO()
    serialize(
        statements,
        stream,
        format=format_,
        prefixes=terms.PREFIXES if format_ in named else None,
    )
    return stream.getvalue()


def to_cell(node: object) -> Cell | None:
    """Convert a term of the store to a cell; None stays None."""
    if isinstance(node, NamedNode):
        return Cell("uri", node.value)
    if isinstance(node, RdfLiteral):
        return Cell.literal(node.value, node.datatype.value, node.language or "")
    if isinstance(node, BlankNode):
        return Cell("bnode", node.value)
    return None


def _is_iri(text: str) -> bool:
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True


def to_rdflib(triples: Iterable[Triple]) -> Iterator[tuple[Any, Any, Any]]:
    """Yield triples as rdflib has them; each term is converted once."""
    nodes: dict[object, rdflib.term.Node] = {}

    def converted(node: object) -> rdflib.term.Node:
        known = nodes.get(node)
        if known is None:
            known = nodes[node] = _to_rdflib(node)
        return known

    for triple in triples:
        yield converted(triple.subject), converted(triple.predicate), converted(triple.object)


def _to_rdflib(node: object) -> rdflib.term.Node:
    """Convert a term; a plain string loses its explicit xsd:string, as rdflib writes it."""
    import rdflib

    if isinstance(node, NamedNode):
        return rdflib.URIRef(node.value)
    if isinstance(node, BlankNode):
        return rdflib.BNode(node.value)
    if not isinstance(node, RdfLiteral):
        raise TypeError(f"{type(node).__name__} is no RDF 1.1 term")
    if node.language:
        return rdflib.Literal(node.value, lang=node.language)
    if node.datatype.value == terms.iri("xsd", "string"):
        return rdflib.Literal(node.value)
    return rdflib.Literal(node.value, datatype=rdflib.URIRef(node.datatype.value))
