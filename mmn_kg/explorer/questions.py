"""The shipped questions for the page: their SPARQL and their answers, strings shared."""

from __future__ import annotations

from typing import Any

from mmn_kg import catalog, query, terms
from mmn_kg.answers import Answer, Cell
from mmn_kg.explorer.packing import pack_json
from mmn_kg.store import KnowledgeGraph


class Strings:
    """
    A table of distinct cells, so that an answer holds numbers only.

    A cell is one letter and its text: ``i`` an IRI (as a CURIE where it can be), ``n`` a typed
    literal such as a number, ``t`` a plain text, ``b`` a blank node.
    """

    def __init__(self) -> None:
        self._index: dict[str, int] = {}
        self._iris: set[str] = set()

    def add(self, cell: Cell | None) -> int:
        """Return the place of a cell in the table, or -1 for an unbound variable."""
        if cell is None:
            return -1
        if cell.kind == "uri":
            self._iris.add(cell.value)
        return self._index.setdefault(_letter(cell) + str(cell), len(self._index))

    def table(self) -> list[str]:
        """Return the cells in the order of their places."""
        return list(self._index)

    def labels(self, graph: KnowledgeGraph) -> dict[str, str]:
        """Return CURIE → label for each IRI of the table that has one."""
        found = ((terms.curie(iri), graph.label(iri)) for iri in sorted(self._iris))
        return {curie: label for curie, label in found if label is not None}


def _letter(cell: Cell) -> str:
    if cell.kind == "literal":
        return "n" if cell.datatype else "t"
    return "i" if cell.kind == "uri" else "b"


def rows(answer: Answer, strings: Strings) -> list[list[int]]:
    """Return the rows of an answer as places in the table."""
    return [[strings.add(cell) for cell in row] for row in answer.rows]


def section(graph: KnowledgeGraph) -> dict[str, Any]:
    """
    Return every shipped question with its answer over a graph, packed.

    The JSON inside is ``{"questions": [{"name", "summary", "tags", "params", "sparql", "beside",
    "columns", "rows"}], "strings": [str], "labels": {CURIE: str}, "prefixes": {str: str}}``, where
    ``beside`` tells what a question asks beside the graph, which the engine of the page lacks.
    """
    strings = Strings()
    questions = []
    for question in catalog.questions():
        answer = query.answer(graph, question.name)
        questions.append(
            {
                "name": question.name,
                "summary": question.summary,
                "tags": list(question.tags),
                "params": dict(question.params),
                "sparql": _without_headers(question.text),
                "beside": list(question.graphs),
                "columns": list(answer.columns),
                "rows": rows(answer, strings),
            }
        )
    return pack_json(
        {
            "questions": questions,
            "strings": strings.table(),
            "labels": strings.labels(graph),
            "prefixes": terms.PREFIXES,
        }
    )


def _without_headers(text: str) -> str:
    lines = text.splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith("#+")).strip() + "\n"
