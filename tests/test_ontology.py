"""What holds of the graph as a whole."""

from __future__ import annotations

import csv
import re

import pytest

from mmn_kg import validate
from mmn_kg.store import KnowledgeGraph
from tests.conftest import ROOT

PREFIXES = """PREFIX mmn: <https://w3id.org/mmn-kg/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX IAO: <http://purl.obolibrary.org/obo/IAO_>
"""


def test_the_graph_conforms(kg: KnowledgeGraph) -> None:
    """The shipped graph has no violation; it warns only of a regulatory status grown old."""
    results = validate.check(kg).results

    assert [str(item) for item in results if item.source != "old-regulatory-status"] == []
    assert {item.severity for item in results} <= {"warning"}


@pytest.mark.parametrize("kind", ["Relation", "DerivedRelation"])
def test_relations_are_complete(kg: KnowledgeGraph, kind: str) -> None:
    """Each relation has a label, a definition, a domain, a range and one example."""
    rows = kg.select(
        PREFIXES
        + f"""SELECT ?r (COUNT(DISTINCT ?l) AS ?labels) (COUNT(DISTINCT ?d) AS ?definitions)
          (COUNT(DISTINCT ?e) AS ?examples) WHERE {{ ?r a mmn:{kind}
          OPTIONAL {{ ?r rdfs:label ?l }} OPTIONAL {{ ?r IAO:0000115 ?d }}
          OPTIONAL {{ ?r skos:example ?e }} }} GROUP BY ?r"""
    )

    assert len(rows) > 5
    for row in rows:
        assert (row["labels"], row["definitions"], row["examples"]) == ("1", "1", "1"), row["r"]


def test_article_is_covered(kg: KnowledgeGraph) -> None:
    """All 19 sentences are in the ledger; the claims that carry them cite the article."""
    rows = list(
        kg.select(
            PREFIXES
            + """SELECT ?n (COUNT(DISTINCT ?a) AS ?claims) WHERE { ?s a mmn:Sentence ; mmn:number ?n
              OPTIONAL { ?s mmn:carriedBy ?a . ?a mmn:hasEvidence/mmn:source
                <https://w3id.org/mmn-kg/reference/SEED> } } GROUP BY ?n ORDER BY ?n"""
        )
    )

    assert [row["n"] for row in rows] == [str(n) for n in range(1, 20)]
    assert all(int(row["claims"]) > 0 for row in rows)


def test_article_is_not_copied(kg: KnowledgeGraph) -> None:
    """No paraphrase has the hash of the sentence it tells."""
    import hashlib

    rows = kg.select(PREFIXES + "SELECT ?w ?h WHERE { ?s mmn:paraphrase ?w ; mmn:sha256 ?h }")

    assert len(rows) == 19
    for row in rows:
        assert hashlib.sha256(row["w"].encode()).hexdigest() != row["h"]


def test_ontology_header(kg: KnowledgeGraph) -> None:
    """Licence, title, description, creator and version IRI are stated."""
    assert kg.ask(
        PREFIXES
        + """ASK { <https://w3id.org/mmn-kg> a owl:Ontology ; dcterms:license ?l ;
          dcterms:title ?t ; dcterms:description ?d ; dcterms:creator ?c ; owl:versionIRI ?v }"""
    )


@pytest.mark.parametrize(
    "iri",
    ["UpperMotorNeuronSign", "BabinskiSign", "ImpairedTouch", "MarkedBulbarInvolvement"],
)
def test_excluded_findings_are_below_the_guard(kg: KnowledgeGraph, iri: str) -> None:
    """Signs that speak against the disease are below a class that the guard excludes."""
    assert kg.ask(PREFIXES + f"ASK {{ mmn:{iri} rdfs:subClassOf*/mmn:motorOnlyExclusion true }}")


@pytest.mark.parametrize("iri", ["ImpairedVibrationSenseLowerLimbs", "Paresthesia"])
def test_motor_only_is_not_no_sensory_finding(kg: KnowledgeGraph, iri: str) -> None:
    """Minor vibration loss in the legs and tingling are allowed, and are stated."""
    assert not kg.ask(
        PREFIXES + f"ASK {{ mmn:{iri} rdfs:subClassOf*/mmn:motorOnlyExclusion true }}"
    )
    assert kg.ask(PREFIXES + f"ASK {{ mmn:MultifocalMotorNeuropathy mmn:hasFinding mmn:{iri} }}")


