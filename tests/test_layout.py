"""The layout of the pictures, without a browser: nothing lies on anything."""

from __future__ import annotations

import itertools
import random
import re
from typing import Any

import pytest

from mmn_kg import catalog, drawing, errors, views
from mmn_kg.explorer import layers, pictures
from mmn_kg.store import KnowledgeGraph

NUMBERS = re.compile(r"-?\d+(?:\.\d+)?")


@pytest.fixture(scope="module")
def laid(kg: KnowledgeGraph) -> dict[str, Any]:
    """Give every picture of the page."""
    return pictures.section(kg)


@pytest.mark.parametrize("name", pictures.names())
def test_every_node_and_edge_of_a_view_is_drawn(
    kg: KnowledgeGraph, laid: dict[str, Any], name: str
) -> None:
    """A picture holds the nodes and the claims of its view, 20 to 60 of them."""
    graph = views.view(kg, name)
    found = laid[name]

    assert {node[0] for node in found["nodes"]} == set(graph)
    assert 20 <= graph.number_of_nodes() <= 60
    assert sorted(edge[0] for edge in found["edges"]) == sorted(
        data["assertion"] for _, _, data in graph.edges(data=True)
    )
    assert all(edge[0].startswith("assertion:") for edge in found["edges"])


@pytest.mark.parametrize("name", pictures.names())
def test_no_box_lies_on_another(laid: dict[str, Any], name: str) -> None:
    """Boxes are apart, and inside the picture."""
    found = laid[name]
    boxes = [node[1:5] for node in found["nodes"]]

    for (x1, y1, w1, h1), (x2, y2, w2, h2) in itertools.combinations(boxes, 2):
        assert x1 + w1 <= x2 or x2 + w2 <= x1 or y1 + h1 <= y2 or y2 + h2 <= y1
    for x, y, w, h in boxes:
        assert x >= 0
        assert y >= 0
        assert x + w <= found["width"]
        assert y + h <= found["height"]


@pytest.mark.parametrize("name", [n for n in pictures.names() if n != "symptoms"])
def test_no_edge_runs_through_a_box(laid: dict[str, Any], name: str) -> None:
    """The straight pieces of an edge, through the layers, touch no box but those at its ends."""
    for _, path, _, _ in laid[name]["edges"]:
        if "V" in path:
            continue  # the twigs of cards, beside them by construction
        for piece in re.findall(r"[-\d.,]+L[-\d.,]+", path):
            x1, y1, x2, y2 = map(float, NUMBERS.findall(piece))
            for node, x, y, w, h, *_ in laid[name]["nodes"]:
                inside = x < (x1 + x2) / 2 < x + w and y < (y1 + y2) / 2 < y + h
                assert not inside, f"an edge runs through {node}"


def test_the_page_does_not_need_graphviz(
    kg: KnowledgeGraph, laid: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With and without Graphviz the pictures of the page are the same."""
    monkeypatch.setattr(drawing, "_command", lambda _: None)

    assert pictures.section(kg) == laid


def test_a_view_without_the_header_has_no_picture() -> None:
    """The whole graph is no picture of the page: nobody could read it."""
    assert "whole" not in pictures.names()
    assert set(pictures.names()) == {
        name for name, query in catalog.queries("view").items() if "page" in query.header
    }


@pytest.mark.parametrize("form", [{}, {"form": "rings"}, {"form": "branches", "place": 1}])
def test_a_wrong_header_is_told(kg: KnowledgeGraph, form: dict[str, Any]) -> None:
    """A header without what its form needs is an error that names the file and the keys."""
    with pytest.raises(errors.SourceError, match=r"symptoms\.rq: page: it needs"):
        pictures.picture(kg, "symptoms", form)


def test_layers_hold_on_any_graph() -> None:
    """Random graphs, circles and loops included, are laid out without overlap, each time alike."""
    chance = random.Random(7)  # noqa: S311 - a test, not a secret
    for size in (1, 2, 9, 30):
        nodes = [f"n{number}" for number in range(size)]
        links = {(chance.choice(nodes), chance.choice(nodes)) for _ in range(2 * size)}
        sizes = {node: (chance.uniform(20, 90), chance.uniform(20, 40)) for node in nodes}
        layer_of = layers.longest_paths(nodes, links)
        first = layers.lay_out(sizes, links, layer_of=layer_of, gap=20)
        second = layers.lay_out(dict(reversed(sizes.items())), links, layer_of=layer_of, gap=20)

        assert first.centres == second.centres
        for a, b in itertools.combinations(nodes, 2):
            (x1, y1), (x2, y2) = first.centres[a], first.centres[b]
            apart = abs(x1 - x2) >= (sizes[a][0] + sizes[b][0]) / 2 - 1e-6
            assert apart or abs(y1 - y2) >= (sizes[a][1] + sizes[b][1]) / 2 - 1e-6


def test_a_term_with_a_rung_keeps_its_place(kg: KnowledgeGraph, laid: dict[str, Any]) -> None:
    """The tiers of treatment stand in the order of their rungs, from the first line down."""
    rows = kg.select("SELECT ?t WHERE { ?t <https://w3id.org/mmn-kg/rung> ?n } ORDER BY ?n")
    tiers = [row["t"] for row in rows]
    heights = {node[0]: node[2] for node in laid["treatment"]["nodes"]}

    assert len(tiers) >= 4
    assert sorted(tiers, key=heights.__getitem__) == tiers
