"""The command line: exit codes, one line for each mistake, nothing half written."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mmn_kg import catalog, validate
from mmn_kg.cli import cli
from tests.conftest import ROOT, Run

BAD_GRAPH = """@prefix mmn: <https://w3id.org/mmn-kg/> .
mmn:MultifocalMotorNeuropathy mmn:hasFinding mmn:BabinskiSign .
"""


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (
            ["ask", "affected-nerve"],
            "no question 'affected-nerve': the nearest are affected-nerves",
        ),
        (["ask", "affected-nerves", "-p", "nerve=ulnar nerve"], "no parameter 'nerve'"),
        (["ask", "affected-nerves", "-p", "disease=wrist drop"], "disease takes a Disease"),
        (["ask", "affected-nerves", "-p", "disease=rist drop"], "unknown term 'rist drop'"),
        (["ask", "affected-nerves", "-p", "disease"], "-p takes NAME=VALUE"),
        (["ask", "nowhere.rq"], "nowhere.rq: cannot be read"),
        (["ask", "affected-nerves", "--endpoint", "ftp://x"], "is no http or https address"),
        (["ask", "affected-nerves", "--endpoint", "http://127.0.0.1:9/"], "does not answer"),
        (["explain", "wrist drip"], "the nearest are mmn:WristDrop (wrist drop)"),
        (["explain", "HP:9999999"], "unknown term 'HP:9999999'"),
        (["check", "nowhere.ttl"], "nowhere.ttl: no such file"),
        (["questions", "--tag", "nonsense"], "no question has the tag 'nonsense'"),
        (["view", "nonsense", "-o", "x.svg"], "no view 'nonsense': choose from"),
        (["view", "mechanism", "-o", "x.doc"], "no view format '.doc'"),
        (["nonsense"], "No such command 'nonsense'"),
    ],
)
def test_mistakes_are_told_in_one_line(run: Run, arguments: list[str], told: str) -> None:
    """A mistake in the input exits with 2 and one clear line on stderr, and no traceback."""
    done = run(*arguments)

    assert done.returncode == 2
    assert told in done.stderr
    assert done.stdout == ""
    if arguments != ["nonsense"]:
        assert len(done.stderr.strip().splitlines()) == 1


def test_unknown_term_names_three(run: Run) -> None:
    """An unknown term is answered with the three nearest."""
    done = run("explain", "ulnar nerv")

    assert done.stderr.count("mmn:") == 3


def test_syntax_error_in_a_query(run: Run) -> None:
    """A malformed query is told with its line."""
    done = run("ask", "-", stdin="SELECT ?x WHERE {\n ?x ?y \n}")

    assert (done.returncode, done.stdout) == (2, "")
    assert "malformed SPARQL at line" in done.stderr


def test_a_graph_that_breaks_a_shape(run: Run, tmp_path: Path) -> None:
    """A user's graph that breaks a shape exits with 1 and says what, where and how to mend."""
    path = tmp_path / "mine.ttl"
    path.write_text(BAD_GRAPH)

    done = run("check", path, "--format", "json")
    report = json.loads(done.stdout)

    assert done.returncode == 1
    assert report["conforms"] is False
    sources = {result["source"] for result in report["results"]}
    assert {"mmn:MotorOnlyFindingShape", "edge-without-assertion"} <= sources
    assert set(report["results"][0]) == {"severity", "focus", "path", "value", "source", "message"}


def test_the_shipped_graph_passes(run: Run) -> None:
    """``mmn-kg check`` exits with 0 and finds no violation; old approvals are but warnings."""
    done = run("check", "--format", "json")
    found = json.loads(done.stdout)

    assert done.returncode == 0
    assert found["conforms"] is True
    assert found["counts"]["violation"] == 0
    assert {item["source"] for item in found["results"]} <= {"old-regulatory-status"}


@pytest.mark.parametrize("format_", ["table", "csv", "tsv", "json"])
def test_ask_formats(run: Run, format_: str) -> None:
    """Each format of an answer goes to stdout alone."""
    done = run("ask", "affected-nerves", "--format", format_)

    assert done.returncode == 0
    assert "UlnarNerve" in done.stdout or "ulnar nerve" in done.stdout


