"""
All of the graph for the page: terms, assertions, evidence, sources and derivations, as columns.

What a panel shows of a term is put together from these in ``scripts/graph.js``; it says the same as
`explain.explain_terms`. Terms, references and relations are told apart by their places in their own
tables.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final

from mmn_kg import drawing, explain, reason, terms
from mmn_kg.answers import Cell
from mmn_kg.explorer.columns import pack
from mmn_kg.store import KnowledgeGraph

_PREFIXES: Final = "".join(
    f"PREFIX {name}: <{terms.PREFIXES[name]}>\n" for name in ("mmn", "rdfs", "skos", "IAO")
)
_MATCHES: Final = ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")
Row = Mapping[str, Cell]


def section(graph: KnowledgeGraph) -> dict[str, Any]:
    """
    Return the tables; rules are run on a copy, so that the graph stays as it is.

    Returns:
        ``terms``, ``kinds``, ``relations``, ``assertions``, ``evidence``, ``references``,
        ``derivations``, ``sentences``; rows point to each other by their places. ``words`` are the
        terms that records are written in: measures, units, kinds of study, properties.
    """
    reasoned = graph.copy()
    reason.infer(reasoned)
    return _Tables(graph, reasoned).all()


class _Tables:
    """The tables, with the place of each record that others point to."""

    def __init__(self, graph: KnowledgeGraph, reasoned: KnowledgeGraph) -> None:
        self._graph = graph
        self._assertions = _rows(
            graph,
            """SELECT ?a ?s ?p ?o ?scope ?polarity WHERE {
              ?a a mmn:Assertion ; mmn:subject ?s ; mmn:predicate ?p ; mmn:object ?o ;
                 mmn:polarity ?polarity OPTIONAL { ?a mmn:scope ?scope } } ORDER BY ?a""",
        )
        self._derivations = _rows(
            reasoned,
            """SELECT ?d ?s ?p ?o ?rule WHERE {
              ?d a mmn:Derivation ; mmn:subject ?s ; mmn:predicate ?p ; mmn:object ?o ;
                 mmn:rule ?rule FILTER(?p != rdfs:subClassOf) } ORDER BY ?d""",
        )
        self._premises = _rows(
            reasoned,
            """SELECT ?d ?s ?p ?o WHERE {
              ?d a mmn:Derivation ; mmn:predicate ?q ; mmn:derivedFrom ?edge
              FILTER(?q != rdfs:subClassOf)
              ?edge mmn:subject ?s ; mmn:predicate ?p ; mmn:object ?o } ORDER BY ?d ?s ?p ?o""",
        )
        triples = [*self._assertions, *self._derivations, *self._premises]
        self._relations = _places(row["p"].value for row in triples)
        self._terms = _places(
            [
                *(row["t"].value for row in _rows(graph, _TERMS)),
                *(row[end].value for row in triples for end in ("s", "o")),
                *(row["scope"].value for row in triples if "scope" in row),
            ]
        )
        self._references = _places(
            row["r"].value for row in _rows(graph, "SELECT ?r WHERE { ?r a mmn:Reference }")
        )
        self._places = _places(row["a"].value for row in self._assertions)

    def all(self) -> dict[str, Any]:
        kinds = _many(self._graph, "SELECT ?s ?v WHERE { ?s a ?v . ?v a mmn:Kind } ORDER BY ?s ?v")
        names = sorted({terms.curie(found[0]) for found in kinds.values()})
        return {
            "terms": pack(self._term_rows(kinds, names)),
            "kinds": [self._kind(name) for name in names],
            "relations": self._relation_rows(),
            "assertions": pack(self._assertion_rows()),
            "evidence": pack(self._evidence_rows()),
            "references": pack(self._reference_rows()),
            "derivations": pack(self._derivation_rows()),
            "sentences": self._sentences(),
            "words": self._words(),
        }

    def _label(self, iri: str) -> str:
        return self._graph.label(iri) or terms.curie(iri)

    def _kind(self, curie: str) -> dict[str, str]:
        iri = terms.expand(curie) or curie
        name = curie.removeprefix("mmn:")
        shape, fill = drawing.STYLES.get(name, drawing.DEFAULT_STYLE)
        return {
            "id": name,
            "label": self._label(iri),
            "definition": _text(self._graph, iri),
            "shape": shape,
            "fill": fill,
        }

    def _term_rows(self, kinds: Mapping[str, list[str]], names: list[str]) -> list[dict[str, Any]]:
        definitions = _many(self._graph, "SELECT ?s ?v WHERE { ?s IAO:0000115 ?v } ORDER BY ?v")
        synonyms = _many(self._graph, "SELECT ?s ?v WHERE { ?s skos:altLabel ?v } ORDER BY ?v")
        notes = _many(self._graph, "SELECT ?s ?v WHERE { ?s skos:scopeNote ?v } ORDER BY ?v")
        parents = _many(
            self._graph,
            "SELECT ?s ?v WHERE { ?s rdfs:subClassOf ?v FILTER(isIRI(?v)) } ORDER BY ?s ?v",
        )
        mappings = {
            match: _many(self._graph, f"SELECT ?s ?v WHERE {{ ?s skos:{match} ?v }} ORDER BY ?v")
            for match in _MATCHES
        }
        places = {name: number for number, name in enumerate(names)}
        return [
            {
                "id": _short(iri),
                "label": self._label(iri),
                "kind": places[terms.curie(kinds[iri][0])] if iri in kinds else None,
                "definition": definitions.get(iri, [None])[0],
                "synonyms": synonyms.get(iri),
                "note": notes.get(iri, [None])[0],
                "parents": [self._terms[p] for p in parents.get(iri, ()) if p in self._terms]
                or None,
                "mappings": [
                    [number, terms.curie(value)]
                    for number, match in enumerate(_MATCHES)
                    for value in mappings[match].get(iri, ())
                ]
                or None,
            }
            for iri in self._terms
        ]

    def _relation_rows(self) -> list[dict[str, Any]]:
        topics = _many(self._graph, "SELECT ?s ?v WHERE { ?s mmn:topic ?v }")
        return [
            {
                "id": _short(iri),
                "label": self._label(iri),
                "definition": _text(self._graph, iri),
                "topic": next(iter(topics.get(iri, ())), ""),
                "bar": terms.curie(iri) in drawing.INHIBITING,
            }
            for iri in self._relations
        ]

    def _words(self) -> list[dict[str, str]]:
        return [
            {
                "id": _short(row["t"].value),
                "label": row["label"].value,
                "definition": row["definition"].value,
            }
            for row in _rows(self._graph, _WORDS)
            if row["t"].value not in self._terms and row["t"].value not in self._relations
        ]

    def _assertion_rows(self) -> list[dict[str, Any]]:
        conflicts = _many(self._graph, "SELECT ?s ?v WHERE { ?s mmn:conflictsWith ?v } ORDER BY ?v")
        return [
            {
                "id": _own_id(row),
                "s": self._terms[row["s"].value],
                "p": self._relations[row["p"].value],
                "o": self._terms[row["o"].value],
                "scope": self._terms[row["scope"].value] if "scope" in row else None,
                "absent": 1 if str(row["polarity"]) == "mmn:absent" else None,
                "conflicts": [
                    self._places[other]
                    for other in conflicts.get(row["a"].value, ())
                    if other in self._places
                ]
                or None,
            }
            for row in self._assertions
        ]

    def _evidence_rows(self) -> list[dict[str, Any]]:
        found = _rows(
            self._graph,
            """SELECT ?a ?e ?p ?v WHERE { ?a mmn:hasEvidence ?e . ?e ?p ?v
               FILTER(?p NOT IN (mmn:curatedRow, mmn:secondRead)) } ORDER BY ?e ?p ?v""",
        )
        table: dict[tuple[str, str], dict[str, Cell]] = defaultdict(dict)
        for row in found:
            if row["a"].value in self._places:
                key = (row["a"].value, row["e"].value)
                table[key][row["p"].value.removeprefix(terms.BASE)] = row["v"]
        order = sorted(table, key=lambda key: (self._places[key[0]], key[1]))
        return [{"a": self._places[a], **self._one_evidence(e, table[a, e])} for a, e in order]

    def _one_evidence(self, iri: str, fields: Mapping[str, Cell]) -> dict[str, Any]:
        """Return what `explain` tells of a piece of evidence; the figure as `explain` writes it."""
        item = explain.read_evidence(self._graph, terms.curie(iri), fields)
        source = fields.get("source")
        return {
            "id": item.id.removeprefix("evidence:"),
            "source": self._references.get(source.value) if source else None,
            "direction": item.direction or None,
            "figure": explain.figure(item) or None,
            "percent": item.percent,
            "measure": self._named(item.measure),
            "control": str(item.control["name"] or "") or None if item.control else None,
            "p": item.p_value,
            "population": item.population,
            "country": item.country,
            "year": item.year,
            "regimen": self._named(item.regimen),
            "design": item.design or None,
            "status": item.status,
            "read": item.read_as or None,
            "note": item.note or None,
            "caution": item.caution,
        }

    def _named(self, curie: str | None) -> str | None:
        return None if curie is None else self._label(terms.expand(curie) or curie)

    def _reference_rows(self) -> list[dict[str, Any]]:
        names = ("title", "journal", "year", "firstAuthor", "pmid", "doi", "url")
        fields = {
            name: _many(
                self._graph,
                f"SELECT ?s ?v WHERE {{ ?s a mmn:Reference ; mmn:{name} ?v }} ORDER BY ?v",
            )
            for name in names
        }
        return [
            {
                "id": terms.curie(iri).removeprefix("reference:"),
                **{name: fields[name].get(iri, [None])[0] for name in names},
            }
            for iri in self._references
        ]

    def _derivation_rows(self) -> list[dict[str, Any]]:
        premises: dict[str, list[int]] = defaultdict(list)
        for row in self._premises:
            premises[row["d"].value] += self._edge(row)
        return [
            {
                **dict(zip(("s", "p", "o"), self._edge(row), strict=True)),
                "rule": row["rule"].value,
                "from": premises[row["d"].value],
            }
            for row in self._derivations
        ]

    def _edge(self, row: Row) -> list[int]:
        return [
            self._terms[row["s"].value],
            self._relations[row["p"].value],
            self._terms[row["o"].value],
        ]

    def _sentences(self) -> list[dict[str, Any]]:
        found = _rows(
            self._graph,
            """SELECT ?text ?number ?a WHERE {
              ?s mmn:paraphrase ?text ; mmn:number ?number ; mmn:carriedBy ?a
            } ORDER BY ?number ?a""",
        )
        sentences: dict[str, list[int]] = defaultdict(list)
        for row in found:
            if row["a"].value in self._places:
                sentences[row["text"].value].append(self._places[row["a"].value])
        return [{"text": text, "assertions": places} for text, places in sentences.items()]


_TERMS: Final = """SELECT DISTINCT ?t ?label WHERE {
  ?t a ?kind . ?kind a mmn:Kind . ?t rdfs:label ?label } ORDER BY ?label ?t"""

_WORDS: Final = """SELECT ?t ?label ?definition WHERE {
  ?t rdfs:label ?label ; IAO:0000115 ?definition
  FILTER(STRSTARTS(STR(?t), STR(mmn:))) FILTER NOT EXISTS { ?t a mmn:Kind }
} ORDER BY LCASE(?label) ?t"""


def _rows(graph: KnowledgeGraph, query: str) -> list[dict[str, Cell]]:
    answer = graph.select(_PREFIXES + query)
    return [
        {name: cell for name, cell in zip(answer.columns, row, strict=True) if cell is not None}
        for row in answer.rows
    ]


def _many(graph: KnowledgeGraph, query: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for row in _rows(graph, query):
        found[row["s"].value].append(row["v"].value)
    return dict(found)


def _text(graph: KnowledgeGraph, iri: str) -> str:
    rows = _rows(graph, f"SELECT ?v WHERE {{ <{iri}> IAO:0000115 ?v }} ORDER BY ?v")
    return rows[0]["v"].value if rows else ""


def _places(iris: Iterable[str]) -> dict[str, int]:
    return {iri: number for number, iri in enumerate(dict.fromkeys(iris))}


def _short(iri: str) -> str:
    """Return the CURIE, without the prefix where it is ours."""
    return terms.curie(iri).removeprefix("mmn:")


def _own_id(row: Row) -> str | None:
    """Return an assertion's CURIE where it is not the one that its parts make up."""
    parts = [_short(row[name].value) for name in ("s", "p", "o", "scope") if name in row]
    curie = terms.curie(row["a"].value)
    return None if curie == f"assertion:{'-'.join(parts)}" else curie
