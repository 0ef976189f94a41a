"""The guided course: tasks from ``course.json``, each with the graph's own answer to it."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any, Final

from mmn_kg import catalog, errors, terms
from mmn_kg.answers import Answer
from mmn_kg.explorer.packing import pack_json
from mmn_kg.explorer.questions import Strings, rows
from mmn_kg.store import KnowledgeGraph

#: How a task is answered: a term or a text typed in, a number, ticks, or a query.
KINDS: Final = frozenset({"term", "text", "number", "choice", "sparql"})
_KEYS: Final = frozenset({"id", "title", "text", "kind", "query", "label", "look", "hints"})


def section(graph: KnowledgeGraph) -> dict[str, str]:
    """
    Return the course with the expected answers, packed.

    The JSON inside is ``{"title", "intro", "tasks", "strings", "labels", "prefixes"}``. A task is
    as in ``course.json``, with ``columns`` and ``rows`` of the graph's answer, ``right`` (the
    accepted answers), ``options`` (of a choice) and ``accepts`` (every name of a right term).

    Raises:
        SourceError: A task is malformed, or its query has no answer in the graph.
    """
    course = load()
    strings = Strings()
    course["tasks"] = [_with_answer(graph, strings, task) for task in course["tasks"]]
    return pack_json(
        course
        | {
            "strings": strings.table(),
            "labels": strings.labels(graph),
            "prefixes": terms.PREFIXES,
        }
    )


def load() -> dict[str, Any]:
    """
    Return the course as it is written.

    Raises:
        SourceError: A task lacks a key, has an unknown kind, or names no query.
    """
    text = (resources.files(__package__) / "course.json").read_text(encoding="utf-8")
    course: dict[str, Any] = json.loads(text)
    for task in course["tasks"]:
        place = f"course.json: {task.get('id', task.get('title', 'a task'))}"
        if set(task) - {"starter"} != _KEYS:
            raise errors.SourceError(f"{place}: a task has {', '.join(sorted(_KEYS))}")
        if task["kind"] not in KINDS:
            raise errors.SourceError(f"{place}: kind is one of {', '.join(sorted(KINDS))}")
        if task["query"] not in catalog.queries("course"):
            raise errors.SourceError(f"{place}: there is no queries/course/{task['query']}.rq")
    return course


def _with_answer(graph: KnowledgeGraph, strings: Strings, task: dict[str, Any]) -> dict[str, Any]:
    answer = graph.select(catalog.queries("course")[task["query"]].text)
    right = _right(answer)
    if not right:
        raise errors.SourceError(f"queries/course/{task['query']}.rq finds no right answer")
    options = dict.fromkeys(row["answer"] for row in answer)
    return task | {
        "columns": [name for name in answer.columns if name != "right"],
        "rows": rows(_without(answer, "right"), strings),
        "right": list(right),
        "options": list(options) if task["kind"] == "choice" else [],
        "accepts": _names(graph, right) if task["kind"] == "term" else [],
    }


def _right(answer: Answer) -> dict[str, None]:
    """Return the accepted answers in order: all, or those of rows whose ``?right`` is true."""
    return dict.fromkeys(row["answer"] for row in answer if row.get("right", "true") == "true")


def _without(answer: Answer, column: str) -> Answer:
    """Return the rows without a column; where it is a boolean that is false, without the row."""
    if column not in answer.columns:
        return answer
    at = answer.columns.index(column)
    return Answer(
        answer.columns[:at] + answer.columns[at + 1 :],
        tuple(
            row[:at] + row[at + 1 :]
            for row in answer.rows
            if row[at] is not None and str(row[at]) == "true"
        ),
    )


def _names(graph: KnowledgeGraph, curies: dict[str, None]) -> list[str]:
    """Return every label and synonym of terms, and their CURIEs, in small letters."""
    listed = " ".join(f"<{terms.expand(curie)}>" for curie in curies)
    found = graph.select(
        f"""PREFIX rdfs: <{terms.PREFIXES["rdfs"]}>
        PREFIX skos: <{terms.PREFIXES["skos"]}>
        SELECT DISTINCT ?name WHERE {{
          VALUES ?term {{ {listed} }} ?term rdfs:label|skos:altLabel ?name }} ORDER BY ?name"""
    )
    return sorted({row["name"].casefold() for row in found} | {name.casefold() for name in curies})
