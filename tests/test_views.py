"""Views as graphs, their formats, and the recipes of docs/recipes.md."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET

import networkx
import pytest

from mmn_kg import drawing, errors, views
from mmn_kg.store import KnowledgeGraph

NAMES = [name for name in views.names() if name != "whole"]


@pytest.mark.parametrize("name", NAMES)
def test_view_is_of_a_readable_size(kg: KnowledgeGraph, name: str) -> None:
    """A curated view has 20 to 60 nodes, each labelled and of a known kind."""
    graph = views.view(kg, name)

    assert isinstance(graph, networkx.MultiDiGraph)
    assert 20 <= graph.number_of_nodes() <= 60
    for _, data in graph.nodes(data=True):
        assert data["label"]
        assert data["kind"] in drawing.STYLES
    for _, _, data in graph.edges(data=True):
        assert data["sources"]


def test_whole_view_holds_every_assertion(kg: KnowledgeGraph) -> None:
    """The whole view has one edge an assertion."""
    rows = kg.select("SELECT (COUNT(?a) AS ?n) WHERE { ?a a <https://w3id.org/mmn-kg/Assertion> }")

    assert views.view(kg, "whole").number_of_edges() == int(next(iter(rows))["n"])


def test_absent_edges_say_so(kg: KnowledgeGraph) -> None:
    """An absent finding is marked on its edge, and drawn as such."""
    graph = views.view(kg, "symptoms")
    edge = graph.get_edge_data("mmn:MultifocalMotorNeuropathy", "mmn:UpperMotorNeuronSign")[0]

    assert edge["polarity"] == "absent"
    assert "not: has finding" in drawing.to_dot(graph)


def test_figures_and_sources_stand_on_edges(kg: KnowledgeGraph) -> None:
    """The share of clones with one light chain stands on its edge, with its source."""
    edge = views.view(kg, "mechanism").get_edge_data("mmn:BCellClone", "mmn:AntiGM1IgM")[0]

    assert "90.5% (38/42)" in edge["figures"]
    assert "reference:CLONALITY2014" in edge["sources"]


@pytest.mark.parametrize("name", NAMES)
def test_formats_read_back(kg: KnowledgeGraph, name: str) -> None:
    """GraphML, GEXF and node-link JSON read back with the same nodes and edges."""
    graph = views.view(kg, name)
    graphml = networkx.parse_graphml(views.to_graphml(graph).decode())
    gexf = ET.fromstring(views.to_gexf(graph))  # noqa: S314 - we wrote it
    document = json.loads(views.to_json(graph))

    sizes = (graph.number_of_nodes(), graph.number_of_edges())
    assert (graphml.number_of_nodes(), graphml.number_of_edges()) == sizes
    space = "{http://www.gexf.net/1.2draft}"
    assert (len(list(gexf.iter(f"{space}node"))), len(list(gexf.iter(f"{space}edge")))) == sizes
    assert (len(document["nodes"]), len(document["edges"])) == sizes


def test_bytes_do_not_vary(kg: KnowledgeGraph) -> None:
    """Two runs write the same bytes."""
    for writer in (views.to_graphml, views.to_gexf, views.to_json):
        assert writer(views.view(kg, "nerves")) == writer(views.view(kg, "nerves"))


def test_pictures(kg: KnowledgeGraph) -> None:
    """Graphviz draws every label into the SVG, and a PNG."""
    graph = views.view(kg, "treatment")
    text = views.to_svg(graph).decode()

    assert "Legend" in text
    for word in ("cyclophosphamide", "first line", "multifocal motor"):
        assert word in text
    assert views.to_png(graph).startswith(b"\x89PNG")


def test_without_graphviz(kg: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without Graphviz an SVG is drawn in plain layers; a PNG says what it needs."""
    monkeypatch.setattr(drawing, "_command", lambda _: None)
    graph = views.view(kg, "mechanism")
    root = ET.fromstring(views.to_svg(graph))  # noqa: S314 - we wrote it

    titles = [element.text for element in root.iter("{http://www.w3.org/2000/svg}tspan")]
    assert "conduction block" in titles
    with pytest.raises(errors.EnvironmentLacksError, match=r"mmn-kg\[pictures\]"):
        views.to_png(graph)


def test_a_slow_graphviz_is_given_up(kg: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    """A layout that does not end in time falls back to plain layers."""
    monkeypatch.setattr(drawing, "_command", lambda _: ["sleep", "60"])
    monkeypatch.setattr(drawing, "TIMEOUT", 0.2)

    assert views.to_svg(views.view(kg, "nerves")).startswith(b"<svg")


def test_labels_cannot_break_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Markup in a label is shown as text, with and without Graphviz."""
    graph = networkx.MultiDiGraph(title="<script>alert(1)</script>", direction="LR")
    graph.add_node("a", label='"];x[label="</text><script>', kind="Nerve", definition="<b>")
    graph.add_node("b", label="b", kind="Nerve", definition="")
    data = {"label": "<i>", "kind": "mmn:p", "polarity": "present", "scope": "", "status": ""}
    graph.add_edge("a", "b", **data, derived=False, contested=False, figures=(), sources=())

    drawn = views.to_svg(graph)
    monkeypatch.setattr(drawing, "_command", lambda _: None)

    for picture in (drawn, views.to_svg(graph)):
        assert b"<script" not in picture
        ET.fromstring(picture)  # noqa: S314 - we wrote it
