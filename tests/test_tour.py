"""The main job."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mmn_kg import catalog, drawing, reason, tour
from tests.conftest import Run


def test_headlines_are_the_tagged_questions() -> None:
    """The tour's order and the tag in the files name the same five questions."""
    assert set(tour.HEADLINES) == {query.name for query in catalog.questions("headline")}


def test_tour(run: Run, tmp_path: Path) -> None:
    """``mmn-kg tour`` ends with 0, answers all five with sources, and writes page and views."""
    done = run("tour", "--out", tmp_path / "t", "--format", "json")
    found = json.loads(done.stdout)

    assert done.returncode == 0
    assert found["check"]["conforms"] is True
    assert list(found["answers"]) == list(tour.HEADLINES)
    for rows in found["answers"].values():
        assert len(rows) >= 12
        assert any("pmid" in row for row in rows)
    assert all(Path(path).stat().st_size > 1000 for path in found["written"])
    assert {Path(path).name for path in found["written"]} >= {"index.html", "mechanism.svg"}


def test_tour_without_extras(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without Graphviz and Java the tour is whole but for two lines that say how to get them."""
    monkeypatch.setattr(drawing, "_command", lambda _: None)
    monkeypatch.setattr(reason, "java", lambda: None)

    found = tour.take_tour(tmp_path)

    assert found.report.conforms
    assert [line.partition(":")[2].strip()[:20] for line in found.left_out] == [
        "pip install 'mmn-kg[",
        "pip install 'mmn-kg[",
    ]
    assert (tmp_path / "mechanism.svg").read_bytes().startswith(b"<svg")
