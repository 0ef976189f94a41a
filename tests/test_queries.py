"""The shipped questions: golden rows, and the same rows from every engine."""

from __future__ import annotations

import socket
import subprocess
import sysconfig
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path

import pytest
import rdflib

from mmn_kg import catalog, errors, query
from mmn_kg.answers import Answer, Cell
from mmn_kg.store import KnowledgeGraph
from tests.conftest import FILES, ROOT, Graphs, Parsed, Run

GOLDEN = ROOT / "tests" / "golden"
QUESTIONS = catalog.questions()
HEADLINES = [question.name for question in catalog.questions("headline")]


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Graphs], str]]:
    """Start real Oxigraph servers over the shipped files, on loopback."""
    with ExitStack() as running:

        @cache
        def started(graphs: Graphs) -> str:
            files = [ROOT / "ontology" / name for name in FILES[graphs]]
            return running.enter_context(_served(tmp_path_factory.mktemp("oxigraph"), files))

        yield started


@contextmanager
def _served(store: Path, files: list[Path]) -> Iterator[str]:
    program = Path(sysconfig.get_path("scripts")) / "oxigraph"
    command = [program, "load", "-l", store, *(part for file in files for part in ("-f", file))]
    subprocess.run(command, check=True, capture_output=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with subprocess.Popen(
        [program, "serve-read-only", "-l", store, "-b", f"127.0.0.1:{port}"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as server:
        try:
            for _ in range(200):
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=1).close()
                    break
                except (urllib.error.URLError, OSError):
                    time.sleep(0.05)
            yield f"http://127.0.0.1:{port}/query"
        finally:
            server.kill()


def _cell(node: rdflib.term.Node | None) -> Cell | None:
    if node is None:
        return None
    if isinstance(node, rdflib.URIRef):
        return Cell("uri", str(node))
    assert isinstance(node, rdflib.Literal)
    return Cell.literal(str(node), str(node.datatype or ""), node.language or "")


def test_there_are_enough_questions() -> None:
    """At least 30 questions are shipped, five of them the headline ones."""
    assert len(QUESTIONS) >= 30
    assert len(HEADLINES) == 5


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_golden_rows(
    kg: KnowledgeGraph, question: catalog.Query, request: pytest.FixtureRequest
) -> None:
    """A question answers with exactly the rows that a person has read."""
    found = query.answer(kg, question.name).to_tsv()
    path = GOLDEN / f"{question.name}.tsv"
    if request.config.getoption("--update-golden"):
        path.write_text(found, encoding="utf-8")

    assert found == path.read_text(encoding="utf-8")
    assert found.count("\n") > 1, "a question without an answer tests nothing"


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_rdflib_gives_the_same_rows(
    kg: KnowledgeGraph, parsed: Parsed, question: catalog.Query
) -> None:
    """Rdflib gives the same rows in the same order as Oxigraph."""
    rows = tuple(
        tuple(_cell(node) for node in row)  # type: ignore[union-attr]
        for row in parsed(question.graphs).query(question.text)
    )

    assert rows == query.answer(kg, question.name).rows


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_server_gives_the_same_rows(
    kg: KnowledgeGraph, endpoint: Callable[[Graphs], str], question: catalog.Query
) -> None:
    """A SPARQL server gives the same rows over HTTP."""
    from mmn_kg.endpoint import select

    assert select(endpoint(question.graphs), question.text) == query.answer(kg, question.name)


@pytest.mark.parametrize("name", ["affected-nerves", "widest-assumptions"])
def test_ask_through_an_endpoint(run: Run, endpoint: Callable[[Graphs], str], name: str) -> None:
    """``ask --endpoint`` prints what ``ask`` prints, where the endpoint holds what it needs."""
    url = endpoint(catalog.question(name).graphs)
    far = run("ask", name, "--endpoint", url, "--format", "csv")

    assert far.stdout.count("\n") > 1
    assert far.stdout == run("ask", name, "--format", "csv").stdout


def test_assumptions_stay_out_of_the_evidence() -> None:
    """A question about assumptions leaves the graph as it was, and others see none of them."""
    graph = KnowledgeGraph.load()
    before, evidence = len(graph), query.answer(graph, "counts-by-kind")

    assert len(query.answer(graph, "widest-assumptions")) > 0
    assert len(graph) == before
    assert query.answer(graph, "counts-by-kind") == evidence
    assert not graph.ask("ASK { ?x a <https://w3id.org/mmn-kg/Assumption> }")


def test_assumptions_are_read_once_and_follow_the_graph() -> None:
    """The graph with assumptions is kept, and made anew when the graph has changed."""
    graph = KnowledgeGraph.load()
    first = graph.with_assumptions()

    assert graph.with_assumptions() is first
    graph.add(graph.construct("CONSTRUCT { <urn:a> ?p <urn:b> } WHERE { VALUES ?p { <urn:p> } }"))
    assert graph.with_assumptions().ask("ASK { <urn:a> ?p <urn:b> }")
    assert not first.ask("ASK { <urn:a> ?p <urn:b> }")


def test_questions_say_what_they_ask() -> None:
    """A question asks for the assumptions if, and only if, it names them."""
    for question in QUESTIONS:
        assert ("mmn:Assumption" in question.text or "?assumption" in question.text) == (
            "assumptions" in question.graphs
        ), question.name


def test_golden_files_belong_to_questions() -> None:
    """No golden file outlives its question."""
    assert {path.stem for path in GOLDEN.glob("*.tsv")} == {q.name for q in QUESTIONS}


def test_a_parameter_changes_the_answer(kg: KnowledgeGraph) -> None:
    """A parameter takes labels, synonyms, CURIEs and identifiers of other vocabularies."""
    by_label = query.answer(kg, "nerve-behind-sign", {"sign": "foot drop"})
    by_foreign_id = query.answer(kg, "nerve-behind-sign", {"sign": "HP:0009027"})

    assert by_label != query.answer(kg, "nerve-behind-sign")
    if kg.find("foot drop") == "https://w3id.org/mmn-kg/FootDrop":
        assert by_foreign_id == by_label


def test_a_parameter_takes_several_values(kg: KnowledgeGraph) -> None:
    """Several values of one parameter give the union of their answers."""
    both = query.answer(kg, "nerve-behind-sign", {"sign": ["wrist drop", "foot drop"]})

    assert len(both) == sum(
        len(query.answer(kg, "nerve-behind-sign", {"sign": sign}))
        for sign in ("wrist drop", "foot drop")
    )


def test_a_kind_as_default_leaves_the_parameter_free(kg: KnowledgeGraph) -> None:
    """Where the default is a kind, a term or a group of that kind narrows the answer."""
    free = query.answer(kg, "when-is-mimic-live")
    group = query.answer(kg, "when-is-mimic-live", {"disease": "motor neuron disease"})
    one = query.answer(kg, "when-is-mimic-live", {"disease": "Hirayama disease"})

    assert {row["mimic"] for row in one} == {"mmn:HirayamaDisease"}
    assert set(one.rows) < set(group.rows) < set(free.rows)
    with pytest.raises(errors.ParameterError, match="disease takes a Disease"):
        query.answer(kg, "when-is-mimic-live", {"disease": "wrist drop"})


@pytest.mark.parametrize("value", ["mmn:X> } #", "'; DROP", "<urn:x>", "} UNION { ?s ?p ?o"])
def test_a_parameter_cannot_smuggle_sparql(kg: KnowledgeGraph, value: str) -> None:
    """A value that is no term of the graph is refused before it reaches the query."""
    with pytest.raises(errors.InputError):
        query.answer(kg, "affected-nerves", {"disease": value})


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ('#+ summary: "x"\n#+ tags: []\n', "the key 'expect' is missing"),
        ('#+ summary: "x"\n#+ tags: []\n#+ expect: {"goldn": true}\n', "unknown key 'goldn'"),
        ('#+ summary: "x"\n#+ tags: []\n#+ expect: {}\n#+ colour: 1\n', "unknown key 'colour'"),
        (
            '#+ summary: "x"\n#+ tags: []\n#+ expect: {}\n#+ graphs: ["guesses"]\n',
            "graphs: unknown key 'guesses': use assumptions",
        ),
        (
            '#+ summary: "x"\n#+ tags: []\n#+ expect: {}\n#+ graphs: "assumptions"\n',
            "graphs is a list",
        ),
        ("#+ summary: x\n", "summary is not JSON"),
        ("#+summary\n", "a header reads"),
        (
            '#+ summary: "x"\n#+ tags: []\n#+ expect: {}\n#+ params: {"a": "mmn:B"}\n',
            "the parameter 'a' needs the line",
        ),
    ],
)
def test_a_mistyped_header_is_an_error(tmp_path: Path, header: str, told: str) -> None:
    """A typo in a header cannot switch a test off."""
    path = tmp_path / "x.rq"
    path.write_text(header + "SELECT * WHERE {}\n")

    with pytest.raises(errors.SourceError, match=told):
        catalog.read(path, "question")


def test_the_parameter_line_is_last(kg: KnowledgeGraph) -> None:
    """VALUES lines stand at the end of WHERE, where every engine treats them alike."""
    del kg
    for question in QUESTIONS:
        if question.params:
            body = question.text.rpartition("}")[0]
            last = [line for line in body.splitlines() if line.strip()][-1]
            assert last.strip().startswith("VALUES"), question.name


def test_answer_round_trips_through_json(kg: KnowledgeGraph) -> None:
    """An answer survives the SPARQL JSON format."""
    import json

    answer = query.answer(kg, "als-or-mmn")

    assert Answer.from_json(json.loads(answer.to_json())) == answer
