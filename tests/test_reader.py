"""Graph files from strangers."""

from __future__ import annotations

from pathlib import Path

import pytest

from mmn_kg import errors
from mmn_kg.reader import read_graph

BOMB = """<?xml version="1.0"?>
<!DOCTYPE rdf [ <!ENTITY a "aaaaaaaaaa"> %s ]>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:x="urn:x:">
<rdf:Description rdf:about="urn:s"><x:p>&z;</x:p></rdf:Description></rdf:RDF>"""


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.ttl", "<urn:a> <urn:b>\n<urn:c> ;\n.. ", r"a\.ttl:3: malformed Turtle: column \d+: "),
        ("a.ttl", "@prefix x: <urn:x:> .\n\nx:a y:b x:c .", r"a\.ttl:3: .*prefix y:"),
        ("a.ttl", "", r"a\.ttl: is empty"),
        ("a.ttl", " \n\t", r"a\.ttl: is empty"),
        ("a.ttl", "<?xml version='1.0'?><rdf:RDF/>", r"a\.ttl: looks like XML"),
        ("a.ttl", '{"@context": {}, "@id": "urn:x"}', r"a\.ttl: looks like JSON-LD"),
        ("a.ttl", "\x00\x01\x02", r"a\.ttl: is not text"),
        ("a.docx", "x", r"a\.docx: unknown format \.docx: use \.ttl"),
        ("a", "x", r"a: unknown format \(no ending\)"),
        ("a.rdf", "<rdf:RDF><unclosed>", r"a\.rdf:1: malformed RDF/XML"),
        ("a.nt", "<urn:a> <urn:b> .", r"a\.nt:1: malformed N-Triples"),
        ("a.jsonld", "{", r"a\.jsonld:1: malformed JSON-LD"),
    ],
)
def test_bad_files_are_told_in_one_line(tmp_path: Path, name: str, content: str, told: str) -> None:
    """Each kind of bad file gets one line: file, line where there is one, what was expected."""
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")

    with pytest.raises(errors.InputError, match=told) as caught:
        read_graph(path)

    assert "\n" not in str(caught.value)


def test_missing_file_and_folder(tmp_path: Path) -> None:
    """A path that leads nowhere, or to a folder, is told as such."""
    with pytest.raises(errors.InputError, match="no such file"):
        read_graph(tmp_path / "none.ttl")
    with pytest.raises(errors.InputError, match="is a folder"):
        read_graph(tmp_path)


def test_entity_bombs_are_not_expanded(tmp_path: Path) -> None:
    """Nested XML entities are refused before anything is expanded."""
    nested = " ".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghy", "bcdefghyz", strict=True)
    )
    path = tmp_path / "bomb.rdf"
    path.write_text(BOMB % nested)

    with pytest.raises(errors.InputError, match="is not expanded"):
        read_graph(path)


@pytest.mark.parametrize(
    "entity",
    [
        '<!ENTITY z SYSTEM "file:///etc/passwd">',
        '<!ENTITY % z SYSTEM "http://127.0.0.1:9/x"> %z;',
        '<!entity z "&a;">',
    ],
)
def test_external_entities_are_not_read(tmp_path: Path, entity: str) -> None:
    """An entity that points outside is refused."""
    path = tmp_path / "xxe.owl"
    path.write_text(BOMB % entity)

    with pytest.raises(errors.InputError):
        read_graph(path)


def test_plain_namespace_entities_are_fine(tmp_path: Path) -> None:
    """The short entities with which OWL tools abbreviate namespaces still work."""
    path = tmp_path / "plain.owl"
    path.write_text(BOMB.replace("&z;", "&a;") % "")

    assert [triple.object.value for triple in read_graph(path)] == ["aaaaaaaaaa"]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "context",
    ['"http://127.0.0.1:9/c.jsonld"', '["file:///etc/passwd"]', '{"@import": "http://x/"}'],
)
def test_remote_contexts_are_not_fetched(tmp_path: Path, context: str) -> None:
    """A JSON-LD file that names a context elsewhere is refused."""
    path = tmp_path / "remote.jsonld"
    path.write_text(f'{{"@context": {context}, "@id": "urn:x", "urn:p": "v"}}')

    with pytest.raises(errors.InputError):
        read_graph(path)


def test_too_large_a_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file above the limit is not read into memory."""
    monkeypatch.setattr("mmn_kg.reader.MAX_BYTES", 10)
    path = tmp_path / "big.nt"
    path.write_text("<urn:a> <urn:b> <urn:c> .\n")

    with pytest.raises(errors.InputError, match="is larger than"):
        read_graph(path)
