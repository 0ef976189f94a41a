"""The panel "Ask it yourself", in a real browser: answers, tables, SPARQL and its errors."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from mmn_kg import catalog, query
from mmn_kg.explorer import page as explorer
from mmn_kg.store import KnowledgeGraph
from tests.chromium import Opener, serious

if TYPE_CHECKING:
    from playwright.sync_api import Page

QUESTIONS = catalog.questions()
BLOCKS = re.compile(r'<script type="application/json" id="data-([^"]*)">(.*?)</script>', re.DOTALL)
SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
#: What a student gets wrong, and words that the page then says.
MISTAKES = {
    "SELECT ?n WHERE { ?n a mmn:Nerve": "is never closed: add a }",
    "SELECT ?n WHERE { ?n a mmn:Nerve )": "a } is missing",
    "SELECT ?n WHERE { ?n a mmn:Nerve }}": "closes nothing",
    "SELECT ?n WHERE { ?n a mnn:Nerve }": "mnn: at line 1, column 24 is unknown: the nearest",
    "SELEC ?n WHERE { ?n a mmn:Nerve }": "did you mean SELECT?",
    "SELECT ?n {\n ?n a mmn:Nerve .\n OPTOINAL { ?n mmn:partOf ?m } }": "did you mean OPTIONAL?",
    'SELECT ?n WHERE { ?n rdfs:label "ulnar nerve }': 'is never closed: add a "',
    "SELECT ?n WHERE { ?n rdfs:label ulnar }": "“ulnar” at line 1, column 33",
    "SELECT ?n WHERE { ?n mmn:innervates }": "a part is missing after mmn:innervates",
    "SELECT ?n WHERE { ?n a mmn:Nerve ?n mmn:partOf ?m }": "a dot is missing",
    "SELECT ?n WHERE { ?n mmn:partOf// ?m }": "cannot be read on from line 1",
    "SELECT ?n WHERE { ?n a mmn:Nerve } ORDER ?n": "followed by BY",
    "SELECT ?n (COUNT(?m) AS ?c) WHERE { ?n mmn:innervates ?m }": "must stand in GROUP BY",
    "DELETE WHERE { ?s ?p ?o }": "updates are not",
    "SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }": "asks nobody outside",
    "  ": "There is no query yet",
}
#: Queries that run, and what the page warns of.
WARNINGS = {
    "SELECT ?n WHERE { ?n a mmn:Nreve }": "mmn:Nreve is not in the graph. The nearest are mmn:",
    "SELECT ?name WHERE { ?nam a mmn:Nerve }": "is it ?nam?",
    "SELECT ?n WHERE { ?n a mmn:Nerve . ?n mmn:heals ?n }": "mmn:heals is not in the graph",
    "SELECT ?n WHERE { ?n a mmn:Nerve, mmn:Muscle }": "Nothing in the graph fits all the lines",
}


#: The CSV of every shipped answer as it stands in the page.
SHIPPED = """async () => {
  const data = await mmn.answers(mmn.page);
  const cell = (place) => mmn.cells.ofTable(place, data);
  return Object.fromEntries(data.questions.map(({ name, columns, rows }) => [
    name, mmn.cells.csv(columns, rows.map((row) => row.map(cell)), data.prefixes)]));
}"""
#: The CSV of every shipped question as the engine answers it.
COMPUTED = """async () => {
  const data = await mmn.answers(mmn.page);
  const found = {};
  for (const { name, sparql, beside } of data.questions) {
    if (beside.length > 0) {
      continue;
    }
    const done = await mmn.runSparql(mmn.page, sparql, data.prefixes);
    found[name] = done.problems.join("")
      || mmn.cells.csv(done.found.columns, done.rows, data.prefixes);
  }
  return found;
}"""
#: Why a query fails on an engine with little time.
HURRIED = """(query) => mmn.engine(mmn.page, { seconds: 0.3 })
  .run({ query, form: "SELECT", terms: [] })
  .then(() => "an answer", (error) => error.reason)"""


@pytest.fixture(scope="module")
def asked(open_page: Opener) -> Page:
    """Give the panel, opened once for the tests that leave it as it is."""
    page = open_page("#ask")
    page.wait_for_selector(".question table")
    return page


@pytest.fixture(scope="module")
def answers(kg: KnowledgeGraph) -> dict[str, str]:
    """Give question → its answer as the command line prints it in CSV."""
    return {question.name: query.answer(kg, question.name).to_csv() for question in QUESTIONS}


def _text(question: catalog.Query) -> str:
    return question.text


def _made(page_text: str) -> dict[str, Callable[[KnowledgeGraph], object]]:
    """Return the sections of a page as they stand in it, so that they are not made anew."""
    found = {name: json.loads(text) for name, text in BLOCKS.findall(page_text)}
    return {name: lambda _, value=value: value for name, value in found.items()}


def _run(page: Page, text: str) -> None:
    page.fill("#ask-sparql", text)
    page.click(".editor .main")
    page.wait_for_selector(".editor .main:not([disabled])")


def _column(page: Page, number: int) -> list[str]:
    return page.locator(f".question tbody td:nth-child({number})").all_inner_texts()


def test_every_question_is_listed_and_found(asked: Page) -> None:
    """All shipped questions are listed; search and topic narrow them."""
    assert asked.locator(".question-list button").count() == len(QUESTIONS)

    asked.fill("#ask-search", "wasting muscle")
    found = asked.locator(".question-list button").all_inner_texts()
    asked.fill("#ask-search", "")
    asked.select_option("#ask-tag", "headline")
    headlines = asked.locator(".question-list button").count()
    asked.select_option("#ask-tag", "")

    assert 0 < len(found) < 10
    assert all("muscle" in text.lower() for text in found)
    assert headlines == 5


def test_answers_are_those_of_the_command_line(asked: Page, answers: dict[str, str]) -> None:
    """The CSV of each answer in the page is, to the byte, what ``ask --format csv`` prints."""
    texts = asked.evaluate(SHIPPED)

    assert texts == answers


def test_the_engine_gives_the_same_answers(asked: Page, answers: dict[str, str]) -> None:
    """Each shipped question about the graph, run in the page's own engine, gives the same rows."""
    texts = asked.evaluate(COMPUTED)
    beside = {question.name for question in QUESTIONS if question.graphs}

    assert texts == {name: text for name, text in answers.items() if name not in beside}


