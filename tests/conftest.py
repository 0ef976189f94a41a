"""Fixtures shared by all tests, and the option that rewrites the golden files."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
import rdflib

from mmn_kg.store import KnowledgeGraph
from tests.chromium import browser, open_page, page_text

__all__ = ["browser", "open_page", "page_text"]

ROOT = Path(__file__).parent.parent
Run = Callable[..., subprocess.CompletedProcess[str]]
#: What a question asks beside the graph (`catalog.Query.graphs`).
Graphs = tuple[str, ...]
Parsed = Callable[[Graphs], rdflib.Graph]
#: What a question asks → the files that hold it.
FILES = {(): ["mmn-kg.ttl"], ("assumptions",): ["mmn-kg.ttl", "mmn-kg-assumptions.ttl"]}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--update-golden``."""
    parser.addoption("--update-golden", action="store_true", help="rewrite tests/golden")


@pytest.fixture(scope="session")
def kg() -> KnowledgeGraph:
    """Give the shipped graph; tests must not change it."""
    return KnowledgeGraph.load()


@pytest.fixture(scope="session")
def parsed() -> Parsed:
    """Parse the shipped files with rdflib, as a user would, each set of them once."""

    @cache
    def parse(graphs: Graphs) -> rdflib.Graph:
        graph = rdflib.Graph()
        for name in FILES[graphs]:
            graph.parse(ROOT / "ontology" / name)
        return graph

    return parse


@pytest.fixture(scope="session")
def run() -> Run:
    """Run ``mmn-kg`` as a user does and return the finished process."""

    def call(
        *arguments: str | Path, stdin: str = "", env: dict[str, str] | None = None, cwd: Path = ROOT
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", "from mmn_kg.cli import main; main()", *map(str, arguments)],
            input=stdin,
            capture_output=True,
            text=True,
            encoding="utf-8",
            cwd=cwd,
            env={**os.environ, "PYTHONPATH": str(ROOT), **(env or {})},
            timeout=120,
            check=False,
        )

    return call
