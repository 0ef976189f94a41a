"""
Fetch vendored files anew, at the versions that the folder's ``VERSIONS.tsv`` names.

To update one: change its version in the table, then run, for the page or for the tests::

    uv run python -m mmn_kg.build.vendor
    uv run python -m mmn_kg.build.vendor tests/vendor

It asks npm for each package, takes the named member out of it, and writes the checksums. A file
without a member, such as a licence that the package lacks, is kept as it is.
"""

from __future__ import annotations

import csv
import hashlib
import io
import subprocess
import sys
import tarfile
import tempfile
from importlib import resources
from pathlib import Path
from typing import Final

from mmn_kg import errors

#: The columns of the table; ``member`` is the file's path inside the package.
COLUMNS: Final = ("file", "package", "version", "licence", "member", "sha256")
_TABLE: Final = "VERSIONS.tsv"


def folder() -> Path:
    """Return the folder of the files that the page has in it."""
    return Path(str(resources.files("mmn_kg.explorer") / "vendor"))


def table(place: Path) -> list[dict[str, str]]:
    """
    Return the rows of ``VERSIONS.tsv`` in a folder.

    Raises:
        SourceError: It has other columns.
    """
    text = (place / _TABLE).read_text(encoding="utf-8")
    reader = csv.DictReader(io.StringIO(text), delimiter="\t")
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise errors.SourceError(f"{place / _TABLE}: the columns are {', '.join(COLUMNS)}")
    return list(reader)


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def update(place: Path) -> None:
    """
    Fetch every file that has a member, and write the checksums of all.

    Raises:
        EnvironmentLacksError: npm is missing, or lacks a package at that version.
    """
    rows = table(place)
    for row in rows:
        if row["member"]:
            (place / row["file"]).write_bytes(_member(row))
        row["sha256"] = checksum(place / row["file"])
    lines = ["\t".join(COLUMNS), *("\t".join(row[name] for name in COLUMNS) for row in rows)]
    (place / _TABLE).write_text("\n".join(lines) + "\n", encoding="utf-8")


def _member(row: dict[str, str]) -> bytes:
    name = f"{row['package']}@{row['version']}"
    with tempfile.TemporaryDirectory() as scratch:
        command = ["npm", "pack", "--silent", name]
        try:
            subprocess.run(  # noqa: S603 - npm, on a name from our own table
                command, cwd=scratch, check=True, capture_output=True
            )
        except (OSError, subprocess.CalledProcessError) as error:
            raise errors.EnvironmentLacksError(f"npm cannot fetch {name}: {error}") from error
        with tarfile.open(next(Path(scratch).glob("*.tgz"))) as package:
            found = package.extractfile(f"package/{row['member']}")
            if found is None:
                raise errors.SourceError(f"{name} has no file {row['member']}")
            return found.read()


if __name__ == "__main__":
    update(Path(sys.argv[1]) if len(sys.argv) > 1 else folder())
