"""
Measure the speed and the memory of mmn-kg, as ratios in the same run.

    uv run python -m benchmarks            print the table
    uv run python -m benchmarks --readme   write it into README.md as well

Both sides are warm, run alternately, and must agree; the figure is the median. Absolute times tell
about this machine only: the ratios are what is promised.
"""

from __future__ import annotations

import math
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import rdflib

from benchmarks import browsing
from benchmarks.brute import brute, relevant
from mmn_kg import catalog
from mmn_kg.clinical.costs import Finding
from mmn_kg.clinical.lesions import LesionTable
from mmn_kg.clinical.localise import locate
from mmn_kg.clinical.search import search
from mmn_kg.store import KnowledgeGraph

ROOT = Path(__file__).parent.parent
GRAPH = ROOT / "ontology" / "mmn-kg.ttl"
MARKS = ("<!-- benchmarks begin -->", "<!-- benchmarks end -->")
#: Random cases to localise, and how many places may bear on one: brute force is slow.
CASES = 20
MANY = (20, 45)
MAIN = "from mmn_kg.cli import main; main()"
#: Runs a command and prints its seconds and its peak memory in kB.
STARTER = """
import os, sys, time
start = time.perf_counter()
null = os.open(os.devnull, os.O_WRONLY)
actions = [(os.POSIX_SPAWN_DUP2, null, 1), (os.POSIX_SPAWN_DUP2, null, 2)]
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=actions)
_, status, usage = os.wait4(child, 0)
assert status == 0, sys.argv
print(time.perf_counter() - start, usage.ru_maxrss)
"""
#: What a user of plain rdflib would run for one question.
SCRIPT = """
import sys, rdflib
graph = rdflib.Graph().parse(sys.argv[1])
for row in graph.query(open(sys.argv[2]).read()):
    print(*row)
"""