def test_a_column_sorts_by_size_and_back(open_page: Opener) -> None:
    """A head sorts up, then down, then not at all; numbers by size, what is lacking last."""
    page = open_page("#ask/strong-likelihood-ratios")
    page.wait_for_selector("text=Which findings and tests have a positive likelihood ratio")
    page.wait_for_selector(".question tbody tr")
    at = page.locator(".question thead button").all_inner_texts().index("value") + 1
    head = page.locator(f".question thead th:nth-child({at})")
    given = _column(page, at)
    seen = []
    for _ in range(3):
        head.locator("button").click()
        seen.append((head.get_attribute("aria-sort"), _column(page, at)))

    by_size = sorted(given, key=float)
    assert seen == [("ascending", by_size), ("descending", by_size[::-1]), ("none", given)]

    pmid = page.locator(".question thead button").all_inner_texts().index("pmid") + 1
    for _ in ("up", "down"):
        page.locator(f".question thead th:nth-child({pmid}) button").click()
        cells = _column(page, pmid)
        assert 0 < cells.count("") < len(cells)
        assert cells[cells.index("") :] == [""] * cells.count("")


def test_an_answer_is_saved_as_csv(open_page: Opener, answers: dict[str, str]) -> None:
    """The button saves the answer under the question's name."""
    page = open_page("#ask/affected-nerves")
    page.wait_for_selector("code:has-text('mmn-kg ask affected-nerves')")
    with page.expect_download() as waiting:
        page.click(".question .answer-bar button:has-text('CSV')")

    assert waiting.value.suggested_filename == "affected-nerves.csv"
    text = waiting.value.path().read_bytes().decode()
    assert text == answers["affected-nerves"]
    assert len(list(csv.reader(io.StringIO(text)))) > 10


