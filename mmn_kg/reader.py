"""
Read a graph file that somebody gave us, as untrusted input.

Each format goes to the parser that holds against it: Turtle and its kin, and JSON-LD, to
pyoxigraph, which fetches no remote context; RDF/XML to rdflib's, whose expat stops entity bombs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from mmn_kg import errors, incoming

#: The largest file that is read, in bytes.
MAX_BYTES: Final = 64 * 1024 * 1024
_FORMATS: Final = {
    ".ttl": RdfFormat.TURTLE,
    ".nt": RdfFormat.N_TRIPLES,
    ".nq": RdfFormat.N_QUADS,
    ".trig": RdfFormat.TRIG,
    ".jsonld": RdfFormat.JSON_LD,
}
_XML: Final = (".rdf", ".owl", ".xml")
_PLACE: Final = re.compile(r"^Parser error at line \d+ (?:between columns? |column )(\d+)[^:]*: ")


def read_graph(path: Path) -> list[Triple]:
    """
    Read the triples of a file; named graphs are merged.

    Args:
        path: A file whose ending names its format: .ttl, .nt, .nq, .trig, .jsonld, .rdf, .owl
            or .xml.

    Raises:
        GraphSyntaxError: The file is malformed; the message names file, line and what was expected.
        InputError: There is no such file, it is a folder, empty, too large, or of no known format.
    """
    data = incoming.read(path, most=MAX_BYTES, too_large="split it")
    suffix = path.suffix.lower()
    if suffix in _XML:
        return _rdfxml(path, data)
    if suffix not in _FORMATS:
        known = " ".join([*_FORMATS, *_XML])
        raise errors.InputError(f"{path}: unknown format {suffix or '(no ending)'}: use {known}")
    _sniff(path, data, suffix)
    try:
        return [quad.triple for quad in parse(data, format=_FORMATS[suffix])]
    except SyntaxError as error:
        place = f"{path}:{error.lineno}" if error.lineno else f"{path}"
        what = _PLACE.sub(lambda match: f"column {match[1]}: ", error.msg)
        raise errors.GraphSyntaxError(f"{place}: malformed {_name(suffix)}: {what}") from error


def _name(suffix: str) -> str:
    return _FORMATS[suffix].name


def _sniff(path: Path, data: bytes, suffix: str) -> None:
    """Say so when the content is plainly of another format than the ending tells."""
    if b"\x00" in data[:4096]:
        raise errors.InputError(f"{path}: is not text: expected {_name(suffix)}")
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:64].lower()
    if start.startswith((b"<?xml", b"<rdf:", b"<!doctype", b"<html")):
        raise errors.InputError(f"{path}: looks like XML, not {_name(suffix)}: name it .rdf")
    if suffix != ".jsonld" and start.startswith((b"{", b"[\n", b"[{")) and b'"@' in data[:4096]:
        raise errors.InputError(f"{path}: looks like JSON-LD, not {_name(suffix)}: name it .jsonld")


def _rdfxml(path: Path, data: bytes) -> list[Triple]:
    """Parse RDF/XML without entities of any kind."""
    from xml.sax import SAXParseException

    import rdflib

    if b"<!ENTITY" in data.upper().replace(b"<!entity", b"<!ENTITY"):
        data = _without_plain_entities(path, data)
    graph = rdflib.Graph()
    try:
        graph.parse(data=data, format="xml", publicID="urn:mmn-kg:input")
    except SAXParseException as error:
        place = f"{path}:{error.getLineNumber()}"
        raise errors.GraphSyntaxError(
            f"{place}: malformed RDF/XML: {error.getMessage()}"
        ) from error
    except Exception as error:
        raise errors.GraphSyntaxError(f"{path}: malformed RDF/XML: {error}") from error
    return list(_from_rdflib(graph))


def _without_plain_entities(path: Path, data: bytes) -> bytes:
    """
    Let through only the entities that OWL files use: short, flat, one namespace each.

    Raises:
        InputError: An entity is external, nested or long.
    """
    declared = re.findall(rb"<!ENTITY\s+(%?\s*\S+)\s+([^>]*)>", data, re.IGNORECASE)
    for name, body in declared:
        value = body.strip().strip(b"\"'")
        if not re.match(rb"[\"']", body.strip()) or b"&" in value or len(value) > 512:
            raise errors.InputError(
                f"{path}: the XML entity {name.decode('utf-8', 'replace')} is external, nested or "
                "long and is not expanded: write the IRIs out"
            )
    if len(declared) > 100:
        raise errors.InputError(f"{path}: declares {len(declared)} XML entities: write IRIs out")
    return data


def _from_rdflib(graph: object) -> Iterator[Triple]:
    import rdflib

    def convert(node: object) -> NamedNode | BlankNode | Literal:
        if isinstance(node, rdflib.URIRef):
            return NamedNode(str(node))
        if isinstance(node, rdflib.BNode):
            return BlankNode(str(node))
        if isinstance(node, rdflib.Literal):
            if node.language:
                return Literal(str(node), language=node.language)
            if node.datatype:
                return Literal(str(node), datatype=NamedNode(str(node.datatype)))
        return Literal(str(node))

    for subject, predicate, value in graph:  # type: ignore[attr-defined]
        yield Triple(convert(subject), convert(predicate), convert(value))  # type: ignore[arg-type]
