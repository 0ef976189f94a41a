"""The vendored files of the page and of its tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from mmn_kg import errors
from mmn_kg.build import vendor
from tests.conftest import ROOT

FOLDERS = [vendor.folder(), ROOT / "tests" / "vendor"]


@pytest.mark.parametrize("place", FOLDERS, ids=["page", "tests"])
def test_vendored_files_are_those_that_the_table_names(place: Path) -> None:
    """Each vendored file stands in the table with version and licence, and has its checksum."""
    rows = vendor.table(place)
    files = {path.name for path in place.iterdir()} - {"VERSIONS.tsv"}

    assert {row["file"] for row in rows} == files
    assert len(rows) >= 2
    for row in rows:
        assert row["version"]
        assert row["licence"]
        assert row["sha256"] == vendor.checksum(place / row["file"])


@pytest.mark.parametrize("place", FOLDERS, ids=["page", "tests"])
def test_each_vendored_package_brings_its_licence(place: Path) -> None:
    """The text of a licence stands beside the files of each package."""
    rows = vendor.table(place)
    licences = {row["package"] for row in rows if row["file"].endswith(".LICENSE")}

    assert {row["package"] for row in rows} == licences
    assert all("opyright" in path.read_text() for path in place.glob("*.LICENSE"))


def test_another_table_is_refused(tmp_path: Path) -> None:
    """A table with other columns is an error that names the columns."""
    (tmp_path / "VERSIONS.tsv").write_text("file\tversion\n", encoding="utf-8")

    with pytest.raises(errors.SourceError, match="sha256"):
        vendor.table(tmp_path)


def test_an_update_takes_the_member_and_writes_the_checksum(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one command fetches files with a member, keeps the others, and writes checksums."""
    (tmp_path / "VERSIONS.tsv").write_text(
        "\t".join(vendor.COLUMNS) + "\nx.js\tx\t1.0\tMIT\tweb.js\t\nx.LICENSE\tx\t1.0\tMIT\t\t\n",
        encoding="utf-8",
    )
    (tmp_path / "x.LICENSE").write_text("kept", encoding="utf-8")
    monkeypatch.setattr(vendor, "_member", lambda row: row["member"].encode())

    vendor.update(tmp_path)

    assert (tmp_path / "x.js").read_text() == "web.js"
    assert (tmp_path / "x.LICENSE").read_text() == "kept"
    for row in vendor.table(tmp_path):
        assert row["sha256"] == vendor.checksum(tmp_path / row["file"])
