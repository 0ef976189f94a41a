"""Compute the differential table from the graph and its assumptions, by queries alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, TypeVar

from mmn_kg import errors, terms
from mmn_kg.clinical.table import Cell, DifferentialTable, Disease, Limit
from mmn_kg.store import KnowledgeGraph

Row = Mapping[str, str]
K = TypeVar("K")
V = TypeVar("V")

#: The class of all patterns of weakness.
_PATTERN: Final = "mmn:WeaknessPattern"
#: The age, in years, at which an open class of onset ends.
_OLDEST: Final = 120

_PREFIXES: Final = f"""PREFIX mmn: <{terms.BASE}>
PREFIX rdfs: <{terms.PREFIXES["rdfs"]}>
PREFIX skos: <{terms.PREFIXES["skos"]}>
"""
_CELLS: Final = """
SELECT ?assumption ?disease ?finding ?percent ?low ?high ?class WHERE {
  ?assumption a mmn:Assumption ; mmn:subject ?disease ; mmn:predicate mmn:hasFinding ;
    mmn:object ?finding ; mmn:percent ?percent .
  OPTIONAL { ?assumption mmn:low ?low ; mmn:high ?high }
  OPTIONAL { ?assumption mmn:estimateClass ?class } }
ORDER BY ?finding ?disease ?assumption"""
_EVIDENCE: Final = """
SELECT DISTINCT ?disease ?finding ?evidence WHERE {
  ?assertion mmn:subject ?disease ; mmn:predicate mmn:hasFinding ; mmn:object ?finding ;
    mmn:hasEvidence ?evidence .
  ?evidence mmn:measure mmn:Frequency }
ORDER BY ?disease ?finding ?evidence"""
_FINDINGS: Final = """
SELECT ?finding ?label ?parent WHERE {
  ?finding a mmn:Finding ; rdfs:label ?label
  OPTIONAL { ?finding rdfs:subClassOf ?parent FILTER(isIRI(?parent)) } }
ORDER BY ?finding ?parent"""
_LINKS: Final = """
SELECT ?child ?relation ?parent WHERE {
  ?assumption a mmn:Assumption ; mmn:subject ?child ; mmn:predicate ?relation ; mmn:object ?parent .
  ?relation a mmn:AssumedRelation }
ORDER BY ?child ?relation ?parent"""
_GROUPS: Final = """
SELECT ?group ?finding WHERE { ?group a mmn:DependenceGroup ; mmn:groupsFinding ?finding }
ORDER BY ?group ?finding"""
_MAPPINGS: Final = """
SELECT ?finding ?predicate ?foreign WHERE {
  ?finding a mmn:Finding ; ?predicate ?foreign
  FILTER(?predicate IN (skos:exactMatch, skos:closeMatch, skos:broadMatch, skos:narrowMatch)) }
ORDER BY ?foreign ?predicate ?finding"""
_QUANTITIES: Final = """
SELECT ?subject ?quantity ?value ?deviation ?low ?high WHERE {
  ?assumption a mmn:Assumption ; mmn:subject ?subject ;
    mmn:predicate mmn:hasCharacteristic ; mmn:object ?quantity .
  OPTIONAL { ?assumption mmn:value ?value }
  OPTIONAL { ?assumption mmn:standardDeviation ?deviation }
  OPTIONAL { ?assumption mmn:low ?low }
  OPTIONAL { ?assumption mmn:high ?high } }
ORDER BY ?subject ?quantity"""
_NAMES: Final = """
SELECT ?disease ?name WHERE { ?disease a mmn:Disease ; skos:altLabel ?name }
ORDER BY ?disease ?name"""
_DISEASES: Final = """
SELECT ?disease ?label ?mondo WHERE {
  ?disease a mmn:Disease ; rdfs:label ?label
  OPTIONAL { ?disease skos:exactMatch ?mondo
    FILTER(STRSTARTS(STR(?mondo), "http://purl.obolibrary.org/obo/MONDO_")) } }
ORDER BY ?disease"""

_EXTENTS: Final = """
SELECT ?pattern ?extent ?percent WHERE {
  ?assumption a mmn:Assumption ; mmn:subject ?pattern ; mmn:predicate mmn:extendsOver ;
    mmn:object ?extent ; mmn:percent ?percent }
ORDER BY ?pattern ?extent"""
_LIMITS: Final = """
SELECT ?limit ?of ?quantity ?unit ?low ?lowInclusive ?high ?highInclusive WHERE {
  ?limit a mmn:Threshold ; mmn:thresholdOf ?of ; mmn:unit ?unit .
  OPTIONAL { ?limit mmn:ofQuantity ?quantity }
  OPTIONAL { ?limit mmn:low ?low }
  OPTIONAL { ?limit mmn:lowInclusive ?lowInclusive }
  OPTIONAL { ?limit mmn:high ?high }
  OPTIONAL { ?limit mmn:highInclusive ?highInclusive } }
