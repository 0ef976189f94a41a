"""
Hand the graph over: a registry of formats, each the same bytes on every run.

Blank nodes (OWL expressions only) are named by RDFC-1.0 first, triples are sorted, so the order in
which the store gives them does not matter.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any, Final

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
)

from mmn_kg import errors, terms, turtle
from mmn_kg.store import KnowledgeGraph, to_bytes

_RDF_TYPE: Final = terms.iri("rdf", "type")
_XSD_STRING: Final = terms.iri("xsd", "string")


def export_graph(graph: KnowledgeGraph, format_: str) -> bytes:
    r"""
    Write the whole graph in a format.

    Args:
        graph: The graph.
        format_: A key of `FORMATS`: ``ttl``, ``nt``, ``rdfxml``, ``jsonld`` or ``trig``.

    Returns:
        The file's content, in UTF-8.

    Raises:
        ParameterError: There is no such format.

    Example:
        >>> export_graph(KnowledgeGraph.load(), "nt").count(b"\n") > 1000
        True
    """
    check_format(format_)
    return FORMATS[format_](graph)


def check_format(format_: str) -> None:
    """Raise ParameterError if there is no such format."""
    if format_ not in FORMATS:
        raise errors.ParameterError(f"no format {format_!r}: use {', '.join(FORMATS)}")


def canonical(triples: Iterable[Triple]) -> list[Triple]:
    """Name blank nodes by RDFC-1.0 and sort: equal graphs give equal lists."""
    dataset = Dataset(Quad(t.subject, t.predicate, t.object, DefaultGraph()) for t in triples)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return sorted((quad.triple for quad in dataset), key=str)


def _turtle(graph: KnowledgeGraph) -> bytes:
    return turtle.serialise(graph.triples()).encode()


def _ntriples(graph: KnowledgeGraph) -> bytes:
    return to_bytes(canonical(graph.triples()), RdfFormat.N_TRIPLES)


def _rdfxml(graph: KnowledgeGraph) -> bytes:
    return to_bytes(canonical(graph.triples()), RdfFormat.RDF_XML)


# --- TriG ------------------------------------------------------------------------------------


def _trig(graph: KnowledgeGraph) -> bytes:
    """Write one named graph a topic; terms, schema and sources have graphs of their own."""
    home = _homes(graph)
    quads = [
        Quad(
            triple.subject,
            triple.predicate,
            triple.object,
            NamedNode(f"{terms.BASE}graph/{_home(triple, home)}"),
        )
        for triple in canonical(graph.triples())
    ]
    quads.sort(key=lambda quad: (str(quad.graph_name), str(quad.triple)))
    return to_bytes(quads, RdfFormat.TRIG)


def _homes(graph: KnowledgeGraph) -> dict[str, str]:
    """Return the topic of each relation, assertion, conflict and piece of evidence."""
    mmn = terms.PREFIXES["mmn"]
    answer = graph.select(
        f"""PREFIX mmn: <{mmn}>
        SELECT ?node (MIN(?any) AS ?topic) WHERE {{
          {{ ?node mmn:topic ?any }}
          UNION {{ ?node mmn:predicate/mmn:topic ?any ; a mmn:Assertion }}
          UNION {{ ?a mmn:predicate/mmn:topic ?any ; mmn:hasEvidence ?node }}
          UNION {{ ?node mmn:conflictOf/mmn:predicate/mmn:topic ?any }}
        }} GROUP BY ?node"""
    )
    return {
        node.value: topic.value
        for node, topic in answer.rows
        if node is not None and topic is not None
    }


def _home(triple: Triple, homes: dict[str, str]) -> str:
    subject = triple.subject.value if isinstance(triple.subject, NamedNode) else ""
    for prefix in ("assertion", "conflict", "evidence"):
        if subject.startswith(terms.PREFIXES[prefix]):
            return homes.get(subject, "claims")
    for prefix in ("reference", "work", "sentence"):
        if subject.startswith(terms.PREFIXES[prefix]):
            return "sources"
    # The edges of a relation stand with its claims; what else is said of a term, with the terms.
    if isinstance(triple.object, NamedNode) and triple.predicate.value in homes:
        return homes[triple.predicate.value]
    return "terms"


# --- JSON-LD ---------------------------------------------------------------------------------


def context(graph: KnowledgeGraph) -> dict[str, Any]:
    """
    Return the JSON-LD context: our prefixes, and the short name and type of each property.

    Args:
        graph: The graph, whose schema declares the properties.
    """
    entries: dict[str, Any] = {
        prefix: {"@id": namespace, "@prefix": True} for prefix, namespace in terms.PREFIXES.items()
    }
    answer = graph.select(
        f"""PREFIX owl: <{terms.PREFIXES["owl"]}> PREFIX rdfs: <{terms.PREFIXES["rdfs"]}>
        SELECT ?property ?type ?range WHERE {{
          VALUES ?type {{ owl:ObjectProperty owl:DatatypeProperty }}
          ?property a ?type . OPTIONAL {{ ?property rdfs:range ?range }} }} ORDER BY ?property"""
    )
    for row in answer:
        name = row["property"].partition(":")[2]
        if row["type"] == "owl:ObjectProperty":
            entries[name] = {"@id": row["property"], "@type": "@id"}
        elif row.get("range") != "xsd:string":
            entries[name] = {"@id": row["property"], "@type": row["range"]}
        else:
            entries[name] = row["property"]
    entries |= {
        "label": "rdfs:label",
        "definition": "IAO:0000115",
        "synonym": "skos:altLabel",
        "subClassOf": {"@id": "rdfs:subClassOf", "@type": "@id"},
    }
    return {"@context": dict(sorted(entries.items()))}


def _jsonld(graph: KnowledgeGraph) -> bytes:
    """Write one object a subject, compacted by our own context, which stands inside the file."""
    frame = context(graph)
    names = _short_names(frame["@context"])
    nodes: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for triple in canonical(graph.triples()):
        table = nodes[_id(triple.subject)]
        predicate = triple.predicate.value
        if predicate == _RDF_TYPE and isinstance(triple.object, NamedNode):
            table["@type"].append(terms.curie(triple.object.value))
            continue
        name, coerced = names.get(predicate, (terms.curie(predicate), ""))
        table[name].append(_value(triple.object, coerced))
    document = {
        **frame,
        "@graph": [
            {"@id": node, **{key: _single(values) for key, values in sorted(table.items())}}
            for node, table in sorted(nodes.items())
        ],
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _short_names(entries: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """Return property IRI → (short name, datatype or "@id" that the context gives its values)."""
    found = {}
    for name, entry in entries.items():
        if isinstance(entry, dict) and entry.get("@prefix"):
            continue
        curie = entry["@id"] if isinstance(entry, dict) else entry
        coerced = entry.get("@type", "") if isinstance(entry, dict) else _XSD_STRING
        full = terms.expand(curie)
        if full is not None:
            found[full] = (name, terms.expand(coerced) or coerced)
    return found


def _id(node: Any) -> str:
    return f"_:{node.value}" if isinstance(node, BlankNode) else terms.curie(node.value)


def _value(node: Any, coerced: str) -> Any:
    if not isinstance(node, Literal):
        return _id(node) if coerced == "@id" else {"@id": _id(node)}
    if node.language:
        return {"@value": node.value, "@language": node.language}
    datatype = node.datatype.value
    if datatype == coerced or (datatype == _XSD_STRING and coerced in {"", _XSD_STRING}):
        return node.value
    if datatype == _XSD_STRING:
        return {"@value": node.value}
    return {"@value": node.value, "@type": terms.curie(datatype)}


def _single(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values


#: Format → writer. The command line takes its choices from here.
FORMATS: Final[dict[str, Callable[[KnowledgeGraph], bytes]]] = {
    "ttl": _turtle,
    "nt": _ntriples,
    "rdfxml": _rdfxml,
    "jsonld": _jsonld,
    "trig": _trig,
}