#: Mappings that are easy to get wrong: (term, identifier) pairs that must and must not stand.
TRAPS = [
    ("SplitHand", "HP:0001171", False),
    ("FootDrop", "HP:0009027", True),
    ("FingerDrop", "HP:0009077", True),
    ("ColdParesis", "HP:0031372", True),
    ("MuscleCramp", "HP:0003394", True),
    ("AxillaryNerve", "UBERON:0001493", True),
    ("MedianNerve", "UBERON:0001148", True),
    ("AntiGM1IgMPositivity", "HP:0034118", True),
    ("AntiGM1IgMPositivity", "HP:0004345", False),
]


@pytest.mark.parametrize(("term", "identifier", "mapped"), TRAPS)
def test_mapping_traps(kg: KnowledgeGraph, term: str, identifier: str, mapped: bool) -> None:
    """Identifiers that look right and are wrong stay out; the right ones are there."""
    from mmn_kg import terms

    found = kg.ask(f"ASK {{ <{terms.iri('mmn', term)}> ?p <{terms.expand(identifier)}> }}")

    assert found is mapped


def test_close_matches_stay_close(kg: KnowledgeGraph) -> None:
    """DOID files the disease under motor neuron disease; cramps are more than muscle spasm."""
    for term, identifier in (
        ("MultifocalMotorNeuropathy", "DOID:683"),
        ("MuscleCramp", "HP:0003394"),
    ):
        from mmn_kg import terms

        assert kg.ask(
            PREFIXES + f"ASK {{ mmn:{term} skos:closeMatch <{terms.expand(identifier)}> }}"
        )


def test_restricted_vocabularies_stay_out() -> None:
    """No identifier of a vocabulary whose licence forbids it is in the graph."""
    text = (ROOT / "ontology" / "mmn-kg.ttl").read_text(encoding="utf-8")

    assert not re.search(r"snomed|meddra|drugbank|rxnorm|umls|omim\.org", text, re.IGNORECASE)


def test_curated_rows_are_used_or_listed() -> None:
    """No row is both used and left out, and each reason is given."""
    used = set()
    for path in sorted((ROOT / "ontology" / "facts").glob("*.tsv")):
        with path.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE):
                used.add(re.sub(r"[a-z][a-z0-9]*$", "", row["row"]))
    with (ROOT / "ontology" / "left-out.tsv").open(encoding="utf-8", newline="") as stream:
        left = list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))

    assert not used & {row["row"] for row in left}
    assert all(row["reason"] for row in left)
    numbers = {f"MMNF{n:04}" for n in range(1, 445)} | {f"MMNG{n:04}" for n in range(1, 163)}
    assert numbers - used - {row["row"] for row in left} == set()


def test_every_share_has_its_percentage(kg: KnowledgeGraph) -> None:
    """The compiler computes a percentage wherever there are counts."""
    assert not kg.ask(
        PREFIXES
        + """ASK { ?e mmn:count ?n ; mmn:total ?N FILTER NOT EXISTS { ?e mmn:percent ?share } }"""
    )


def test_size_of_the_graph(kg: KnowledgeGraph) -> None:
    """The graph holds at least the 150 assertions of its first form, and many more since."""
    rows = kg.select(PREFIXES + "SELECT (COUNT(?a) AS ?n) WHERE { ?a a mmn:Assertion }")

    assert int(next(iter(rows))["n"]) > 2_000


def test_each_mimic_has_its_occasion_and_its_test(kg: KnowledgeGraph) -> None:
    """For each other disease of the matrix it is said when it is live, and what decides."""
    with (ROOT / "ontology" / "crosswalk.tsv").open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
        found = [row for row in rows if row["table"] == "finding-codes" and row["code"].isupper()]
    diseases = {row["term"] for row in found} - {"MultifocalMotorNeuropathy"}
    said = {
        (row["relation"], row["disease"])
        for row in kg.select(
            PREFIXES
            + """SELECT DISTINCT ?relation ?disease WHERE {
              ?a mmn:predicate ?relation ; mmn:hasEvidence/mmn:source ?source
              { ?a mmn:subject ?disease }
              UNION { ?a mmn:object ?disease }
              UNION { ?a mmn:scope ?disease }
              FILTER(?relation IN
                (mmn:consideredWhen, mmn:favours, mmn:confirmedBy, mmn:testsFor)) }"""
        )
    }

    assert len(diseases) == 24
    for name in sorted(diseases):
        disease = f"mmn:{name}"
        assert ("mmn:consideredWhen", disease) in said, f"{name}: when is it live?"
        assert {relation for relation, of in said if of == disease} - {"mmn:consideredWhen"}, (
            f"{name}: what separates or confirms it?"
        )
