"""Canonical Turtle."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from mmn_kg import errors, terms, turtle
from mmn_kg.export import canonical

NAMES = st.sampled_from(
    [
        NamedNode(terms.iri("mmn", "WristDrop")),
        NamedNode(terms.iri("evidence", "MMNF0001a")),
        NamedNode("http://example.org/a%20b/c,d"),
        NamedNode("urn:x:ends."),
        NamedNode(terms.iri("HP", "0031189")),
    ]
)
LITERALS = st.one_of(
    st.text(alphabet=st.characters(exclude_categories=["Cs"])).map(Literal),
    st.integers().map(Literal),
    st.decimals(allow_nan=False, allow_infinity=False).map(
        lambda n: Literal(f"{n:f}", datatype=NamedNode(terms.iri("xsd", "decimal")))
    ),
    st.just(Literal("Gesund", language="de")),
    st.booleans().map(Literal),
)
TRIPLES = st.lists(st.builds(Triple, NAMES, NAMES, NAMES | LITERALS), max_size=12)


@given(TRIPLES)
def test_round_trip(triples: list[Triple]) -> None:
    """What is written is read back as the same graph, whatever the order it came in."""
    text = turtle.serialise(triples)

    assert {quad.triple for quad in parse(text, format=RdfFormat.TURTLE)} == set(triples)
    assert turtle.serialise(reversed(triples)) == text


def test_blank_nodes_nest() -> None:
    """OWL expressions and lists are written in place and read back as the same graph."""
    text = """@prefix mmn: <https://w3id.org/mmn-kg/> .
    @prefix owl: <http://www.w3.org/2002/07/owl#> .
    mmn:A owl:disjointUnionOf ( mmn:B [ owl:unionOf ( mmn:C mmn:D ) ] ) ; mmn:p [] .
    [] a owl:AllDisjointClasses ; owl:members ( mmn:A mmn:B ) ."""
    graph = [quad.triple for quad in parse(text, format=RdfFormat.TURTLE)]
    written = turtle.serialise(graph)

    again = [quad.triple for quad in parse(written, format=RdfFormat.TURTLE)]
    assert canonical(again) == canonical(graph)
    assert "_:" not in written


def test_one_predicate_a_line() -> None:
    """One predicate stands on a line, the full stop on its own, so a change is one line."""
    a, p, q = (NamedNode(terms.iri("mmn", name)) for name in ("A", "p", "q"))

    text = turtle.serialise([Triple(a, q, Literal("x")), Triple(a, p, a)])

    assert text.endswith('mmn:A\n    mmn:p mmn:A ;\n    mmn:q "x" ;\n    .\n')


@pytest.mark.parametrize("shape", ["shared", "cycle"])
def test_blank_nodes_that_are_no_tree_are_refused(shape: str) -> None:
    """A shared or cyclic blank node is told, not written wrongly."""
    p = NamedNode(terms.iri("mmn", "p"))
    x, y = BlankNode("x"), BlankNode("y")
    a, b = (NamedNode(terms.iri("mmn", name)) for name in "AB")
    graphs = {
        "shared": [Triple(a, p, x), Triple(b, p, x), Triple(x, p, a)],
        "cycle": [Triple(x, p, y), Triple(y, p, x)],
    }

    with pytest.raises(errors.SourceError, match="blank nodes"):
        turtle.serialise(graphs[shape])
