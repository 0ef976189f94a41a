"""What is said in two places is said alike, and no axiom of the schema is missing."""

from __future__ import annotations

import re

import pytest

from mmn_kg import catalog, terms
from mmn_kg.store import KnowledgeGraph

PREFIXES = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in terms.PREFIXES.items())
#: Classes of the schema that are below no other: records, lists of values, and classes of classes.
RECORDS = {
    "Assertion",
    "Assumption",
    "Conflict",
    "ControlledValue",
    "DependenceGroup",
    "Derivation",
    "Edge",
    "Entity",
    "Evidence",
    "Reference",
    "Sentence",
    "Work",
}
METACLASSES = {"AssumedRelation", "DerivedRelation", "Kind", "Relation"}
#: Properties that may start from, or lead to, terms of any sort.
OPEN_DOMAIN = {"causallyUpstreamOf", "lacksFinding"}
OPEN_RANGE = {"causallyUpstreamOf", "object", "predicate", "subject"}
#: Numbers in words, as definitions have them.
NUMBERS = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "half": 50,
    "one fifth": 20,
}


def _names(kg: KnowledgeGraph, pattern: str) -> set[str]:
    rows = kg.select(f"{PREFIXES} SELECT DISTINCT ?x WHERE {{ {pattern} }}")
    return {row["x"].removeprefix("mmn:") for row in rows}


@pytest.mark.parametrize("member", ["Cell", "Entity"])
def test_kinds_and_records_are_disjoint(kg: KnowledgeGraph, member: str) -> None:
    """One axiom keeps all kinds apart, and one all records."""
    found = _names(
        kg,
        f"""?node a owl:AllDisjointClasses ; owl:members ?list .
        ?list rdf:rest*/rdf:first mmn:{member} . ?list rdf:rest*/rdf:first ?x""",
    )

    assert found == (RECORDS if member in RECORDS else _names(kg, "?x a mmn:Kind"))


def test_classes_of_the_schema_have_parents(kg: KnowledgeGraph) -> None:
    """Only records and classes of classes are below no other class; every kind is an entity."""
    parentless = _names(
        kg, "?x a owl:Class ; rdfs:label ?label FILTER NOT EXISTS { ?x rdfs:subClassOf ?parent }"
    )

    assert parentless == RECORDS | METACLASSES
    assert _names(kg, "?x a mmn:Kind FILTER NOT EXISTS { ?x rdfs:subClassOf mmn:Entity }") == set()


@pytest.mark.parametrize(
    ("axiom", "without"), [("rdfs:domain", OPEN_DOMAIN), ("rdfs:range", OPEN_RANGE)]
)
def test_properties_have_domain_and_range(
    kg: KnowledgeGraph, axiom: str, without: set[str]
) -> None:
    """Each property says what it joins, but for those that join anything."""
    missing = _names(
        kg,
        f"""VALUES ?type {{ owl:ObjectProperty owl:DatatypeProperty }} ?x a ?type .
        FILTER NOT EXISTS {{ ?x {axiom} ?class }}""",
    )

    assert missing == without


def test_definitions_tell_the_limits_of_thresholds(kg: KnowledgeGraph) -> None:
    """The number of each limit stands in the definition of its threshold, in digits or words."""
    rows = kg.select(
        f"""{PREFIXES} SELECT ?t ?limit ?text WHERE {{ ?t a mmn:Threshold ; ?side ?limit ;
        IAO:0000115 ?definition ; rdfs:label ?label . VALUES ?side {{ mmn:low mmn:high }}
        OPTIONAL {{ ?t mmn:note ?note }}
        BIND(CONCAT(?label, " ", ?definition, " ", COALESCE(?note, "")) AS ?text) }}"""
    )

    assert len(rows) > 20
    for row in rows:
        text = row["text"].lower()
        told = {float(number) for number in re.findall(r"\d+(?:\.\d+)?", text)}
        told |= {float(n) for word, n in NUMBERS.items() if re.search(rf"\b{word}\b", text)}
        assert float(row["limit"]) in told, f"{row['t']}: {row['limit']} is not in {text!r}"


def test_the_check_of_roots_knows_each_root(kg: KnowledgeGraph) -> None:
    """The query that compares roots has a level for every single root of the graph."""
    text = catalog.queries("check")["root-far-from-nerve"].text
    single = {
        name for name in _names(kg, "?x a mmn:NerveRoot") if re.match(r"[CTLS]\d+Root\Z", name)
    }

    assert {name for name in single if text.count(f"(mmn:{name} ") != 2} == set()
