"""The main job in one go: load, validate, answer five questions, write page and views."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from mmn_kg import catalog, drawing, output, query, reason, validate, views
from mmn_kg.answers import Answer
from mmn_kg.explorer import page
from mmn_kg.store import KnowledgeGraph

#: The five headline questions, in the order in which one learns.
HEADLINES: Final = (
    "how-it-damages-nerves",
    "which-nerves-and-why-motor-only",
    "signs-and-how-often",
    "als-or-mmn",
    "treatment-ladder",
)


@dataclass(frozen=True, slots=True)
class Tour:
    """
    What a tour found and wrote.

    Attributes:
        graph: The loaded graph.
        report: The outcome of the check.
        answers: The headline questions with their answers.
        written: The files, the page first.
        left_out: What was left out, and how to get it; one line each.
    """

    graph: KnowledgeGraph
    report: validate.Report
    answers: tuple[tuple[catalog.Query, Answer], ...]
    written: tuple[Path, ...]
    left_out: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape that `mmn-kg tour --format json` prints."""
        return {
            "written": [str(path) for path in self.written],
            "check": self.report.to_dict(),
            "answers": {query.name: list(answer) for query, answer in self.answers},
            "left_out": list(self.left_out),
        }


def take_tour(out: Path, *, say: Callable[[str], None] = lambda _: None) -> Tour:
    """
    Load, validate, answer and write.

    Args:
        out: The folder for the files; it is made.
        say: Told what is going on, one line at a time.

    Raises:
        OutputError: The folder cannot be written.
    """
    graph = KnowledgeGraph.load()
    say(f"loaded {len(graph)} triples")
    drawn = [name for name in views.names() if name != "whole"]
    with ThreadPoolExecutor() as pool:  # Graphviz runs in children, queries outside the interpreter
        checking = pool.submit(validate.check, graph)
        answers = tuple((catalog.question(name), query.answer(graph, name)) for name in HEADLINES)
        pictures = pool.map(views.to_svg, [views.view(graph, name) for name in drawn])
        written = [output.write(out / "index.html", page.render(graph))]
        for name, picture in zip(drawn, pictures, strict=True):
            written.append(output.write(out / f"{name}.svg", picture))
        report = checking.result()
    say(f"checked {report.shapes} shapes and {report.queries} queries")
    say(f"wrote {len(written)} files")
    return Tour(graph, report, answers, tuple(written), tuple(_left_out()))


def _left_out() -> Iterator[str]:
    """Yield what could not be done here, and how to get it; one line each."""
    if not drawing.has_graphviz():
        yield f"pictures are in plain layers, for there is no Graphviz: {drawing.HINT}"
    if reason.java() is None:
        yield f"HermiT (mmn-kg check --owl) cannot run, for there is no Java: {reason.HINT}"
