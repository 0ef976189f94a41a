"""The graph is an OWL 2 DL ontology; a graph that breaks a rule of it is told by that rule."""

from __future__ import annotations

from pathlib import Path

import pytest

from mmn_kg import reason, terms
from mmn_kg.assets import folder
from mmn_kg.build.profile import breaches
from mmn_kg.reader import read_graph
from mmn_kg.store import KnowledgeGraph

PREFIXES = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in terms.PREFIXES.items())
HEAD = PREFIXES + "<https://w3id.org/mmn-kg> a owl:Ontology .\n"
#: Properties and classes for the graphs below.
DECLARED = HEAD + (
    "mmn:p a owl:ObjectProperty . mmn:q a owl:ObjectProperty . mmn:r a owl:ObjectProperty . "
    "mmn:d a owl:DatatypeProperty . mmn:n a owl:AnnotationProperty . "
    "mmn:C a owl:Class . mmn:D a owl:Class .\n"
)
GOOD = {
    "punning": "mmn:p a mmn:C , owl:NamedIndividual . mmn:C a mmn:D , owl:NamedIndividual .",
    "expression": "mmn:C rdfs:subClassOf [ a owl:Restriction ; owl:onProperty mmn:p ; "
    "owl:allValuesFrom [ a owl:Class ; owl:complementOf mmn:D ] ] .",
    "union": "mmn:p rdfs:domain [ a owl:Class ; owl:unionOf ( mmn:C mmn:D ) ] .",
    "disjoint": "[] a owl:AllDisjointClasses ; owl:members ( mmn:C mmn:D ) .",
    "counted": "mmn:C rdfs:subClassOf [ a owl:Restriction ; owl:onProperty mmn:p ; "
    "owl:maxCardinality '1'^^xsd:nonNegativeInteger ] .",
    "chain": "mmn:p owl:propertyChainAxiom ( mmn:q mmn:r ) . mmn:p a owl:TransitiveProperty .",
    "own end": "mmn:p owl:propertyChainAxiom ( mmn:p mmn:q ) . mmn:p owl:propertyChainAxiom ( mmn:q mmn:p ) .",
    "below a chain": "mmn:p a owl:TransitiveProperty ; rdfs:subPropertyOf mmn:q . mmn:r a owl:FunctionalProperty .",
    "tree": "mmn:x mmn:p _:a . _:a mmn:p _:b . _:a mmn:q _:c . _:c mmn:d 1.5 . _:c a mmn:C .",
    "note": "mmn:n rdfs:domain mmn:C . mmn:C mmn:n 'x' ; mmn:n mmn:D .",
}
#: Rule → graphs that break it.
BAD = {
    "typing": (
        "mmn:p a owl:DatatypeProperty .",
        "mmn:p a owl:AnnotationProperty .",
        "mmn:d a owl:AnnotationProperty .",
        "mmn:C a rdfs:Datatype .",
    ),
    "reserved": ("owl:Part a owl:Class .", "rdf:type a owl:ObjectProperty ."),
    "header": (
        "<urn:x> a owl:Ontology .",
        "<https://w3id.org/mmn-kg> owl:imports <urn:x> .",
        "<https://w3id.org/mmn-kg> owl:versionIRI <urn:x> , <urn:y> .",
        "<https://w3id.org/mmn-kg> owl:versionIRI '1' .",
    ),
    "undeclared": (
        "mmn:x mmn:u mmn:y .",
        "mmn:x a mmn:U .",
        "mmn:C rdfs:subClassOf mmn:U .",
        "mmn:u rdfs:domain mmn:C .",
        "mmn:p rdfs:subPropertyOf mmn:d .",
        "mmn:p owl:inverseOf mmn:u .",
        "mmn:p owl:propertyChainAxiom ( mmn:q mmn:d ) .",
        "mmn:d a owl:TransitiveProperty .",
        "mmn:C rdfs:subClassOf [ a owl:Restriction ; owl:onProperty mmn:n ; owl:allValuesFrom mmn:D ] .",
        "[] a owl:AllDisjointClasses ; owl:members ( mmn:C mmn:U ) .",
    ),
    "object-property": ("mmn:x mmn:p 'x' .",),
    "data-property": ("mmn:x mmn:d mmn:y .",),
    "datatype": (
        "mmn:x mmn:d '2026-01-01'^^xsd:date .",
        "mmn:x mmn:n 'x'^^mmn:Own .",
        "mmn:x mmn:d 'one'^^xsd:integer .",
        "mmn:x mmn:d '1e3'^^xsd:decimal .",
        "mmn:x mmn:d 'yes'^^xsd:boolean .",
        "mmn:d rdfs:range mmn:C .",
    ),
    "simple": (
        "mmn:p a owl:TransitiveProperty , owl:FunctionalProperty .",
        "mmn:p a owl:TransitiveProperty , owl:AsymmetricProperty .",
        "mmn:p a owl:IrreflexiveProperty ; owl:propertyChainAxiom ( mmn:q mmn:r ) .",
        "mmn:p a owl:TransitiveProperty ; rdfs:subPropertyOf mmn:q . mmn:q a owl:InverseFunctionalProperty .",
        "mmn:p a owl:TransitiveProperty ; owl:inverseOf mmn:q . mmn:q a owl:FunctionalProperty .",
        "mmn:p a owl:TransitiveProperty . mmn:q owl:propertyDisjointWith mmn:p .",
        "mmn:p a owl:TransitiveProperty . mmn:C rdfs:subClassOf [ a owl:Restriction ; owl:onProperty mmn:p ; "
        "owl:maxCardinality '1'^^xsd:nonNegativeInteger ] .",
        "mmn:p a owl:TransitiveProperty . mmn:C rdfs:subClassOf [ a owl:Restriction ; owl:onProperty mmn:p ; owl:hasSelf true ] .",
    ),
    "regular": (
        "mmn:p owl:propertyChainAxiom ( mmn:q mmn:r ) . mmn:q owl:propertyChainAxiom ( mmn:p mmn:r ) .",
        "mmn:p owl:propertyChainAxiom ( mmn:q mmn:p mmn:r ) .",
        "mmn:p owl:propertyChainAxiom ( mmn:q mmn:r ) ; rdfs:subPropertyOf mmn:q .",
        "mmn:p owl:propertyChainAxiom ( mmn:q mmn:r ) . mmn:p owl:inverseOf mmn:q .",
    ),
    "expression": (
        "mmn:C rdfs:subClassOf [ a owl:Class ] .",
        "mmn:C rdfs:subClassOf [ a owl:Restriction ; owl:onProperty mmn:p , mmn:q ] .",
        "mmn:C rdfs:subClassOf _:x . mmn:D rdfs:subClassOf _:x . _:x a owl:Class ; owl:complementOf mmn:D .",
        "mmn:C rdfs:subClassOf _:x . _:x a owl:Class ; owl:complementOf _:x .",
        "mmn:C rdfs:subClassOf [ a owl:Restriction ; owl:onProperty mmn:p ; owl:minCardinality 1 ] .",
        "mmn:C rdfs:subClassOf [ a owl:Restriction ; owl:onProperty mmn:p ; owl:hasValue 'x' ] .",
        "mmn:C rdfs:subClassOf [ a owl:Restriction ; owl:onProperty mmn:p ; owl:allValuesFrom mmn:C ; owl:hasSelf true ] .",
    ),
    "list": (
        "mmn:p rdfs:domain [ a owl:Class ; owl:unionOf ( mmn:C ) ] .",
        "[] a owl:AllDisjointClasses .",
        "mmn:p rdfs:range [ a owl:Class ; owl:unionOf _:l ] . _:l rdf:first mmn:C ; rdf:rest _:l .",
        "mmn:p rdfs:range [ a owl:Class ; owl:unionOf _:l ] . _:l rdf:first mmn:C , mmn:D ; rdf:rest ( mmn:C ) .",
    ),
    "anonymous": (
        "_:a mmn:p _:b . _:b mmn:p _:c . _:c mmn:q _:a .",
        "_:a mmn:p _:a .",
        "_:a mmn:p _:b ; mmn:q _:b .",
        "mmn:x mmn:p _:a . _:a mmn:p _:b . _:b mmn:p mmn:y .",
        "_:a a mmn:C ; owl:sameAs mmn:x .",
    ),
    "unknown": (
        "mmn:C owl:hasKey ( mmn:d mmn:p ) .",
        "[] rdf:first mmn:C ; rdf:rest () .",
        "[] a owl:Axiom ; owl:annotatedSource mmn:C .",
        "[] mmn:n 'x' .",
    ),
}  # fmt: skip
CASES = [(rule, text) for rule, texts in BAD.items() for text in texts]


