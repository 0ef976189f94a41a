"""Answer a shipped question, with parameters."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from mmn_kg import catalog, errors, terms
from mmn_kg.answers import Answer
from mmn_kg.store import KnowledgeGraph

#: What a caller may give for a parameter: one term or number, or several.
Value = str | int | float | Sequence[str | int | float]

_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?\Z")


def answer(
    graph: KnowledgeGraph, name: str, parameters: Mapping[str, Value] | None = None
) -> Answer:
    """
    Answer a question of the catalogue.

    A question that asks for the assumptions is put to a graph with them, made once; the graph
    itself does not change.

    Args:
        graph: The graph to ask.
        name: The question's name, as `mmn-kg questions` lists it.
        parameters: Parameter → a term (CURIE, IRI, label or synonym) or a number, or several.

    Returns:
        The rows.

    Raises:
        UnknownQuestionError: There is no such question.
        ParameterError: The question has no such parameter, or the value is of the wrong kind.
        UnknownTermError: A value names no term of the graph.

    Example:
        >>> rows = answer(KnowledgeGraph.load(), "affected-nerves")
        >>> rows.columns[0]
        'nerve'
    """
    text = prepare(graph, name, parameters)
    assuming = "assumptions" in catalog.question(name).graphs
    return (graph.with_assumptions() if assuming else graph).select(text)


def prepare(graph: KnowledgeGraph, name: str, parameters: Mapping[str, Value] | None = None) -> str:
    """Return the SPARQL text of a question with its parameters filled in (see `answer`)."""
    query = catalog.question(name)
    values = {}
    for key, given in (parameters or {}).items():
        items = [given] if isinstance(given, str | int | float) else list(given)
        default = query.params.get(key)
        values[key] = [_term(graph, key, item, default) for item in items]
    return query.with_values(values)


def _term(
    graph: KnowledgeGraph, name: str, value: str | int | float, default: str | int | float | None
) -> str:
    """Turn one value into SPARQL notation, of the same kind as the default."""
    if default is None:
        return "UNDEF"  # with_values refuses the name
    if isinstance(default, int | float):
        text = str(value).strip()
        if not _NUMBER.match(text):
            raise errors.ParameterError(f"{name} takes a number as {default}, not {value!r}")
        return text
    found = graph.find(str(value))
    wanted, given = (_kinds(graph, iri) for iri in (terms.expand(default) or default, found))
    if wanted and not wanted & given:
        raise errors.ParameterError(
            f"{name} takes a {_names(wanted)}, and {terms.curie(found)} is "
            f"{'a ' + _names(given) if given else 'none'}"
        )
    return f"<{found}>"


def _kinds(graph: KnowledgeGraph, iri: str) -> frozenset[str]:
    """Return the kinds of a term; a kind, which stands for all its terms, is its own."""
    kind = terms.iri("mmn", "Kind")
    rows = graph.select(
        f"SELECT ?kind WHERE {{ {{ <{iri}> a ?kind . ?kind a <{kind}> }} "
        f"UNION {{ BIND(<{iri}> AS ?kind) ?kind a <{kind}> }} }}"
    )
    return frozenset(row["kind"] for row in rows)


def _names(kinds: frozenset[str]) -> str:
    return " or ".join(sorted(kind.partition(":")[2] for kind in kinds))
