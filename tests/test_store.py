"""The graph in memory."""

from __future__ import annotations

from pathlib import Path

import pytest

from mmn_kg import errors, terms
from mmn_kg.answers import Answer, Cell, canonical_number
from mmn_kg.store import KnowledgeGraph


@pytest.mark.parametrize(
    "term",
    [
        "wrist drop",
        "WRIST DROP",
        " wrist drop ",
        "mmn:WristDrop",
        "WristDrop",
        "HP:0031189",
        "https://w3id.org/mmn-kg/WristDrop",
        "<https://w3id.org/mmn-kg/WristDrop>",
        "http://purl.obolibrary.org/obo/HP_0031189",
    ],
)
def test_ways_to_name_a_term(kg: KnowledgeGraph, term: str) -> None:
    """A term is found by label, CURIE, IRI and exact match, letter case ignored."""
    assert kg.find(term) == terms.iri("mmn", "WristDrop")


@pytest.mark.parametrize(
    ("term", "local"), [("MMN", "MultifocalMotorNeuropathy"), ("IVIg", "IntravenousImmunoglobulin")]
)
def test_synonyms(kg: KnowledgeGraph, term: str, local: str) -> None:
    """Synonyms find their term."""
    assert kg.find(term) == terms.iri("mmn", local)


@pytest.mark.parametrize("term", ["", "mmn:", "HP:0000000", "nonsense words", "urn:x:y z"])
def test_unknown_terms(kg: KnowledgeGraph, term: str) -> None:
    """An unknown term names the three nearest, in one line."""
    with pytest.raises(errors.UnknownTermError) as caught:
        kg.find(term)

    assert str(caught.value).count("mmn:") >= 3
    assert "\n" not in str(caught.value)


def test_merge_is_all_or_nothing(tmp_path: Path) -> None:
    """A bad second file leaves the graph as it was."""
    good, bad = tmp_path / "good.ttl", tmp_path / "bad.ttl"
    good.write_text("<urn:a> <urn:b> <urn:c> .")
    bad.write_text("<urn:a> <urn:b>")
    graph = KnowledgeGraph.of([])

    with pytest.raises(errors.GraphSyntaxError):
        graph.merge(good, bad)

    assert len(graph) == 0


def test_merged_terms_are_found(tmp_path: Path) -> None:
    """A user's own term is found by its label after the merge."""
    path = tmp_path / "mine.ttl"
    path.write_text('<urn:mine> <http://www.w3.org/2000/01/rdf-schema#label> "my own sign" .')

    assert KnowledgeGraph.load(path).find("My own sign") == "urn:mine"


def test_rdflib_copy(kg: KnowledgeGraph) -> None:
    """The rdflib copy holds every triple; plain strings equal rdflib's own."""
    import rdflib

    copy = kg.as_rdflib()

    assert len(copy) == len(kg)
    wrist = rdflib.URIRef(terms.iri("mmn", "WristDrop"))
    assert (wrist, rdflib.RDFS.label, rdflib.Literal("wrist drop")) in copy
    copy.remove((None, None, None))
    assert len(kg) > 0


@pytest.mark.parametrize("form", ["select", "ask", "construct"])
def test_wrong_form_and_syntax(kg: KnowledgeGraph, form: str) -> None:
    """Each form of query refuses the others, and malformed text, by name."""
    texts = {
        "select": "ASK {}",
        "ask": "SELECT * {}",
        "construct": "ASK {}",
    }
    for text in (texts[form], "SELECT nonsense"):
        with pytest.raises(errors.QuerySyntaxError):
            getattr(kg, form)(text)


def test_formats_of_an_answer() -> None:
    """CSV, TSV and tables show unbound, typed and tagged values as their standards say."""
    decimal = terms.iri("xsd", "decimal")
    answer = Answer(
        ("a", "b"),
        (
            (Cell("uri", terms.iri("mmn", "X")), Cell.literal("60.0", decimal)),
            (Cell.literal('a "b",c\n', language="en"), None),
        ),
    )

    assert answer.to_csv() == 'a,b\r\nhttps://w3id.org/mmn-kg/X,60\r\n"a ""b"",c\n",\r\n'
    assert answer.to_tsv().splitlines()[1] == f'<https://w3id.org/mmn-kg/X>\t"60"^^<{decimal}>'
    assert answer.to_tsv().splitlines()[2] == '"a \\"b\\",c\\n"@en\t'
    assert list(answer) == [{"a": "mmn:X", "b": "60"}, {"a": 'a "b",c\n'}]
    assert "…" in answer.to_table(lambda _: "x" * 100, width=40)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [("1.50", "1.5"), ("-0.0", "-0"), ("1E3", "1000"), ("NaN", "NaN"), ("x", "x")],
)
def test_canonical_numbers(text: str, canonical: str) -> None:
    """Equal numbers are equal texts; what is no number stays."""
    assert canonical_number(text) == canonical