ORDER BY ?limit ?of"""
_TESTS: Final = """
SELECT ?test ?finding WHERE { ?test mmn:testsFor ?finding . ?finding a mmn:Finding }
ORDER BY ?test ?finding"""


def tabulate(graph: KnowledgeGraph) -> DifferentialTable:
    """
    Compute the table from a graph that holds the assumptions too.

    Raises:
        InputError: The graph holds no assumptions.
    """

    def ask(query: str) -> list[Row]:
        return list(graph.select(_PREFIXES + query))

    cells = ask(_CELLS)
    if not cells:
        raise errors.InputError(
            "the graph holds no assumptions: load ontology/mmn-kg-assumptions.ttl with it"
        )
    ids = {row["disease"] for row in cells}
    names = _gather((row["disease"], row["name"]) for row in ask(_NAMES))
    diseases = tuple(
        Disease(row["disease"], row["label"], row.get("mondo"), names.get(row["disease"], ()))
        for row in ask(_DISEASES)
        if row["disease"] in ids
    )
    findings, links, quantities = ask(_FINDINGS), ask(_LINKS), ask(_QUANTITIES)
    labels = {row["finding"]: row["label"] for row in findings}
    parents = _parents(findings, links)
    return DifferentialTable(
        diseases=diseases,
        labels=labels,
        cells=_cells(diseases, cells, ask(_EVIDENCE)),
        parents=parents,
        groups=_gather((row["finding"], row["group"]) for row in ask(_GROUPS)),
        patterns=tuple(sorted(f for f, up in parents.items() if _PATTERN in up)),
        extents={
            pattern: {extent: share / 100 for extent, share in found}
            for pattern, found in _gather(
                (row["pattern"], (row["extent"], float(row["percent"]))) for row in ask(_EXTENTS)
            ).items()
        },
        mappings=_gather((row["foreign"], (row["finding"], _how(row))) for row in ask(_MAPPINGS)),
        onset=_per_disease(
            diseases,
            quantities,
            "mmn:AgeAtOnset",
            lambda row: (float(row["value"]), float(row["deviation"])),
        ),
        onset_classes={
            row["subject"]: (float(row.get("low", 0)), float(row.get("high", _OLDEST)))
            for row in quantities
            if row["quantity"] == "mmn:AgeAtOnset" and row["subject"] in labels
        },
        casemix=_per_disease(
            diseases, quantities, "mmn:NewCasesPerYear", lambda row: float(row["value"])
        ),
        limits=tuple(map(_limit, ask(_LIMITS))),
        tests={
            test: found[0]
            for test, found in _gather((row["test"], row["finding"]) for row in ask(_TESTS)).items()
            if len(found) == 1
        },
    )


def _parents(findings: Iterable[Row], links: Iterable[Row]) -> dict[str, tuple[str, ...]]:
    """Return finding → what it implies: first what the assumptions say, then its super-classes."""
    known = {row["finding"] for row in findings}
    pairs = [
        (row["child"], row["parent"]) for row in links if row["relation"] == "mmn:impliesFinding"
    ]
    pairs += [(row["finding"], row["parent"]) for row in findings if row.get("parent") in known]
    return _gather(pairs)


def _gather(pairs: Iterable[tuple[K, V]]) -> dict[K, tuple[V, ...]]:
    found: dict[K, dict[V, None]] = defaultdict(dict)
    for key, value in pairs:
        found[key][value] = None
    return {key: tuple(values) for key, values in found.items()}


def _limit(row: Row) -> Limit:
    return Limit(
        id=row["limit"],
        of=row["of"],
        quantity=row.get("quantity", ""),
        unit=row["unit"],
        low=float(row["low"]) if "low" in row else None,
        low_inclusive=row.get("lowInclusive") == "true",
        high=float(row["high"]) if "high" in row else None,
        high_inclusive=row.get("highInclusive") == "true",
    )


def _how(row: Row) -> str:
    return row["predicate"].removeprefix("skos:").removesuffix("Match")


def _cells(
    diseases: Sequence[Disease], rows: Iterable[Row], evidence: Iterable[Row]
) -> dict[str, tuple[Cell | None, ...]]:
    cited = _gather(((row["disease"], row["finding"]), row["evidence"]) for row in evidence)
    places = {disease.id: place for place, disease in enumerate(diseases)}
    found: dict[str, list[Cell | None]] = {}
    for row in rows:
        line = found.setdefault(row["finding"], [None] * len(diseases))
        percent = float(row["percent"])
        # Without an interval (the patterns of weakness), half and double the share.
        low, high = (
            float(row.get("low", percent / 2)),
            float(row.get("high", min(100, percent * 2))),
        )
        line[places[row["disease"]]] = Cell(
            mean=round(percent / 100, 5),
            low=round(low / 100, 5),
            high=round(high / 100, 5),
            basis=row.get("class", "judgement"),
            evidence=cited.get((row["disease"], row["finding"]), ()),
            assumption=row["assumption"],
        )
    return {finding: tuple(line) for finding, line in found.items()}


def _per_disease(
    diseases: Sequence[Disease],
    rows: Iterable[Row],
    quantity: str,
    read: Callable[[Row], V],
) -> tuple[V | None, ...]:
    found = {
        row["subject"]: read(row) for row in rows if row["quantity"] == quantity and "value" in row
    }
    return tuple(found.get(disease.id) for disease in diseases)
