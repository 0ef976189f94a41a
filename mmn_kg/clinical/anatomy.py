"""Read the anatomy out of a graph by SPARQL: claims, order along the nerves, names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from mmn_kg import terms
from mmn_kg.store import KnowledgeGraph

_PREFIXES: Final = "".join(
    f"PREFIX {name}: <{terms.PREFIXES[name]}>\n" for name in ("mmn", "rdfs", "skos", "owl")
)
_CLAIMS: Final = """
SELECT ?id ?type ?subject ?predicate ?object ?scope ?polarity ?varies ?sometimes ?disputed WHERE {
  VALUES ?predicate { mmn:innervates mmn:hasRootSupply mmn:leavesAt mmn:arisesFrom mmn:performs
    mmn:weaknessShowsAs mmn:lesionWeakens mmn:lesionNumbs mmn:weakensRegion }
  VALUES ?type { mmn:Assertion mmn:Assumption }
  ?id mmn:predicate ?predicate ; a ?type ; mmn:subject ?subject ; mmn:object ?object ;
    mmn:polarity ?polarity .
  OPTIONAL { ?id mmn:scope ?scope }
  BIND(EXISTS { ?id mmn:hasEvidence/mmn:caution ?caution
    FILTER(CONTAINS(?caution, "variable supply")) } AS ?varies)
  BIND(EXISTS { ?id mmn:hasEvidence/mmn:caution ?caution
    FILTER(CONTAINS(LCASE(?caution), "spared")) } AS ?sometimes)
  BIND(EXISTS { ?id mmn:hasEvidence/mmn:direction mmn:disputes } AS ?disputed)
} ORDER BY ?id"""
_KINDS: Final = """
SELECT ?term ?kind WHERE {
  VALUES ?kind { mmn:Muscle mmn:Movement mmn:SkinTerritory mmn:Nerve mmn:NerveSite mmn:PlexusPart
    mmn:SpinalNerveRoot mmn:WeaknessPattern mmn:Finding }
  ?term rdfs:subClassOf+ ?kind ; rdfs:label ?label .
} ORDER BY ?term ?kind"""
_NAMES: Final = """
SELECT ?term ?relation ?name WHERE {
  VALUES ?relation { rdfs:label skos:altLabel skos:exactMatch }
  ?term ?relation ?name .
} ORDER BY ?term ?relation ?name"""
_LINKS: Final = """
SELECT ?relation ?from ?to WHERE {
  VALUES ?relation { mmn:partOf mmn:distalTo rdfs:subClassOf }
  ?from ?relation ?to . FILTER(ISIRI(?to))
} ORDER BY ?relation ?from ?to"""


@dataclass(frozen=True, slots=True)
class Claim:
    """
    One assertion or assumption of the anatomy.

    Attributes:
        id: Its CURIE, ``assertion:…`` or ``assumption:…``.
        subject: The CURIE of what it is about.
        object: The CURIE of what it says of it.
        scope: A CURIE, or "".
        present: Its polarity.
        varies: A caution on its evidence says that the supply is variable.
        sometimes: A caution says that what is claimed may be spared.
        disputed: One of its sources says otherwise.
    """

    id: str
    subject: str
    object: str
    scope: str
    present: bool
    varies: bool
    sometimes: bool
    disputed: bool

    @property
    def assumed(self) -> bool:
        """Tell whether no source stands behind it."""
        return self.id.startswith("assumption:")


@dataclass(slots=True)
class Name:
    """The label of a term, its synonyms, and its identifiers elsewhere."""

    label: str = ""
    synonyms: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)


class Anatomy:
    """
    The anatomy that a graph holds, in plain sets and lists of CURIEs.

    Args:
        graph: Any graph; merge ``mmn-kg-assumptions.ttl`` into it to have the assumptions too.
    """

    def __init__(self, graph: KnowledgeGraph) -> None:
        self.claims: dict[str, list[Claim]] = {}
        for row in graph.select(_PREFIXES + _CLAIMS):
            self.claims.setdefault(row["predicate"].removeprefix("mmn:"), []).append(
                Claim(
                    *(row["id"], row["subject"], row["object"], row.get("scope", "")),
                    present=row["polarity"] == "mmn:present",
                    varies=row["varies"] == "true",
                    sometimes=row["sometimes"] == "true",
                    disputed=row["disputed"] == "true",
                )
            )
        self._kinds: dict[str, set[str]] = {}
        for row in graph.select(_PREFIXES + _KINDS):
            self._kinds.setdefault(row["kind"], set()).add(row["term"])
        self.names: dict[str, Name] = {}
        for row in graph.select(_PREFIXES + _NAMES):
            name = self.names.setdefault(row["term"], Name())
            if row["relation"] == "rdfs:label":
                name.label = name.label or row["name"]
            elif row["relation"] == "skos:altLabel":
                name.synonyms.append(row["name"])
            else:
                name.ids.append(row["name"])
        self._links: dict[str, dict[str, set[str]]] = {}
        for row in graph.select(_PREFIXES + _LINKS):
            links = self._links.setdefault(row["relation"], {})
            links.setdefault(row["from"], set()).add(row["to"])

    def of(self, predicate: str, *, subject: str = "", object_: str = "") -> Iterator[Claim]:
        """Yield the claims of a relation, present and absent, by subject, object or both."""
        if subject:
            found: Iterable[Claim] = self._by_subject.get((predicate, subject), ())
        else:
            found = self._by_object.get((predicate, object_), ())
        return (claim for claim in found if not object_ or claim.object == object_)

    @cached_property
    def _by_subject(self) -> dict[tuple[str, str], list[Claim]]:
        found: dict[tuple[str, str], list[Claim]] = {}
        for predicate, claims in self.claims.items():
            for claim in claims:
                found.setdefault((predicate, claim.subject), []).append(claim)
        return found

    @cached_property
    def _by_object(self) -> dict[tuple[str, str], list[Claim]]:
        found: dict[tuple[str, str], list[Claim]] = {}
        for predicate, claims in self.claims.items():
            for claim in claims:
                found.setdefault((predicate, claim.object), []).append(claim)
        return found

    def kind(self, name: str) -> set[str]:
        """Return all terms of a kind, such as ``mmn:Muscle``."""
        return self._kinds.get(name, set())

    def links(self, relation: str, term: str) -> set[str]:
        """Return what a term is linked to directly by ``mmn:partOf``, ``mmn:distalTo`` …."""
        return self._links.get(relation, {}).get(term, set())

    def linked(self, relation: str, target: str) -> list[str]:
        """Return the terms that are linked directly to a target, sorted."""
        return sorted(k for k, found in self._links.get(relation, {}).items() if target in found)

    def above(self, term: str) -> set[str]:
        """Return the sites that lie nearer to the spine than a site, along its nerve."""
        return self._closure(term, lambda x: self.links("mmn:distalTo", x))

    def sources_of(self, nerve: str) -> set[str]:
        """Return the nerves, cords, trunks and roots that a nerve's fibres come from."""
        return self._closure(nerve, self.parents)

    def parents(self, nerve: str) -> set[str]:
        """Return what a nerve or a part of a plexus is part of or arises from directly."""
        arises = {c.object for c in self.of("arisesFrom", subject=nerve) if c.present}
        return arises | self.links("mmn:partOf", nerve)

    def roots_of(self, part: str) -> set[str]:
        """Return the roots whose fibres a part of a plexus gathers."""
        found = self._closure(
            part, lambda x: {c.object for c in self.of("arisesFrom", subject=x) if c.present}
        )
        return found & self.kind("mmn:SpinalNerveRoot")

    @staticmethod
    def _closure(start: str, step: Callable[[str], set[str]]) -> set[str]:
        found: set[str] = set()
        queue = [start]
        while queue:
            new = step(queue.pop()) - found
            found |= new
            queue.extend(new)
        return found
