"""What the graph says of a term or a pair."""

from __future__ import annotations

import json

from mmn_kg.explain import explain_terms
from mmn_kg.store import KnowledgeGraph
from tests.conftest import Run

EDGE = {
    *("id", "subject", "predicate", "object", "scope", "polarity", "derived", "contested"),
    *("conflicts_with", "conflicts", "evidence", "derivation"),
}
EVIDENCE = {
    *("id", "reference", "title", "pmid", "doi", "url", "design", "direction", "read_as"),
    *("measure", "count", "total", "value", "low", "high", "unit", "band", "control", "note"),
}


def test_json_has_the_promised_keys(run: Run) -> None:
    """Every promised key is there, for a term and for its edges and evidence."""
    found = json.loads(run("explain", "MMN", "muscle cramp", "--format", "json").stdout)

    keys = {"term", "other", "label", "definition", "synonyms", "mappings", "edges"}
    assert keys <= set(found)
    claims = [edge for edge in found["edges"] if not edge["derived"]]
    assert set(claims[0]) >= EDGE
    assert set(claims[0]["evidence"][0]) >= EVIDENCE


def test_figures_conflicts_and_the_article(kg: KnowledgeGraph) -> None:
    """A contested claim shows both sides, with figures, sources and the article's sentence."""
    found = explain_terms(kg, "MMN", "sensory impairment")
    edge = next(edge for edge in found.edges if edge.scope is None)

    assert edge.polarity == "absent"
    assert edge.contested
    assert {item.direction for item in edge.evidence} >= {"supports", "disputes"}
    assert any(item.percent for item in edge.evidence)
    assert edge.article


def test_conflicting_claims_name_each_other(kg: KnowledgeGraph) -> None:
    """Muscle disorder and nerve disorder cannot both hold, and say so."""
    found = explain_terms(kg, "MMN", "muscle disorder")

    other = "assertion:MultifocalMotorNeuropathy-classifiedAs-NerveDisorder"
    assert other in found.edges[0].conflicts_with
    reason = next(item["reason"] for item in found.edges[0].conflicts if item["with"] == other)
    assert "its nerve fails" in reason
    assert f"conflicts with {other}: {reason}" in found.to_text(kg.label)


def test_an_assertion_explains_itself(kg: KnowledgeGraph) -> None:
    """The CURIE of an assertion explains that one edge."""
    name = "assertion:MultifocalMotorNeuropathy-hasFinding-MuscleCramp"

    assert [edge.id for edge in explain_terms(kg, name).edges] == [name]


def test_text_shows_everything(run: Run) -> None:
    """The text names figures, sources, absence, cautions and derivations."""
    text = run("explain", "MMN", "wrist drop").stdout

    assert "the article: " in text
    assert "PMID" in run("explain", "IVIg", "multifocal motor neuropathy").stdout
    assert "derived by disease-may-show-sign" in text
