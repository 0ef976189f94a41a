"""The compiler: canonical output, and a complaint with file and line for each mistake."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from mmn_kg import __version__, errors
from mmn_kg.build.compile import canonical_sources, compile_sources
from tests.conftest import ROOT

ONTOLOGY = ROOT / "ontology"
HEADER = "row\tsubject\tpredicate\tobject\tscope\tpolarity\tcount\ttotal\tmeasure\tunit\tvalue\tdesign\tread_as\tsource\n"
GOOD = "TEST1\tMultifocalMotorNeuropathy\thasFinding\tMuscleCramp\t\t\t12\t20\tFrequency\t\t\tCohort\tAbstract\tSEED\n"


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """Copy the sources, with one small table of facts instead of all."""
    target = tmp_path / "ontology"
    ignored = shutil.ignore_patterns("facts", "mmn-kg*.ttl", "readings.tsv")
    shutil.copytree(ONTOLOGY, target, ignore=ignored)
    (target / "facts").mkdir()
    (target / "facts" / "test.tsv").write_text(HEADER + GOOD)
    for name in ("conflicts.tsv", "ledger.tsv"):
        path = target / name
        path.write_text(path.read_text().splitlines(keepends=True)[0])
    for path in (target / "assumptions").glob("*.tsv"):
        path.write_text("".join(path.read_text().splitlines(keepends=True)[:20]))
    return target


def _complaints(sources: Path) -> str:
    with pytest.raises(errors.SourceError) as caught:
        compile_sources(sources, version="0")
    return str(caught.value)


def test_compiled_files_are_fresh() -> None:
    """The committed graph is what the sources compile to."""
    for name, text in compile_sources(ONTOLOGY, version=__version__).files.items():
        fresh = (ONTOLOGY / name).read_text(encoding="utf-8") == text
        assert fresh, f"ontology/{name} is stale: run mmn-kg compile"


def test_sources_are_in_canonical_form() -> None:
    """Every Turtle source is in the house style, so that diffs show facts only."""
    for path, text in canonical_sources(ONTOLOGY).items():
        same = path.read_text(encoding="utf-8") == text
        assert same, f"{path}: run mmn-kg compile --write-sources"


def test_compiled_bytes_do_not_depend_on_hash_order(sources: Path) -> None:
    """Two runs with other hash seeds give the same bytes."""
    code = (
        "import sys; from pathlib import Path; from mmn_kg.build.compile import compile_sources; "
        "print(compile_sources(Path(sys.argv[1]), version='0').files)"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code, sources],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            cwd=ROOT,
        ).stdout
        for seed in ("1", "2")
    }

    assert len(outputs) == 1


def test_a_row_becomes_assertion_evidence_and_edge(sources: Path) -> None:
    """One row yields the assertion named by its key, its evidence with a percentage, the edge."""
    text = compile_sources(sources, version="0").files["mmn-kg.ttl"]

    assert "assertion:MultifocalMotorNeuropathy-hasFinding-MuscleCramp\n" in text
    assert '    mmn:percent "60"^^xsd:decimal ;' in text
    assert "    mmn:hasFinding mmn:MuscleCramp ;" in text


def test_absent_rows_give_no_edge(sources: Path) -> None:
    """An absent assertion never becomes an edge, not even beside a scoped present one."""
    path = sources / "facts" / "test.tsv"
    absent = GOOD.replace("MuscleCramp\t\t\t12", "MuscleCramp\t\tabsent\t0")
    scoped = GOOD.replace("TEST1", "TEST2").replace("MuscleCramp\t\t", "MuscleCramp\tAtOnset\t")
    path.write_text(HEADER + absent + scoped)

    text = compile_sources(sources, version="0").files["mmn-kg.ttl"]

    assert "    mmn:hasFinding mmn:MuscleCramp ;" not in text
    assert "mmn:polarity mmn:absent" in text


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("MuscleCramp", "MuscelCramp", "facts/test.tsv:2: undeclared term 'MuscelCramp' in object; did you mean MuscleCramp"),
        ("hasFinding", "hasFindings", "facts/test.tsv:2: undeclared relation 'hasFindings'"),
        ("hasFinding", "mayShow", "facts/test.tsv:2: undeclared relation 'mayShow'"),
        ("MuscleCramp", "UlnarNerve", "facts/test.tsv:2: the object UlnarNerve is a Nerve, hasFinding takes Finding"),
        ("SEED", "NOBODY1999", "facts/test.tsv:2: the source 'NOBODY1999' is not in references.tsv"),
        ("Cohort", "Cohorte", "facts/test.tsv:2: 'Cohorte' is no StudyDesign; did you mean Cohort"),
        ("Frequency", "Percent", "facts/test.tsv:2: 'Percent' is no Measure"),
        ("\t12\t", "\ttwelve\t", "facts/test.tsv:2: count is a plain integer, not 'twelve'"),
        ("TEST1", "test 1", "facts/test.tsv:2: 'test 1' is no row id"),
        ("\tSEED", "", "facts/test.tsv:2: has 13 cells, the header 14"),
        ("Abstract", "Abstract ", "facts/test.tsv:2: the cell 'read_as' begins or ends with a space"),
        ("\tAbstract\t", "\t\t", "facts/test.tsv:2: the cell 'read_as' is empty"),
    ],
)  # fmt: skip
def test_mistakes_in_a_row(sources: Path, old: str, new: str, told: str) -> None:
    """Each mistake in a row is told with file, line and what to do."""
    path = sources / "facts" / "test.tsv"
    path.write_text(HEADER + GOOD.replace(old, new))

    assert told in _complaints(sources)


def test_undeclared_column(sources: Path) -> None:
    """A column that is not declared is an error at the header."""
    path = sources / "facts" / "test.tsv"
    path.write_text((HEADER + GOOD).replace("scope", "colour"))

    assert "facts/test.tsv:1: undeclared column 'colour'" in _complaints(sources)


def test_one_polarity_an_assertion(sources: Path) -> None:
    """Rows of one assertion cannot take both sides."""
    path = sources / "facts" / "test.tsv"
    second = GOOD.replace("TEST1", "TEST2").replace("MuscleCramp\t\t\t", "MuscleCramp\t\tabsent\t")
    path.write_text(HEADER + GOOD + second)

    assert "one assertion has one polarity" in _complaints(sources)


def test_row_ids_are_unique(sources: Path) -> None:
    """Two rows with one id are told, with both places."""
    (sources / "facts" / "test.tsv").write_text(HEADER + GOOD + GOOD)

    assert "facts/test.tsv:3: 'TEST1' stands in facts/test.tsv:2 too" in _complaints(sources)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("mmn:X a owl:Class ; rdfs:subClassOf mmn:Nonsense .", "entities/new.ttl:5: undeclared term mmn:Nonsense"),
        ("mmn:X a owl:Class ; rdfs:label \"x\" .", "entities/new.ttl:5: mmn:X must come below exactly one kind, found none"),
        ("mmn:X a owl:Class ; rdfs:subClassOf mmn:WristDrop , mmn:UlnarNerve .", "found mmn:Finding, mmn:Nerve"),
        ("mmn:WristDrop a owl:Class ; rdfs:subClassOf mmn:Sign .", "mmn:WristDrop is declared in"),
        ("mmn:X a owl:Class ;; .", "entities/new.ttl:"),
        ("mmn:X mmn:colour 1 .", "entities/new.ttl:5: undeclared term mmn:colour"),
        ("mmn:X a", "entities/new.ttl:5: malformed Turtle"),
    ],
)  # fmt: skip
def test_mistakes_in_entities(sources: Path, text: str, told: str) -> None:
    """Each mistake in a Turtle source is told with file and line."""
    prefixes = "@prefix mmn: <https://w3id.org/mmn-kg/> .\n@prefix owl: <http://www.w3.org/2002/07/owl#> .\n@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n\n"
    (sources / "entities" / "new.ttl").write_text(prefixes + text)

    if ";;" in text:  # a repeated semicolon is legal Turtle: the kind is what is missing
        told = "mmn:X must come below exactly one kind"
    assert told in _complaints(sources)


@pytest.mark.parametrize("end", ["domain", "range"])
def test_a_relation_needs_its_ends(sources: Path, end: str) -> None:
    """A relation without a domain or a range is told, at its line."""
    path = sources / "schema.ttl"
    was = path.read_text().partition("\nmmn:affectsNerve\n")
    kept = re.sub(rf"    rdfs:{end} .*\n", "", was[2], count=1)
    path.write_text("".join([*was[:2], kept]))
    line = was[0].count("\n") + 2

    told = f"schema.ttl:{line}: mmn:affectsNerve is a relation and states rdfs:{end} 0 times"
    assert told in _complaints(sources)


def test_dangling_links(sources: Path) -> None:
    """A conflict, a sentence or a mapping that names nothing is told."""
    with (sources / "conflicts.tsv").open("a") as stream:
        stream.write("A-b-C\tD-e-F\tfor a reason\n")
    with (sources / "ledger.tsv").open("a") as stream:
        stream.write(f"S01\t{'0' * 64}\twords\tA-b-C\t\n")
    mapping = sources / "mappings" / "mondo.sssom.tsv"
    mapping.write_text(mapping.read_text().replace("mmn:MultifocalMotorNeuropathy", "mmn:Nobody"))

    complaints = _complaints(sources)

    assert "conflicts.tsv:2: there is no assertion 'A-b-C'" in complaints
    assert "ledger.tsv:2: there is no assertion 'A-b-C'" in complaints
    assert "undeclared term 'mmn:Nobody'" in complaints


def test_a_conflict_needs_its_reason(sources: Path) -> None:
    """A pair of claims is not put into conflict without a word."""
    with (sources / "conflicts.tsv").open("a") as stream:
        stream.write("A-b-C\tD-e-F\t\n")

    assert "conflicts.tsv:2: the cell 'reason' is empty" in _complaints(sources)


def test_missing_table_and_wrong_encoding(sources: Path) -> None:
    """A missing table and one in another encoding are told by name."""
    (sources / "ledger.tsv").unlink()
    (sources / "conflicts.tsv").write_bytes("first\tsecond\treason\nü".encode("latin-1"))

    complaints = _complaints(sources)

    assert "ledger.tsv: is missing" in complaints
    assert "conflicts.tsv: is not UTF-8" in complaints
