"""The drawn arm and leg and the lesion table, for the page."""

from __future__ import annotations

from importlib import resources
from typing import Any, Final
from xml.etree import ElementTree

from mmn_kg import errors, terms
from mmn_kg.clinical.lesions import LesionTable
from mmn_kg.explorer.packing import pack_json
from mmn_kg.store import KnowledgeGraph

#: Limb → its drawings, each a file of ``drawings/``, in the order in which they are shown.
DRAWINGS: Final = {
    "arm": ("arm-front", "arm-back", "forearm-deep", "hand-palm", "hand-back", "arm-nerves"),
    "leg": ("leg-front", "leg-back", "leg-deep", "foot-sole", "leg-nerves"),
}
_SVG: Final = "{http://www.w3.org/2000/svg}"


def section(graph: KnowledgeGraph) -> dict[str, str]:
    """
    Return the drawings and the table that `mmn-kg localise` rests on, packed.

    The JSON inside is ``{"table": …, "sites": {nerve: [site]}, "drawings": [{"name", "limb",
    "title", "width", "height", "shapes": [{"layer", "term", "deep", "d" or "x" and "y"}]}]}``; the
    table is ``ontology/lesions.json``.

    Raises:
        SourceError: A shape names no term of the graph.
    """
    return pack_json(
        {
            "table": LesionTable.shipped().to_dict(),
            "sites": _sites(graph),
            "drawings": [
                drawing(graph, limb, name) for limb, names in DRAWINGS.items() for name in names
            ],
        }
    )


def _sites(graph: KnowledgeGraph) -> dict[str, list[str]]:
    """Return nerve → the sites on it and on its branches."""
    found: dict[str, list[str]] = {}
    for row in graph.select(
        f"""PREFIX mmn: <{terms.BASE}>
        SELECT ?nerve ?site WHERE {{ ?site a mmn:NerveSite ; mmn:partOf+ ?nerve }}
        ORDER BY ?nerve ?site"""
    ):
        found.setdefault(row["nerve"], []).append(row["site"])
    return found


def drawing(graph: KnowledgeGraph, limb: str, name: str) -> dict[str, Any]:
    """
    Read one drawing.

    A shape stands in a group whose class is its layer (``outline``, ``lines``, ``muscles``,
    ``nerves`` or ``sites``); what it shows is its ``data-term``.

    Raises:
        SourceError: A shape names no term of the graph.
    """
    text = (resources.files(__package__) / "drawings" / f"{name}.svg").read_text(encoding="utf-8")
    root = ElementTree.fromstring(text)  # noqa: S314 - our own file
    _, _, width, height = (int(number) for number in root.attrib["viewBox"].split())
    return {
        "name": name,
        "limb": limb,
        "title": root.findtext(f"{_SVG}title"),
        "width": width,
        "height": height,
        "shapes": [
            _shape(graph, name, layer.attrib["class"], shape)
            for layer in root.iter(f"{_SVG}g")
            for shape in layer
        ],
    }


def _shape(
    graph: KnowledgeGraph, name: str, layer: str, shape: ElementTree.Element
) -> dict[str, Any]:
    found: dict[str, Any] = {"layer": layer}
    term = shape.attrib.get("data-term")
    if term is not None:
        if graph.label(terms.expand(term) or term) is None:
            raise errors.SourceError(f"drawings/{name}.svg: {term} is no term of the graph")
        found["term"] = term
    if shape.attrib.get("class") == "deep":
        found["deep"] = True
    if "d" in shape.attrib:
        return found | {"d": shape.attrib["d"]}
    return found | {"x": float(shape.attrib["cx"]), "y": float(shape.attrib["cy"])}
