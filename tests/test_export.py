"""Exports: the same graph in every format, the same bytes on every run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import NamedNode, RdfFormat, Triple, parse
from rdflib.compare import to_canonical_graph

from mmn_kg import export, terms
from mmn_kg.store import KnowledgeGraph
from tests.conftest import ROOT, Parsed, Run

Exported = Callable[[str], bytes]
Statement = tuple[rdflib.term.Node, ...]
RDFLIB = {"ttl": "turtle", "nt": "nt", "rdfxml": "xml", "jsonld": "json-ld"}


@pytest.fixture(scope="module")
def exported(kg: KnowledgeGraph) -> Exported:
    """Export the shipped graph, in each format once."""
    return cache(lambda form: export.export_graph(kg, form))


@pytest.fixture(scope="module")
def shipped(parsed: Parsed) -> set[Statement]:
    """Give the shipped file as rdflib reads it, blank nodes under canonical names."""
    return _statements(parsed(()))


@pytest.mark.parametrize("form", sorted(RDFLIB))
def test_rdflib_reads_back_the_same_graph(
    exported: Exported, shipped: set[Statement], form: str
) -> None:
    """An independent reader finds the same graph; blank nodes are told apart by what they say."""
    again = rdflib.Graph().parse(data=exported(form), format=RDFLIB[form])

    assert _statements(again) == shipped


def _statements(graph: rdflib.Graph) -> set[Statement]:
    found, blank = set(), rdflib.Graph()
    for triple in graph:
        if any(isinstance(node, rdflib.BNode) for node in triple):
            blank.add(triple)
        else:
            found.add(triple)
    canonical = set(to_canonical_graph(blank))
    assert len(canonical) == len(blank) > 100
    return found | canonical


def test_trig_has_one_graph_a_topic(kg: KnowledgeGraph, exported: Exported) -> None:
    """TriG merges back to the same graph, and each topic has a graph of its own."""
    quads = list(parse(exported("trig"), format=RdfFormat.TRIG))
    names = {quad.graph_name.value.rpartition("/")[2] for quad in quads}  # type: ignore[union-attr]

    assert export.canonical(quad.triple for quad in quads) == export.canonical(kg.triples())
    assert {"anatomy", "mechanism", "treatment", "sources", "terms"} <= names


def test_owlready2_reads_rdfxml(kg: KnowledgeGraph, exported: Exported, tmp_path: Path) -> None:
    """owlready2 reads the RDF/XML with all classes."""
    import owlready2

    path = tmp_path / "mmn-kg.owl"
    path.write_bytes(exported("rdfxml"))
    world = owlready2.World()
    world.get_ontology(path.as_uri()).load()
    wanted = {
        row["c"]
        for row in kg.select(
            f"SELECT ?c WHERE {{ ?c a <{terms.iri('owl', 'Class')}> FILTER(ISIRI(?c)) }}"
        )
    }

    assert {terms.curie(item.iri) for item in world.classes()} >= wanted


@pytest.mark.parametrize("form", sorted(export.FORMATS))
def test_absent_findings_never_become_positive(
    kg: KnowledgeGraph, exported: Exported, form: str
) -> None:
    """No export holds an edge that the graph denies."""
    formats = {
        "ttl": RdfFormat.TURTLE,
        "nt": RdfFormat.N_TRIPLES,
        "rdfxml": RdfFormat.RDF_XML,
        "jsonld": RdfFormat.JSON_LD,
        "trig": RdfFormat.TRIG,
    }
    found = {quad.triple for quad in parse(exported(form), format=formats[form])}
    denied = kg.select(
        f"""PREFIX mmn: <{terms.BASE}> SELECT ?s ?p ?o WHERE {{ ?a mmn:polarity mmn:absent ;
        mmn:subject ?s ; mmn:predicate ?p ; mmn:object ?o
        FILTER NOT EXISTS {{ ?a mmn:scope ?x }} }}"""
    )

    assert len(denied) > 10
    for row in denied.rows:
        edge = Triple(*(NamedNode(cell.value) for cell in row if cell is not None))
        assert edge not in found


@pytest.mark.parametrize("form", ["ttl", "rdfxml", "jsonld"])
def test_bytes_do_not_depend_on_hash_order(form: str, tmp_path: Path) -> None:
    """Two processes with other hash seeds write the same bytes."""
    for seed in ("1", "2"):
        subprocess.run(
            [
                *(sys.executable, "-c", "from mmn_kg.cli import main; main()"),
                *("export", form, "-o", tmp_path / seed),
            ],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            cwd=ROOT,
            capture_output=True,
        )

    assert (tmp_path / "1").read_bytes() == (tmp_path / "2").read_bytes()


def test_published_context_is_the_one_inside(exported: Exported) -> None:
    """The context that is published is the one that stands in the JSON-LD export."""
    published = json.loads((ROOT / "ontology" / "context.jsonld").read_text(encoding="utf-8"))
    document = json.loads(exported("jsonld"))

    assert document["@context"] == published["@context"]


def test_unknown_format(run: Run) -> None:
    """An unknown format names those there are."""
    done = run("export", "docx", "-o", "x")

    assert done.returncode == 2
    assert "no format 'docx': use ttl, nt, rdfxml, jsonld, trig" in done.stderr


def test_written_json(run: Run, tmp_path: Path) -> None:
    """Commands that write files say which."""
    path = tmp_path / "sub" / "graph.nt"

    assert json.loads(run("export", "nt", "-o", path, "--format", "json").stdout) == {
        "written": [str(path)]
    }
    assert path.stat().st_size > 1_000_000
