"""What the Turtle sources declare: terms, kinds, relations with domain and range."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, NamedNode, Triple

from mmn_kg import terms
from mmn_kg.build.sources import Problems, TurtleFile, own_terms

_TYPE: Final = terms.iri("rdf", "type")
_SUBCLASS: Final = terms.iri("rdfs", "subClassOf")
_EXCLUSION: Final = terms.iri("mmn", "motorOnlyExclusion")
_CLASS: Final = terms.iri("owl", "Class")


@dataclass(frozen=True, slots=True)
class Relation:
    """A predicate of the closed list, with the kinds that may stand on either side."""

    iri: str
    domain: frozenset[str]
    range: frozenset[str]


class Vocabulary:
    """
    The declared terms of all Turtle sources, checked as they are read.

    Args:
        files: The parsed sources, the schema first.
        problems: Takes the complaints: a term declared twice or not at all, an entity of no kind
            or of several.
    """

    def __init__(self, files: Sequence[TurtleFile], problems: Problems) -> None:
        self._values: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        self._lists: dict[str, dict[str, str]] = defaultdict(dict)
        self.declared: dict[str, str] = {}
        self.excluded: set[str] = set()
        for file in files:
            self._declare(file, problems)
        for file in files:
            for iri in sorted(set(own_terms(file.triples)) - self.declared.keys()):
                if iri not in {terms.BASE, terms.ONTOLOGY}:
                    problems.add(file.line_of(iri), f"undeclared term {terms.curie(iri)}")
        members: dict[str, set[str]] = defaultdict(set)
        for iri, table in self._values.items():
            for class_iri in table.get(_TYPE, ()):
                members[class_iri].add(iri)
        self._members = {iri: frozenset(found) for iri, found in members.items()}
        self.kinds = self.instances("Kind")
        by_name = {file.name: file for file in files}
        self.relations: dict[str, Relation] = {}
        self._find_relations(by_name, problems)
        self.kind_of: dict[str, str] = {}
        self._find_kinds(by_name, problems)

    def instances(self, class_name: str) -> frozenset[str]:
        """Return the declared individuals of a class of ours, by the class's local name."""
        return self._members.get(terms.iri("mmn", class_name), frozenset())

    def nearest(self, name: str, among: Sequence[str]) -> str:
        """Return a hint with the nearest local names, or ""."""
        close = difflib.get_close_matches(name, among, n=3, cutoff=0.6)
        return f"; did you mean {' or '.join(close)}?" if close else ""

    def typing(self) -> Iterator[Triple]:
        """Yield the kind of each entity, as a type of the individual of the same name."""
        individual = NamedNode(terms.iri("owl", "NamedIndividual"))
        for iri, kind in self.kind_of.items():
            yield Triple(NamedNode(iri), NamedNode(_TYPE), individual)
            yield Triple(NamedNode(iri), NamedNode(_TYPE), NamedNode(kind))

    def _declare(self, file: TurtleFile, problems: Problems) -> None:
        here: set[str] = set()
        for triple in file.triples:
            subject, value = triple.subject, triple.object
            if isinstance(subject, BlankNode):
                self._lists[subject.value][triple.predicate.value] = value.value  # type: ignore[union-attr]
            elif isinstance(subject, NamedNode):
                if isinstance(value, NamedNode | BlankNode):
                    self._values[subject.value][triple.predicate.value].append(value.value)
                if triple.predicate.value == _TYPE:
                    here.add(subject.value)
                if triple.predicate.value == _EXCLUSION:
                    self.excluded.add(subject.value)
        for iri in sorted(here):
            if iri in self.declared:
                problems.add(
                    file.line_of(iri),
                    f"{terms.curie(iri)} is declared in {self.declared[iri]} too: keep one",
                )
            else:
                self.declared[iri] = file.name

    def _find_relations(self, files: dict[str, TurtleFile], problems: Problems) -> None:
        for iri in sorted(self.instances("Relation")):
            ends = {}
            for name in ("domain", "range"):
                stated = self._values[iri].get(terms.iri("rdfs", name), [])
                if len(stated) != 1:
                    place = files[self.declared[iri]].line_of(iri)
                    told = f"{terms.curie(iri)} is a relation and states rdfs:{name}"
                    problems.add(place, f"{told} {len(stated)} times: state it once")
                ends[name] = self._union(stated[0]) if stated else frozenset()
            self.relations[iri] = Relation(iri, **ends)

    def _union(self, node: str) -> frozenset[str]:
        if node not in self._lists:
            return frozenset([node])
        members = []
        cell = self._lists[node][terms.iri("owl", "unionOf")]
        while cell in self._lists:
            members.append(self._lists[cell][terms.iri("rdf", "first")])
            cell = self._lists[cell][terms.iri("rdf", "rest")]
        return frozenset(members)

    def _find_kinds(self, files: dict[str, TurtleFile], problems: Problems) -> None:
        for iri, name in self.declared.items():
            if name in {"schema.ttl", "header.ttl"} or _CLASS not in self._values[iri][_TYPE]:
                continue
            kinds = {parent for parent in self._ancestors(iri) if parent in self.kinds}
            if len(kinds) == 1:
                self.kind_of[iri] = kinds.pop()
            else:
                found = ", ".join(sorted(terms.curie(kind) for kind in kinds)) or "none"
                problems.add(
                    files[name].line_of(iri),
                    f"{terms.curie(iri)} must come below exactly one kind, found {found}",
                )

    def _ancestors(self, iri: str) -> set[str]:
        seen: set[str] = set()
        queue = [iri]
        while queue:
            for parent in self._values[queue.pop()].get(_SUBCLASS, ()):
                if parent not in seen:
                    seen.add(parent)
                    queue.append(parent)
        return seen
