"""The wheel holds all it needs."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from the sdist, as a release does."""
    if shutil.which("uv") is None:
        pytest.skip("uv is not on the path: `pip install uv` to test the wheel")
    out = tmp_path_factory.mktemp("dist")
    subprocess.run(["uv", "build", "--quiet", "--out-dir", out, ROOT], check=True)
    return next(out.glob("*.whl"))


def test_wheel_works_without_the_checkout(wheel: Path, tmp_path: Path) -> None:
    """Unpacked elsewhere, the wheel finds its own graph and queries."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    code = (
        "import mmn_kg; from mmn_kg import assets; kg = mmn_kg.load(); "
        "print(assets.graph_file()); print(len(mmn_kg.answer(kg, 'affected-nerves')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path), "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    graph, rows = done.stdout.split()

    assert Path(graph) == tmp_path / "mmn_kg" / "ontology" / "mmn-kg.ttl"
    assert int(rows) > 5


def test_wheel_is_slim(wheel: Path) -> None:
    """The wheel holds no tests and stays below 4 MB, engine included; types are marked."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()

    assert "mmn_kg/py.typed" in names
    assert not [name for name in names if name.startswith("tests")]
    assert wheel.stat().st_size < 4_000_000