def test_construct_as_turtle_and_json(run: Run) -> None:
    """A CONSTRUCT is printed as Turtle or as JSON-LD."""
    query = "CONSTRUCT { ?s a <urn:x> } WHERE { ?s a <https://w3id.org/mmn-kg/Route> }"

    turtle = run("ask", "-", "--format", "ttl", stdin=query)
    document = run("ask", "-", "--format", "json", stdin=query)

    assert "mmn:OralRoute a <urn:x>" in turtle.stdout
    assert isinstance(json.loads(document.stdout), list)


def test_ask_imports_no_heavy_library() -> None:
    """``ask`` stays light: it imports neither rdflib nor networkx nor pyshacl."""
    code = (
        "import sys; sys.argv[1:] = ['ask', 'affected-nerves']\n"
        "from mmn_kg.cli import main\nmain()\n"
        "print(sorted({'rdflib', 'networkx', 'pyshacl', 'owlready2'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    )

    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_unwritable_output(run: Run, tmp_path: Path) -> None:
    """A folder that cannot be written is told, and nothing is left behind."""
    tmp_path.chmod(0o500)
    done = run("tour", "--out", tmp_path / "out")

    assert done.returncode == 2
    assert "cannot be written" in done.stderr


def test_output_onto_a_file_or_folder(run: Run, tmp_path: Path) -> None:
    """Writing below a file, or onto a folder, is one line and leaves what was there."""
    file = tmp_path / "file"
    file.write_text("mine")

    below = run("view", "mechanism", "-o", file / "x.json")
    onto = run("view", "mechanism", "-o", f"{tmp_path}/dir.json/")

    assert (below.returncode, file.read_text()) == (2, "mine")
    assert "cannot be written" in below.stderr
    assert onto.returncode in {0, 2}
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(".")) == []


def test_interrupt_leaves_nothing_half_written(tmp_path: Path) -> None:
    """Ctrl-C ends with 130, one line, and no partial file."""
    with subprocess.Popen(
        [sys.executable, "-c", "from mmn_kg.cli import main; main()", "tour", "--out", tmp_path],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    ) as process:
        assert process.stderr is not None
        first = process.stderr.readline()  # "loaded …": Python is up and the work has begun
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        _, rest = process.communicate(timeout=60)

    assert "loaded" in first
    assert process.returncode == 130
    assert rest.strip().splitlines()[-1].startswith("mmn-kg: interrupted")
    assert not [path for path in tmp_path.rglob("*") if path.name.startswith(".")]


def test_closed_pipe_is_quiet(tmp_path: Path) -> None:
    """``mmn-kg questions | head`` ends without a complaint."""
    done = subprocess.run(
        f"{sys.executable} -c 'from mmn_kg.cli import main; main()' weak | head -n 1; "
        f"{sys.executable} -c 'from mmn_kg.cli import main; main()' ask weak-evidence | head -n 1",
        shell=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "HOME": str(tmp_path)},
        check=False,
    )

    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr


def test_every_command_explains_itself(run: Run) -> None:
    """``--help`` works for every command and says what it does."""
    for name, command in cli.commands.items():
        assert command.help
        assert run(name, "--help").returncode == 0


def test_questions_json(run: Run) -> None:
    """The catalogue's JSON has the promised keys."""
    found = json.loads(run("questions", "--format", "json").stdout)["questions"]

    assert len(found) == len(catalog.queries("question"))
    assert all(set(item) == {"name", "summary", "tags", "params"} for item in found)


def test_report_counts_what_it_lists() -> None:
    """Counts follow from the results."""
    result = validate.Result("warning", "mmn:X", None, None, "s", "m")

    assert validate.Report((result,), 1, 1).counts == {"violation": 0, "warning": 1, "info": 0}


def test_view_as_a_page(run: Run, tmp_path: Path) -> None:
    """``view`` writes the page, opened at a view or another panel; what is no panel is told."""
    target = tmp_path / "terms.html"
    done = run("view", "reference", "-o", target)
    text = target.read_text(encoding="utf-8")
    wrong = run("view", "whole", "-o", tmp_path / "w.html")

    assert done.returncode == 0
    assert 'data-start="reference"' in text
    assert wrong.returncode == 2
    assert "no panel 'whole': choose from mechanism, nerves" in wrong.stderr
    assert not (tmp_path / "w.html").exists()