def test_a_long_answer_is_shown_in_parts(open_page: Opener) -> None:
    """A long answer shows its first hundred rows and says how many there are."""
    page = open_page("#ask/all-rows-and-claims")
    page.wait_for_selector("code:has-text('all-rows-and-claims')")
    before = page.locator(".question tbody tr").count()
    told = page.inner_text(".question .answer .tally")
    page.click("button:has-text('Show all')")

    assert before == 100
    assert "100 shown" in told
    assert page.locator(".question tbody tr").count() > 3000


def test_a_term_opens_its_details(open_page: Opener) -> None:
    """A term in an answer opens its details; a source leads to where it can be read."""
    page = open_page("#ask/affected-nerves")
    page.wait_for_selector("code:has-text('affected-nerves')")
    page.click(".question tbody button:has-text('ulnar nerve') >> nth=0")

    assert "ulnar nerve" in page.inner_text("#details")
    addresses = page.eval_on_selector_all(".question tbody a", "(all) => all.map((a) => a.href)")
    assert addresses
    assert all(address.startswith("https://") for address in addresses)


def test_a_query_of_ones_own(asked: Page, kg: KnowledgeGraph) -> None:
    """A query runs over the whole graph; prefixes that it lacks are filled in, and said."""
    _run(asked, "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }")
    assert asked.inner_text(".editor tbody") == str(len(kg))

    _run(asked, "SELECT ?n WHERE { ?n a mmn:Nerve ; rdfs:label 'ulnar nerve' }")
    assert asked.inner_text(".editor tbody").strip() == "ulnar nerve"
    assert "PREFIX mmn: PREFIX rdfs:" in asked.inner_text(".editor .answer-bar .tally >> nth=0")

    _run(asked, "ASK { mmn:UlnarNerve a mmn:Nerve }")
    assert asked.inner_text(".editor tbody") == "true"

    _run(asked, "CONSTRUCT { ?n mmn:partOf ?m } WHERE { ?n mmn:partOf ?m }")
    assert asked.locator(".editor tbody tr").count() > 50


@pytest.mark.parametrize("text", MISTAKES)
def test_a_mistake_is_explained(asked: Page, text: str) -> None:
    """A mistake is told in words that a student understands, and gives no answer."""
    _run(asked, text)

    assert MISTAKES[text] in asked.inner_text(".editor .told")
    assert asked.locator(".editor table").count() == 0


def test_a_sound_query_has_no_mistake(asked: Page) -> None:
    """What finds mistakes finds none in any shipped query."""
    texts = [text for kind in catalog.KINDS for text in map(_text, catalog.queries(kind).values())]
    found = asked.evaluate(
        """async (texts) => {
          const { prefixes } = await mmn.answers(mmn.page);
          return texts.flatMap((text) => mmn.sparql.inspect(text, prefixes).mistakes);
        }""",
        texts,
    )

    assert len(texts) > 150
    assert found == []


@pytest.mark.parametrize("text", WARNINGS)
def test_a_likely_mistake_is_warned_of(asked: Page, text: str) -> None:
    """A query that runs but cannot mean what it says gets a warning beside its answer."""
    _run(asked, text)

    assert WARNINGS[text] in asked.inner_text(".editor .told")
    assert asked.locator(".editor table").count() == 1


