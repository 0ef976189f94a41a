"""
Whether a graph is an OWL 2 DL ontology.

A reasoner that accepts a graph has not shown that: it drops what it cannot use. Here each triple
must be a declaration, an annotation, an assertion or part of an axiom, and the typing constraints
and global restrictions must hold (W3C, OWL 2 Structural Specification, sections 3, 5.8 and 11;
Mapping to RDF Graphs). Those on the hierarchy of properties are in `mmn_kg.build.regularity`. What
is legal but unknown here (keys, annotated axioms, data ranges that are no datatype …) is reported
too: nothing passes unjudged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from mmn_kg import terms
from mmn_kg.build import owl
from mmn_kg.build.expressions import ON, PARTS, TYPE, Breach, Judge, Node, iri_of
from mmn_kg.build.regularity import Statement, hierarchy_breaches

#: Types of blank nodes that are parts of axioms, no individuals.
_SYNTAX: Final = owl.names("owl", "Class Restriction AllDisjointClasses") | {
    terms.iri("rdf", "List")
}


def breaches(triples: Iterable[Triple]) -> list[Breach]:
    """
    Return every reason why the triples are not an OWL 2 DL ontology; none where they are one.

    Imports are not followed but reported. One IRI may be a class, a property and an individual.
    """
    return sorted(_Profile(list(triples)).found, key=str)


class _Profile(Judge):
    """A whole graph, judged when it is made; ``found`` holds the breaches."""

    def __init__(self, triples: Sequence[Triple]) -> None:
        super().__init__(triples)
        self.anonymous: set[Node] = set()
        self.edges: list[tuple[Node, Node]] = []  # those that an anonymous individual is in
        self._declarations()
        self._header()
        for triple in triples:
            self._statement(triple)
        self._blank_nodes()
        self._forest()
        for breach in hierarchy_breaches(self._hierarchy(triples)):
            self.tell(*breach)

    # --- Declarations ----------------------------------------------------------------------------

    def _declarations(self) -> None:
        for subject, said in self.out.items():
            for category in filter(None, map(owl.DECLARED_AS.get, map(iri_of, said.get(TYPE, ())))):
                if isinstance(subject, NamedNode):
                    self.declared[category].add(subject.value)
        for first, second in owl.APART:
            for iri in self.declared[first] & self.declared[second]:
                self.tell("typing", iri, f"is both {first} and {second}")
        for category, iris in self.declared.items():
            for iri in iris - owl.BUILT_IN[category]:
                if iri.startswith(owl.RESERVED):
                    self.tell("reserved", iri, f"is reserved and cannot be a new {category}")

    def _header(self) -> None:
        ontology = NamedNode(terms.iri("owl", "Ontology"))
        headers = [node for node, said in self.out.items() if ontology in said.get(TYPE, ())]
        if len(headers) != 1:
            self.tell("header", "owl:Ontology", f"is stated {len(headers)} times, not once")
        for header in headers:
            if terms.iri("owl", "imports") in self.out[header]:
                self.tell("header", header, "imports what is not judged here")
            if len(self.out[header].get(terms.iri("owl", "versionIRI"), ())) > 1:
                self.tell("header", header, "has several version IRIs")

    # --- Statements ------------------------------------------------------------------------------

    def _statement(self, triple: Triple) -> None:
        subject, predicate, value = triple.subject, triple.predicate.value, triple.object
        if isinstance(value, Literal):
            self._literal(subject, value)
        if predicate == TYPE:
            self._type(subject, value)
        elif self.is_a(triple.predicate, owl.OBJECT, owl.DATA):
            self._assertion(subject, triple.predicate, value)
        elif predicate in _AXIOMS:
            _AXIOMS[predicate](self, subject, value)
        elif not self.is_a(triple.predicate, owl.ANNOTATION):
            if not predicate.startswith(owl.RESERVED):
                self.tell("undeclared", predicate, "is used as a property and not declared")
            elif predicate not in PARTS or not isinstance(subject, BlankNode):
                self.tell("unknown", predicate, f"is not judged, at {subject}")

    def _assertion(self, subject: Node, predicate: NamedNode, value: Node) -> None:
        if self.is_a(predicate, owl.DATA):
            if not isinstance(value, Literal):
                self.tell("data-property", predicate, f"leads to {value}, no literal")
        elif isinstance(value, Literal):
            self.tell("object-property", predicate, f"leads to the literal {value}")
        elif BlankNode in {type(subject), type(value)}:
            self.edges.append((subject, value))
            self.anonymous |= {node for node in (subject, value) if isinstance(node, BlankNode)}

    def _literal(self, subject: Node, value: Literal) -> None:
        datatype = value.datatype.value
        if datatype not in owl.DATATYPES:
            self.tell("datatype", datatype, "is not in the datatype map of OWL 2")
        elif not owl.DATATYPES[datatype].match(value.value):
            self.tell("datatype", subject, f"{value.value!r} is no {terms.curie(datatype)}")

    def _type(self, subject: Node, value: Node) -> None:
        kind = iri_of(value)
        if kind in owl.CHARACTERISTICS:
            self.property(subject, owl.CHARACTERISTICS[kind])
        elif kind == terms.iri("owl", "AllDisjointClasses"):
            self.list_of(
                self.out[subject].get(terms.iri("owl", "members"), []), self.class_expression
            )
        elif isinstance(subject, BlankNode):
            if kind not in _SYNTAX:
                self.class_expression(value)
                self.anonymous.add(subject)
        elif kind not in {*owl.DECLARED_AS, terms.iri("owl", "Ontology")}:
            self.class_expression(value)

    # --- Axioms ----------------------------------------------------------------------------------

    def _classes(self, subject: Node, value: Node) -> None:
        self.class_expression(subject)
        self.class_expression(value)

    def _properties(self, subject: Node, value: Node) -> None:
        self.property(subject, owl.PROPERTIES)
        self.property(value, [kind for kind in owl.PROPERTIES if self.is_a(subject, kind)])

    def _inverses(self, subject: Node, value: Node) -> None:
        self.property(subject, [owl.OBJECT])
        self.property(value, [owl.OBJECT])

    def _chain(self, subject: Node, value: Node) -> None:
        self.property(subject, [owl.OBJECT])
        self.list_of([value], lambda item: self.property(item, [owl.OBJECT]))

    def _domain(self, subject: Node, value: Node) -> None:
        self.property(subject, owl.PROPERTIES)
        if not self.is_a(subject, owl.ANNOTATION):
            self.class_expression(value)

    def _range(self, subject: Node, value: Node) -> None:
        self.property(subject, owl.PROPERTIES)
        if self.is_a(subject, owl.OBJECT):
            self.class_expression(value)
        elif self.is_a(subject, owl.DATA):
            self.datatype(value)

    def _individuals(self, subject: Node, value: Node) -> None:
        for node in (subject, value):
            if not isinstance(node, NamedNode):
                self.tell("anonymous", node, "has no name and is stated to be the same or not")

    def _version(self, subject: Node, value: Node) -> None:
        if not isinstance(subject, NamedNode) or not isinstance(value, NamedNode):
            self.tell("header", subject, "owl:versionIRI joins two IRIs")

    # --- In the end ------------------------------------------------------------------------------

    def _blank_nodes(self) -> None:
        """Each blank node is one expression or list, used once, or an anonymous individual."""
        axiom = terms.iri("owl", "AllDisjointClasses")
        for node, said in self.out.items():
            if isinstance(node, BlankNode) and axiom not in map(iri_of, said.get(TYPE, ())):
                if self.visited[node] > 1:
                    self.tell("expression", node, "is used in several places, or inside itself")
                elif self.visited[node] == (node in self.anonymous):
                    self.tell("unknown", node, "is no individual, and in no axiom known here")

    def _forest(self) -> None:
        """Anonymous individuals form trees, of which only the root touches named ones."""
        parent = {node: node for node in self.anonymous}

        def root(node: Node) -> Node:
            while parent[node] != node:
                node = parent[node]
            return node

        for first, second in self.edges:
            if first in parent and second in parent:
                if root(first) == root(second):
                    self.tell("anonymous", first, "is in a cycle of anonymous individuals")
                parent[root(first)] = root(second)
        touching: dict[Node, Node] = {}
        for first, second in self.edges:
            if not (first in parent and second in parent):
                node = first if first in parent else second
                if touching.setdefault(root(node), node) != node:
                    self.tell("anonymous", node, "is the second of its tree to touch named ones")

    def _hierarchy(self, triples: Iterable[Triple]) -> Iterator[Statement]:
        """Yield what is said of object properties, and which of them are counted."""
        for triple in triples:
            subject, predicate, value = triple.subject, triple.predicate.value, triple.object
            if predicate == terms.iri("owl", "propertyChainAxiom"):
                yield iri_of(subject), predicate, tuple(self.items(value))
            elif predicate in owl.CARDINALITIES | owl.names("owl", "hasSelf"):
                yield from ((iri_of(on), predicate, ()) for on in self.out[subject].get(ON, ()))
            elif self.is_a(subject, owl.OBJECT):
                yield iri_of(subject), predicate, (iri_of(value),)


#: Predicate of an axiom → what judges its two ends.
_AXIOMS: Final[dict[str, Callable[[_Profile, Node, Node], None]]] = {
    **dict.fromkeys(
        (terms.iri("rdfs", "subClassOf"), *owl.names("owl", "equivalentClass disjointWith")),
        _Profile._classes,
    ),
    **dict.fromkeys(
        (
            terms.iri("rdfs", "subPropertyOf"),
            *owl.names("owl", "equivalentProperty propertyDisjointWith"),
        ),
        _Profile._properties,
    ),
    **dict.fromkeys(owl.names("owl", "sameAs differentFrom"), _Profile._individuals),
    terms.iri("owl", "inverseOf"): _Profile._inverses,
    terms.iri("owl", "propertyChainAxiom"): _Profile._chain,
    terms.iri("rdfs", "domain"): _Profile._domain,
    terms.iri("rdfs", "range"): _Profile._range,
    terms.iri("owl", "versionIRI"): _Profile._version,
}