def median(action: Callable[[], object], *, runs: int) -> float:
    """Return the median seconds of an action after one run to warm up."""
    action()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def process(*command: str | Path) -> tuple[float, float]:
    """
    Run a process; return its seconds and its peak memory in MB.

    A lean process starts it: a child's peak counts what its parent held when it forked.
    """
    done = subprocess.run(
        [sys.executable, "-S", "-c", STARTER, *map(str, command)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    seconds, kilobytes = done.stdout.split()
    return float(seconds), int(kilobytes) / 1024


def processes(*command: str | Path, runs: int) -> tuple[float, float]:
    """Return the medians of several runs of a process, the first left out."""
    process(*command)
    found = [process(*command) for _ in range(runs)]
    return statistics.median(s for s, _ in found), statistics.median(mb for _, mb in found)


def loading() -> tuple[str, str, str]:
    """Compare loading the compiled graph."""
    ours = median(KnowledgeGraph.load, runs=5)
    theirs = median(lambda: rdflib.Graph().parse(GRAPH), runs=3)
    assert len(KnowledgeGraph.load()) == len(rdflib.Graph().parse(GRAPH))
    return "load the graph", f"{theirs / ours:.0f} times faster", "at least 10"


def asking() -> tuple[str, str, str]:
    """Compare the shipped questions, rows turned into Python texts on both sides."""
    graph, plain = KnowledgeGraph.load(), rdflib.Graph().parse(GRAPH)
    ratios = []
    for query in catalog.questions():
        ours = median(lambda text=query.text: list(graph.select(text)), runs=5)  # type: ignore[misc]
        theirs = median(
            lambda text=query.text: [[str(cell) for cell in row] for row in plain.query(text)],  # type: ignore[misc,union-attr]
            runs=1,
        )
        assert len(graph.select(query.text)) == len(list(plain.query(query.text))), query.name
        ratios.append(theirs / ours)
    mean = math.exp(statistics.fmean(map(math.log, ratios)))
    name = f"the {len(ratios)} shipped questions (geometric mean)"
    return name, f"{mean:.0f} times faster", "at least 25"


def asking_from_the_shell() -> list[tuple[str, str, str]]:
    """Compare one question as a whole process."""
    name = "affected-nerves"
    file = ROOT / "queries" / "question" / f"{name}.rq"
    ours, memory = processes(sys.executable, "-c", MAIN, "ask", name, runs=5)
    theirs, _ = processes(sys.executable, "-c", SCRIPT, GRAPH, file, runs=3)
    return [
        ("`mmn-kg ask`, whole process", f"{ours / theirs:.2f} of the time", "at most 0.25"),
        ("`mmn-kg ask`, peak memory", f"{memory:.0f} MB", "at most 80 MB"),
    ]


def checking() -> list[tuple[str, str, str]]:
    """Measure the check as a whole process."""
    seconds, memory = processes(sys.executable, "-c", MAIN, "check", runs=3)
    return [
        ("`mmn-kg check`, whole process", f"{seconds:.1f} s", "at most 3 s"),
        ("`mmn-kg check`, peak memory", f"{memory:.0f} MB", "at most 250 MB"),
    ]


def touring() -> list[tuple[str, str, str]]:
    """Measure the tour as a whole process."""
    with tempfile.TemporaryDirectory() as folder:
        seconds, memory = processes(sys.executable, "-c", MAIN, "tour", "--out", folder, runs=2)
    return [
        ("`mmn-kg tour`, whole process", f"{seconds:.1f} s", "at most 10 s"),
        ("`mmn-kg tour`, peak memory", f"{memory:.0f} MB", "at most 400 MB"),
    ]


def localising() -> list[tuple[str, str, str]]:
    """Compare the search for lesions with brute force over random cases; measure the slowest."""
    table, draw = LesionTable.shipped(), random.Random(0)  # noqa: S311 - cases, no secrets
    ratios, longest = [], 0.0
    while len(ratios) < CASES:
        case = _case(table, draw)
        if not MANY[0] <= len(relevant(table, case)) <= MANY[1]:
            continue
        ours = median(lambda case=case: search(table, case, total=3), runs=3)  # type: ignore[misc]
        start = time.perf_counter()
        theirs = brute(table, case)
        ratios.append((time.perf_counter() - start) / ours)
        longest = max(longest, median(lambda case=case: locate(table, case), runs=3))  # type: ignore[misc]
        found, _ = search(table, case, total=3, limit=1_000_000)
        assert theirs == {(f.cost, frozenset((p.id, p.side) for p in f.lesions)) for f in found}
    mean = math.exp(statistics.fmean(map(math.log, ratios)))
    seconds, _ = processes(sys.executable, "-c", MAIN, "localise", "--weak", "R. FDI", runs=5)
    return [
        (
            f"the best sets of up to three lesions, {CASES} random cases, against brute force",
            f"{mean:.0f} times faster",
            "at least 20",
        ),
        ("localise a case, the slowest of these", f"{longest * 1000:.0f} ms", "at most 50 ms"),
        ("`mmn-kg localise`, whole process", f"{seconds:.2f} s", "at most 0.5 s"),
    ]


def _case(table: LesionTable, draw: random.Random) -> list[Finding]:
    """Draw eight findings among the muscles and movements that two places take."""
    taken = {
        position
        for lesion in draw.sample(table.lesions, 2)
        for positions in lesion.takes.values()
        for position in positions
    }
    near = [term for term in table.terms.values() if taken & set(term.main)]
    chosen = draw.sample(near, min(8, len(near)))
    return [Finding(term, "R", weak=i % 2 == 0) for i, term in enumerate(chosen)]


def table() -> str:
    """Run everything and return the Markdown table."""
    rows = [
        *(loading(), asking(), *asking_from_the_shell(), *localising()),
        *(*checking(), *touring(), *browsing.rows()),
    ]
    triples = len(KnowledgeGraph.load())
    lines = ["| what | against plain rdflib or as told, or measured | promised |", "|---|---|---|"]
    lines += [f"| {what} | {measured} | {promised} |" for what, measured, promised in rows]
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}, {triples:,} triples"
    return "\n".join([*lines, "", f"Medians on {machine}; `uv run python -m benchmarks`."])


def main() -> None:
    """Print the table; with ``--readme`` write it into README.md too."""
    found = table()
    print(found)
    if "--readme" in sys.argv[1:]:
        path = ROOT / "README.md"
        before, rest = path.read_text(encoding="utf-8").split(MARKS[0])
        _, after = rest.split(MARKS[1])
        path.write_text(f"{before}{MARKS[0]}\n{found}\n{MARKS[1]}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