def test_a_query_may_not_take_for_ever(asked: Page) -> None:
    """A query beyond the limit is ended, the reader can stop one, and the next one runs."""
    before = len(asked.workers)
    reason = asked.evaluate(HURRIED, SLOW)
    assert reason == "time"
    for _ in range(50):
        asked.wait_for_timeout(100)
        if len(asked.workers) == before:
            break
    assert len(asked.workers) == before  # the one of the query is gone

    asked.fill("#ask-sparql", SLOW)
    asked.press("#ask-sparql", "Control+Enter")
    asked.wait_for_timeout(300)
    asked.click("button:has-text('Stop')")
    asked.wait_for_selector(".editor .main:not([disabled])")
    assert "You stopped the query" in asked.inner_text(".editor .told")

    _run(asked, "SELECT * { " + "{" * 5000)
    assert "brought the engine down" in asked.inner_text(".editor .told")
    _run(asked, "ASK { mmn:UlnarNerve a mmn:Nerve }")
    assert asked.inner_text(".editor tbody") == "true"


def test_a_shipped_question_goes_to_the_editor(open_page: Opener) -> None:
    """The SPARQL of a question can be read, and changed in the editor."""
    page = open_page("#ask/muscles-of-nerve")
    page.click(".question summary")
    page.click("button:has-text('Change it in the editor')")
    text = page.input_value("#ask-sparql")

    assert "mmn:innervates" in text
    assert "#+" not in text
    assert page.evaluate("document.activeElement.id") == "ask-sparql"


def test_the_keyboard_suffices(open_page: Opener) -> None:
    """A question opens by Enter, focus goes to its answer, and Ctrl+Enter runs a query."""
    page = open_page("#ask")
    page.wait_for_selector(".question table")
    page.locator(".question-list button").nth(2).focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.tagName") == "H3"

    page.focus("#ask-sparql")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".editor tbody tr")


def test_without_the_engine_the_page_says_what_to_do(
    kg: KnowledgeGraph, open_page: Opener, page_text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page without the engine is small, answers the shipped questions, and names the command."""
    sections = _made(page_text)
    monkeypatch.setattr(explorer.data, "SECTIONS", sections)
    text = explorer.render(kg, leave_out=("engine",))
    page = open_page("#ask", text=text)
    page.wait_for_selector(".question table")

    assert set(sections) > {"engine", "questions", "graph"}
    assert len(page_text.encode()) <= 6_000_000
    assert len(text.encode()) <= 1_500_000
    assert "mmn-kg ask FILE.rq" in page.inner_text(".editor")
    done = page.evaluate("mmn.runSparql(mmn.page, 'ASK { ?s ?p ?o }', {})")
    assert "without the SPARQL engine" in done["problems"][0]
    assert page.locator(".editor .main").count() == 0


def test_untrusted_text_shows_as_text(
    open_page: Opener, page_text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Markup in a merged graph shows as text in answers and in the engine's rows alike."""
    from pyoxigraph import Literal, NamedNode, Triple

    graph = KnowledgeGraph.load()
    nerve = NamedNode("https://w3id.org/mmn-kg/UlnarNerve")
    label = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    graph.add(
        [
            Triple(
                nerve, label, Literal("<script>window.harm = 1</script><img src=x onerror=harm()>")
            )
        ]
    )
    own = {name: explorer.data.SECTIONS[name] for name in ("questions", "engine")}
    monkeypatch.setattr(explorer.data, "SECTIONS", _made(page_text) | own)
    page = open_page("#ask/affected-nerves", text=explorer.render(graph))
    page.wait_for_selector("code:has-text('affected-nerves')")
    _run(page, "SELECT ?n WHERE { ?n rdfs:label ?name FILTER(STRSTARTS(?name, '<')) }")

    assert "<script>window.harm" in page.inner_text(".question tbody")
    assert "<script>window.harm" in page.inner_text(".editor tbody")
    assert page.evaluate("window.harm") is None
    assert page.locator("#panel-ask img, #panel-ask script").count() == 0


def test_nothing_serious_for_screen_readers(asked: Page) -> None:
    """axe-core finds nothing serious in the panel."""
    assert serious(asked) == []
