"""Sign-off: what was changed after it was read is told, and only that."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from mmn_kg import errors
from mmn_kg.build import readings
from mmn_kg.build.compile import compile_sources
from tests.conftest import ROOT, Run

HEADER = "row\tsubject\tpredicate\tobject\tdesign\tread_as\tsource\tsecond_read\tnote\n"
READ = "T1\tMultifocalMotorNeuropathy\thasFinding\tMuscleCramp\tReview\tAbstract\tSEED\tx\tnote\n"
UNREAD = "T2\tMultifocalMotorNeuropathy\thasFinding\tWristDrop\tCohort\tAbstract\tSEED\t\tnote\n"
FINDINGS = "entities/findings.ttl"


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """Copy the sources with two rows, one of them read, and sign them."""
    target = tmp_path / "ontology"
    ignored = shutil.ignore_patterns("facts", "mmn-kg*.ttl", readings.FILE)
    shutil.copytree(ROOT / "ontology", target, ignore=ignored)
    (target / "facts").mkdir()
    (target / "facts" / "test.tsv").write_text(HEADER + READ + UNREAD)
    for name in ("conflicts.tsv", "ledger.tsv"):
        path = target / name
        path.write_text(path.read_text().splitlines(keepends=True)[0])
    for path in (target / "assumptions").glob("*.tsv"):
        path.write_text("".join(path.read_text().splitlines(keepends=True)[:20]))
    _sign(target)
    return target


def _sign(sources: Path, *names: str, reader: str = "first reader") -> None:
    (sources / readings.FILE).write_text(readings.sign(sources, reader, names))


def _readings(sources: Path) -> dict[str, str]:
    lines = (sources / readings.FILE).read_text().splitlines()[1:]
    return {line.split("\t")[0]: line.split("\t")[1] for line in lines}


def _change(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def _complaints(sources: Path) -> str:
    with pytest.raises(errors.SourceError) as caught:
        compile_sources(sources, version="0")
    return str(caught.value)


def test_signed_sources_compile(sources: Path) -> None:
    """What is as it was read passes; without readings.tsv nothing counts as read."""
    compile_sources(sources, version="0")
    (sources / readings.FILE).unlink()
    _change(sources / "facts" / "test.tsv", "T1\t", "T3\t")

    compile_sources(sources, version="0")


def test_read_rows_and_all_terms_are_signed(sources: Path) -> None:
    """A row is signed once its second reader is named, a term always, a relation never."""
    signed = _readings(sources)

    assert "T1" in signed
    assert "T2" not in signed
    assert "WristDrop" in signed
    assert "hasFinding" not in signed
    assert list(signed) == sorted(signed)


@pytest.mark.parametrize(
    ("old", "new"),
    [("Review", "Cohort"), ("x\tnote", "x\tother"), ("MuscleCramp", "Fasciculation")],
)
def test_a_changed_cell_is_told(sources: Path, old: str, new: str) -> None:
    """One changed cell of a row that was read is told with file, line and what to do."""
    _change(sources / "facts" / "test.tsv", old, new)

    assert _complaints(sources) == (
        "facts/test.tsv:2: T1 was changed after it was read: have it read again, "
        "then mmn-kg sign READER facts/test.tsv"
    )


def test_a_changed_definition_is_told(sources: Path) -> None:
    """One changed definition is told at the line of its term, and signing clears it."""
    path = sources / FINDINGS
    line = path.read_text().splitlines().index("mmn:WristDrop") + 1
    _change(path, 'rdfs:label "wrist drop"', 'rdfs:label "drop of the wrist"')

    told = f"{FINDINGS}:{line}: WristDrop was changed after it was read: have it read again"
    assert told in _complaints(sources)

    _sign(sources, "facts/test.tsv")
    assert told in _complaints(sources)
    _sign(sources, FINDINGS, reader="second reader")
    compile_sources(sources, version="0")
    assert _readings(sources)["WristDrop"] == "second reader"
    assert _readings(sources)["FootDrop"] == "first reader"


def test_what_may_change_freely(sources: Path) -> None:
    """A row that nobody read, the name of the second reader and the order of columns may change."""
    path = sources / "facts" / "test.tsv"
    _change(path, UNREAD, UNREAD.replace("Review", "Cohort"))
    _change(path, "\tx\t", "\tsomebody else\t")
    rows = [line.split("\t") for line in path.read_text().splitlines()]
    path.write_text("".join("\t".join([*row[1:], row[0]]) + "\n" for row in rows))

    compile_sources(sources, version="0")


def test_what_is_gone_is_told(sources: Path) -> None:
    """A row that was read cannot vanish unseen; signing all sources takes its line out."""
    _change(sources / "facts" / "test.tsv", READ, "")

    assert "readings.tsv:" in _complaints(sources)
    assert "T1 was read and is gone" in _complaints(sources)
    _sign(sources, "facts/test.tsv")
    assert "T1" in _readings(sources)
    _sign(sources)
    assert "T1" not in _readings(sources)
    compile_sources(sources, version="0")


def test_a_conflict_that_was_read_stays(sources: Path) -> None:
    """A pair in conflict is signed, and cannot vanish or be given another reason unseen."""
    pair = "MultifocalMotorNeuropathy-hasFinding-A\tMultifocalMotorNeuropathy-hasFinding-B\t"
    path = sources / "conflicts.tsv"
    path.write_text(path.read_text() + pair + "they differ\n")
    _sign(sources, "conflicts.tsv", reader="second reader")
    name = pair.strip().replace("\t", "-or-")

    assert _readings(sources)[name] == "second reader"
    _change(path, "they differ", "they agree")
    assert f"conflicts.tsv:2: {name} was changed after it was read" in _complaints(sources)
    _change(path, pair + "they agree\n", "")
    assert f"{name} was read and is gone" in _complaints(sources)


def test_a_row_whose_reader_was_taken_away_is_no_longer_signed(sources: Path) -> None:
    """Without a second reader a row loses its reading at the next signing."""
    _change(sources / "facts" / "test.tsv", "\tx\t", "\t\t")
    _sign(sources)

    assert "T1" not in _readings(sources)


def test_signing_takes_paths_and_refuses_others(sources: Path) -> None:
    """A source is named by its path or as in messages; anything else is told."""
    _sign(sources, str(sources / "facts" / "test.tsv"))

    with pytest.raises(errors.InputError, match="is no source: use entities/"):
        readings.sign(sources, "x", ["facts/nothing.tsv"])
    with pytest.raises(errors.InputError, match="a name on one line"):
        readings.sign(sources, "x\ty")


def test_the_command_writes_the_file(sources: Path, run: Run) -> None:
    """``mmn-kg sign`` writes readings.tsv beside the sources."""
    shutil.copytree(ROOT / "mmn_kg", sources.parent / "mmn_kg")
    (sources.parent / "pyproject.toml").touch()
    (sources / readings.FILE).unlink()

    done = run("sign", "a reader", cwd=sources.parent, env={"PYTHONPATH": str(sources.parent)})

    assert done.returncode == 0, done.stderr
    assert done.stdout == f"written: {sources / readings.FILE}\n"
    assert set(_readings(sources).values()) == {"a reader"}
