"""The panel "Course": every task is checked against the graph, in a real browser."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import pytest

from mmn_kg import catalog, errors
from mmn_kg.explorer import course
from mmn_kg.store import KnowledgeGraph
from tests.chromium import Opener, serious

if TYPE_CHECKING:
    from playwright.sync_api import Page

TASKS = course.load()["tasks"]
IDS = [task["id"] for task in TASKS]


def _right(kg: KnowledgeGraph, task: dict[str, Any]) -> list[str]:
    """Ask the graph anew, without the code under test."""
    rows = kg.select(catalog.queries("course")[task["query"]].text)
    return sorted({row["answer"] for row in rows if row.get("right") != "false"})


@pytest.fixture(scope="module")
def taught(open_page: Opener) -> Page:
    """Give the panel, opened once."""
    page = open_page("#course")
    page.wait_for_selector(".task")
    return page


def _open(page: Page, task: dict[str, Any]) -> None:
    page.locator(".course-list button").nth(IDS.index(task["id"])).click()
    page.wait_for_selector(f".course-task h3:has-text('{task['title']}')")


def _check(page: Page) -> str:
    page.click(".task .main")
    page.wait_for_selector(".verdict:is(.right, .wrong)")
    return page.inner_text(".verdict")


def _answer(page: Page, task: dict[str, Any], values: Iterable[str]) -> str:
    for box in page.query_selector_all(".task input:checked"):
        if box.get_attribute("type") == "checkbox":
            box.uncheck()
    for value in values:
        if task["kind"] == "choice":
            page.check(f".task input[value='{value}']")
        else:
            page.fill(f"#course-{task['id']}", value)
    return _check(page)


def test_the_course_is_short_and_whole() -> None:
    """There are eight to ten tasks, each once, the last ones in SPARQL, each with hints."""
    assert 8 <= len(TASKS) <= 10
    assert len(set(IDS)) == len(IDS)
    assert [task["kind"] for task in TASKS[-2:]] == ["sparql", "sparql"]
    assert all(len(task["hints"]) >= 2 for task in TASKS)
    assert {task["query"] for task in TASKS} == set(catalog.queries("course"))


def test_each_task_leads_to_a_question_that_is_there() -> None:
    """Where a task says to look, there is something."""
    names = {question.name for question in catalog.questions()} | {"sparql"}
    for task in TASKS:
        look = task["look"]
        assert look["panel"] in {"ask", "lesion"}
        assert look["panel"] != "ask" or look["argument"] in names


@pytest.mark.parametrize("task", TASKS, ids=IDS)
def test_a_task_takes_the_answer_of_the_graph_alone(
    taught: Page, kg: KnowledgeGraph, task: dict[str, Any]
) -> None:
    """A wrong answer is told from a right one, and the right one shows what the graph says."""
    right = _right(kg, task)
    wrong = {"choice": [right[0]], "number": ["-1"], "sparql": ["SELECT ?n { ?n a mmn:Nerve }"]}
    if task["kind"] == "choice" and len(right) == 1:
        values = taught.evaluate(
            """async (id) => (await mmn.inflateJson(mmn.page.data("course"))).tasks
                 .find((task) => task.id === id).options""",
            task["id"],
        )
        wrong["choice"] = [value for value in values if value not in right][:1]
    _open(taught, task)
    assert _answer(taught, task, wrong.get(task["kind"], ["femoral nerve"])) != "Right."
    assert taught.locator(".task table").count() == 0

    assert not any("mmn:" in text for text in taught.locator(".task label").all_inner_texts())
    given = right if task["kind"] == "choice" else right[:1]
    if task["kind"] == "sparql":
        given = [catalog.queries("course")[task["query"]].text]
    assert _answer(taught, task, given) == "Right."
    assert taught.locator(".task table tbody tr").count() >= 1
    assert "✓" in taught.locator(".course-list button").nth(IDS.index(task["id"])).inner_text()


def test_the_nerve_behind_wrist_drop_is_none_that_the_graph_denies(taught: Page) -> None:
    """A nerve that reaches one wrist extensor alone, and spares the wrist, is not the answer."""
    task = TASKS[IDS.index("wrist-drop")]
    _open(taught, task)

    for nerve in ("posterior interosseous nerve", "deep branch of radial nerve"):
        assert nerve in _answer(taught, task, [nerve])
    assert _answer(taught, task, ["radial nerve"]) == "Right."


def test_a_pubmed_number_is_taken_as_the_page_writes_it(taught: Page) -> None:
    """A PMID copied from the details, with its name before it, is as good as the bare number."""
    task = TASKS[IDS.index("dispute")]
    _open(taught, task)

    assert _answer(taught, task, ["PMID 14989599"]) == "Right."
    assert _answer(taught, task, ["pmid:14989599"]) == "Right."
    assert "not among" in _answer(taught, task, ["PMID 1498959"])


def test_names_are_taken_as_people_write_them(taught: Page) -> None:
    """A label in capitals, a synonym or a CURIE is as good as the label."""
    task = TASKS[IDS.index("wrist-drop")]
    _open(taught, task)

    assert _answer(taught, task, [" The Radial Nerve. "]) == "Right."
    assert _answer(taught, task, ["mmn:RadialNerve"]) == "Right."
    assert "ulnar nerve" in _answer(taught, task, ["ulnar nerve"])
    assert _answer(taught, task, [""]) == "Type a name first."


def test_a_query_is_judged_by_what_it_finds(taught: Page) -> None:
    """Another query with the same terms is right; a mistake in SPARQL is explained."""
    task = TASKS[IDS.index("first-sparql")]
    _open(taught, task)
    other = "SELECT ?d ?x { BIND(mmn:MultifocalMotorNeuropathy AS ?d) ?d mmn:affectsNerve ?x }"

    assert _answer(taught, task, [other]) == "Right."
    assert "missing" in _answer(taught, task, [other.replace("}", "} LIMIT 2")])
    assert "add a }" in _answer(taught, task, [other.replace("}", "")])
    assert "finds nothing" in _answer(taught, task, ["SELECT ?x { ?x mmn:affectsNerve 1 }"])


def test_hints_come_one_by_one(taught: Page) -> None:
    """Each press gives the next hint, until there is none."""
    task = TASKS[0]
    _open(taught, TASKS[1])
    _open(taught, task)
    for number, hint in enumerate(task["hints"], 1):
        taught.click("button:has-text('Hint')")
        assert taught.locator(".hints li").count() == number
        assert hint in taught.inner_text(".hints")

    assert taught.locator("button:visible:has-text('Hint')").count() == 0


def test_progress_is_kept_where_the_browser_keeps_it(open_page: Opener) -> None:
    """A solved task is still solved after the page is opened again, until one begins anew."""
    page = open_page("#course")
    page.wait_for_selector(".task")
    _answer(page, TASKS[0], ["radial nerve"])
    page.reload()
    page.wait_for_selector(".task")

    assert "1 of" in page.inner_text(".course-steps .tally")
    assert TASKS[1]["title"] in page.inner_text(".course-task h3")
    page.click("button:has-text('Begin anew')")
    assert "0 of" in page.inner_text(".course-steps .tally")


def test_the_course_works_without_a_store(open_page: Opener) -> None:
    """Where the browser refuses to keep anything, progress lives in memory."""
    page = open_page("")
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('no'); } })"
    )
    page.reload()
    page.evaluate("location.hash = '#course'")
    page.wait_for_selector(".task")

    assert _answer(page, TASKS[0], ["radial nerve"]) == "Right."
    assert "1 of" in page.inner_text(".course-steps .tally")


def test_the_keyboard_suffices(open_page: Opener) -> None:
    """Enter checks an answer; the next task takes the focus to its heading."""
    page = open_page("#course")
    page.wait_for_selector(".task")
    page.focus("#course-wrist-drop")
    page.keyboard.type("radial nerve")
    page.keyboard.press("Enter")
    page.wait_for_selector(".verdict.right")
    page.locator("button:has-text('Next task')").focus()
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.textContent").endswith(TASKS[1]["title"])
    assert page.locator(".task fieldset legend").count() == 1


def test_nothing_serious_for_screen_readers(taught: Page) -> None:
    """axe-core finds nothing serious in a task of each kind."""
    for kind in ("term", "choice", "sparql"):
        _open(taught, next(task for task in TASKS if task["kind"] == kind))
        assert serious(taught) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"kind": "essay"}, "kind is one of"),
        ({"query": "no-such"}, "there is no queries/course/no-such.rq"),
        ({"clue": "x"}, "a task has"),
    ],
)
def test_a_malformed_task_is_refused(
    monkeypatch: pytest.MonkeyPatch, change: dict[str, str], told: str
) -> None:
    """A task with another key, kind or query is an error that names the task."""
    broken = {"title": "x", "intro": "x", "tasks": [TASKS[0] | change]}
    monkeypatch.setattr(json, "loads", lambda _: broken)

    with pytest.raises(errors.SourceError, match=f"wrist-drop: {told}"):
        course.load()


def test_a_task_without_an_answer_is_refused() -> None:
    """A graph that cannot answer a task cannot have the course."""
    with pytest.raises(errors.SourceError, match="finds no right answer"):
        course.section(KnowledgeGraph.of([]))