def _rules(path: Path, text: str) -> set[str]:
    path.write_text(DECLARED + text, encoding="utf-8")
    return {breach.rule for breach in breaches(read_graph(path))}


@pytest.mark.parametrize("name", sorted(GOOD))
def test_what_is_allowed(name: str, tmp_path: Path) -> None:
    """What OWL 2 DL allows is not complained of."""
    assert _rules(tmp_path / "graph.ttl", GOOD[name]) == set()


@pytest.mark.parametrize(("rule", "text"), CASES)
def test_what_is_not_allowed(rule: str, text: str, tmp_path: Path) -> None:
    """A graph that breaks a rule is told, by that rule."""
    assert rule in _rules(tmp_path / "graph.ttl", text)


def test_the_graph_is_owl_2_dl(kg: KnowledgeGraph) -> None:
    """The shipped graph, as it is loaded, is an OWL 2 DL ontology."""
    assert [str(breach) for breach in breaches(kg.triples())] == []


def test_the_assumptions_keep_it_owl_2_dl(kg: KnowledgeGraph) -> None:
    """So it is together with the assumptions."""
    more = read_graph(folder("ontology") / "mmn-kg-assumptions.ttl")

    assert [str(breach) for breach in breaches([*kg.triples(), *more])] == []


def test_the_derived_edges_keep_it_owl_2_dl(kg: KnowledgeGraph) -> None:
    """So it is after the rules have run."""
    reasoned = KnowledgeGraph.of(kg.triples())
    reason.infer(reasoned)

    assert [str(breach) for breach in breaches(reasoned.triples())] == []


def test_a_breach_says_where_and_what(tmp_path: Path) -> None:
    """A breach is one line: the term, what is wrong, the rule."""
    path = tmp_path / "graph.ttl"
    path.write_text(DECLARED + BAD["object-property"][0])

    (breach,) = breaches(read_graph(path))

    assert str(breach) == 'mmn:p: leads to the literal "x" [object-property]'
