"""
Class expressions and lists of an OWL 2 ontology in RDF, and what is wrong with them.

See `mmn_kg.build.profile`, which judges a whole graph.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from mmn_kg import terms
from mmn_kg.build import owl

Node = NamedNode | BlankNode | Literal | Triple

TYPE: Final = terms.iri("rdf", "type")
FIRST, REST, _NIL = (terms.iri("rdf", name) for name in ("first", "rest", "nil"))
ON: Final = terms.iri("owl", "onProperty")
_COMPLEMENT: Final = terms.iri("owl", "complementOf")
_BOOLEANS: Final = owl.names("owl", "unionOf intersectionOf")
#: Predicates that stand at blank nodes only, inside expressions and lists.
PARTS: Final = {
    FIRST,
    REST,
    ON,
    _COMPLEMENT,
    *_BOOLEANS,
    *owl.CARDINALITIES,
    *owl.QUANTIFIERS,
} | owl.names("owl", "hasValue hasSelf members")


@dataclass(frozen=True, slots=True)
class Breach:
    """
    One reason why a graph is not OWL 2 DL.

    Attributes:
        rule: The name of the rule.
        term: What it is about, as a CURIE or a blank node.
        message: What is wrong.
    """

    rule: str
    term: str
    message: str

    def __str__(self) -> str:
        """Return one line."""
        return f"{self.term}: {self.message} [{self.rule}]"


class Judge:
    """
    The triples by subject, what each IRI is declared as, and what was found wrong.

    Args:
        triples: The graph.
    """

    def __init__(self, triples: Iterable[Triple]) -> None:
        self.found: set[Breach] = set()
        self.out: dict[Node, dict[str, list[Node]]] = defaultdict(lambda: defaultdict(list))
        self.declared = {category: set(iris) for category, iris in owl.BUILT_IN.items()}
        self.visited: Counter[Node] = Counter()  # blank nodes of expressions and lists
        for triple in triples:
            self.out[triple.subject][triple.predicate.value].append(triple.object)

    def tell(self, rule: str, term: Node | str, message: str) -> None:
        """Keep a breach."""
        name = term if isinstance(term, str) else iri_of(term) or str(term)
        self.found.add(Breach(rule, terms.curie(name), message))

    def is_a(self, node: Node, *categories: str) -> bool:
        """Tell whether a node is declared in one of the categories."""
        return any(iri_of(node) in self.declared[category] for category in categories)

    def property(self, node: Node, categories: Sequence[str]) -> None:
        """Judge the use of a node as a property of one of the categories."""
        if not self.is_a(node, *categories):
            self.tell("undeclared", node, f"is not declared as {' or '.join(categories)}")

    def datatype(self, node: Node) -> None:
        """Judge the use of a node as a datatype."""
        if iri_of(node) not in owl.DATATYPES:
            self.tell("datatype", node, "is used as a datatype, and is none of OWL 2")

    def class_expression(self, node: Node) -> None:
        """Judge a class expression."""
        if not isinstance(node, BlankNode):
            if not self.is_a(node, owl.CLASS):
                self.tell("undeclared", node, "is used as a class and not declared")
            return
        self.visited[node] += 1
        if self.visited[node] > 1:
            return  # shared or circular, which is told in the end
        said = self.out[node]
        parts = [(name, value) for name in said if name != TYPE for value in said[name]]
        operators = [(name, value) for name, value in parts if name in _BOOLEANS | {_COMPLEMENT}]
        if len(parts) == 1 and operators:
            name, value = operators[0]
            if name == _COMPLEMENT:
                self.class_expression(value)
            else:
                self.list_of([value], self.class_expression)
        elif len(parts) == 2 and [name for name, _ in parts].count(ON) == 1:
            self._restriction(node, dict(parts))
        else:
            self.tell("expression", node, "is no class expression that is known here")

    def _restriction(self, node: Node, parts: dict[str, Node]) -> None:
        on = parts.pop(ON)
        ((name, filler),) = parts.items()
        self.property(on, [owl.OBJECT, owl.DATA])
        if name in owl.QUANTIFIERS:
            self.datatype(filler) if self.is_a(on, owl.DATA) else self.class_expression(filler)
        elif name in owl.CARDINALITIES:
            wanted = terms.iri("xsd", "nonNegativeInteger")
            if not isinstance(filler, Literal) or filler.datatype.value != wanted:
                self.tell(
                    "expression", node, f"{terms.curie(name)} takes an xsd:nonNegativeInteger"
                )
        elif name == terms.iri("owl", "hasValue"):
            if isinstance(filler, BlankNode) or isinstance(filler, Literal) != self.is_a(
                on, owl.DATA
            ):
                self.tell("expression", node, "owl:hasValue takes a literal or a named individual")
        elif name != terms.iri("owl", "hasSelf"):
            self.tell("expression", node, f"{terms.curie(name)} is not judged")

    def list_of(self, heads: Sequence[Node], judge: Callable[[Node], None]) -> None:
        """Judge the items of a list, which must be plain, private and at least two."""
        items = 0
        node = heads[0] if len(heads) == 1 else None
        while isinstance(node, BlankNode) and not self.visited[node]:
            self.visited[node] += 1
            first, rest = (self.out[node].get(name, []) for name in (FIRST, REST))
            if len(first) != 1 or len(rest) != 1 or set(self.out[node]) - {FIRST, REST, TYPE}:
                break
            judge(first[0])
            items, node = items + 1, rest[0]
        if iri_of(node) != _NIL or items < 2:
            self.tell("list", heads[0] if heads else "rdf:List", "is no list of two or more")

    def items(self, node: Node) -> list[str]:
        """Return the IRIs of a list, as far as it is one."""
        found, seen = [], set()
        while isinstance(node, BlankNode) and node not in seen:
            seen.add(node)
            found += [iri_of(item) for item in self.out[node].get(FIRST, ())]
            node = next(iter(self.out[node].get(REST, ())), node)
        return found


def iri_of(node: Node | None) -> str:
    """Return the IRI of a node, "" where it has none."""
    return node.value if isinstance(node, NamedNode) else ""
