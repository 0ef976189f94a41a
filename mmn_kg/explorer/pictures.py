"""
The curated views, laid out when the page is made, so that each opens readable at once.

The header ``page`` of a view's query says how: ``layers`` (what follows comes further down or
right), ``columns`` (each kind of node in its column), or ``branches`` (the findings of one term as
cards, the strongest figures first). Its other keys: ``place`` in the navigation and the ``short``
name there, ``letters`` of a line in a box, ``gap`` between layers, ``height`` of a picture or of a
column of cards, the kinds of each of the ``columns`` and their ``captions``, and the relations
whose ``words`` always show. A view without that header has no picture in the page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from mmn_kg import catalog, drawing, errors, views
from mmn_kg.explorer import branches, layers, lettering, routes
from mmn_kg.store import KnowledgeGraph

if TYPE_CHECKING:
    import networkx

#: Type size, line height and margin of a picture, in pixels; the padding of a box.
SIZE: Final = 12.5
LINE: Final = 15.0
MARGIN: Final = 12.0
_PADDING: Final = (9.0, 5.0)
#: Space between parts of a picture that do not hang together.
_APART: Final = 48.0
_BELOW: Final = 14.0
#: Space between edges with the same ends.
_BESIDE: Final = 5.0

Box = tuple[list[str], float, float]


def names() -> tuple[str, ...]:
    """Return the views that have a picture in the page, in the order of the panels."""
    found = {
        name: query.header["page"]["place"]
        for name, query in catalog.queries("view").items()
        if "page" in query.header
    }
    return tuple(sorted(found, key=found.__getitem__))


def section(graph: KnowledgeGraph) -> dict[str, Any]:
    """Return the pictures by the name of their view."""
    return {
        name: picture(graph, name, catalog.queries("view")[name].header["page"]) for name in names()
    }


def picture(graph: KnowledgeGraph, name: str, form: dict[str, Any]) -> dict[str, Any]:
    """
    Lay one view out.

    Returns:
        ``title``, ``summary``, ``short``, ``width``, ``height``, ``words`` (relations whose name
        is always shown), ``captions`` (``[x, y, lines]``), ``nodes`` (``[CURIE, x, y, width,
        height, lines]``, and the assertion of a card) and ``edges`` (``[assertion, path, x, y]``,
        the last two a place on it).
    """
    draw, keys = _FORMS.get(form.get("form", ""), (None, frozenset()))
    if draw is None or not keys <= set(form) <= keys | _OPTIONAL:
        wanted = ", ".join(sorted(keys)) or f"a form of {', '.join(_FORMS)}"
        raise errors.SourceError(f"queries/view/{name}.rq: page: it needs {wanted}")
    view = views.view(graph, name)
    drawn = draw(graph, view, form)
    return {
        "title": view.graph["title"],
        "summary": view.graph["summary"],
        "short": form["short"],
        "words": form.get("words", []),
        **drawn,
    }


def _layers(
    graph: KnowledgeGraph, view: networkx.MultiDiGraph, form: dict[str, Any]
) -> dict[str, Any]:
    """Place what hangs together layer by layer, and such parts beside and below one another."""
    del graph
    boxes = {node: _box(data["label"], form["letters"]) for node, data in _nodes(view)}
    down = view.graph["direction"] == "TB"
    parts = []
    for nodes in _parts(view):
        links = {_flow(*edge) for edge in view.edges(data=True) if edge[0] in nodes}
        inside = {node: boxes[node] for node in nodes}
        layer_of = layers.longest_paths(inside, links)
        parts.append(_place(inside, links, layer_of, {}, down=down, gap=form["gap"]))
    return _written(view, _packed(parts, form.get("height", 0.0)))


def _columns(
    graph: KnowledgeGraph, view: networkx.MultiDiGraph, form: dict[str, Any]
) -> dict[str, Any]:
    """Place each kind of node in its column; terms with a rung keep their order."""
    column_of = _column_of(view, form["columns"])
    boxes = {node: _box(data["label"], form["letters"]) for node, data in _nodes(view)}
    widths: dict[int, float] = {}
    for node, (_, width, _) in boxes.items():
        column = column_of[node]
        widths[column] = max(widths.get(column, 0.0), width)
    boxes = {node: (ls, widths[column_of[node]], h) for node, (ls, _, h) in boxes.items()}
    links = {_flow(*edge) for edge in view.edges(data=True)}
    rungs = _rungs(graph)
    fixed = {node: rungs[node] for node in boxes if node in rungs}
    fixed |= {target: rungs[source] for source, target in links if source in rungs}
    part = _place(boxes, links, column_of, fixed, down=False, gap=form["gap"])
    captions = []
    for column, text in enumerate(form["captions"]):
        frame = next((f for n, f in part.frames.items() if column_of[n] == column), None)
        if frame is not None:
            captions.append((frame.x - frame.width / 2, text, max(widths[column], 90.0)))
    return _written(view, part, captions)


def _branches(
    graph: KnowledgeGraph, view: networkx.MultiDiGraph, form: dict[str, Any]
) -> dict[str, Any]:
    del graph
    return branches.lay_out(view, form["height"])


_ALWAYS: Final = frozenset({"form", "place", "short"})
_OPTIONAL: Final = frozenset({"words", "height"})
#: Form → what lays it out, and the keys of the header that it needs.
_FORMS: Final[dict[str, tuple[Callable[..., dict[str, Any]], frozenset[str]]]] = {
    "layers": (_layers, _ALWAYS | {"letters", "gap"}),
    "columns": (_columns, _ALWAYS | {"letters", "gap", "columns", "captions"}),
    "branches": (_branches, _ALWAYS | {"height"}),
}


def _nodes(view: networkx.MultiDiGraph) -> list[tuple[str, dict[str, Any]]]:
    return sorted(view.nodes(data=True))


def _flow(source: str, target: str, data: dict[str, Any]) -> tuple[str, str]:
    """Return the ends of an edge in the order of reading."""
    return (target, source) if data["kind"] in drawing.AGAINST_THE_FLOW else (source, target)


def _box(label: str, letters: int) -> Box:
    """Return the lines of a box, its width and its height."""
    lines = lettering.wrap(label, letters)
    width = max(lettering.width(line, SIZE) for line in lines) + 2 * _PADDING[0]
    return lines, max(round(width), 40), len(lines) * LINE + 2 * _PADDING[1]


def _column_of(view: networkx.MultiDiGraph, columns: list[list[str]]) -> dict[str, int]:
    """
    Give each node the first column of its kind.

    Where a kind has several columns, a node stands one further than those of its kind before it.
    """
    places = {
        node: [number for number, kinds in enumerate(columns) if data["kind"] in kinds]
        or [len(columns) - 1]
        for node, data in view.nodes(data=True)
    }
    flow = [_flow(*edge) for edge in view.edges(data=True)]
    found = {node: numbers[0] for node, numbers in places.items()}
    for _ in columns:
        for source, target in flow:
            further = [n for n in places[target] if n > found[source]]
            if found[source] in places[target] and found[target] <= found[source] and further:
                found[target] = further[0]
    return found


def _rungs(graph: KnowledgeGraph) -> dict[str, float]:
    """Return the terms that have a rung, with it: they keep that order."""
    rows = graph.select(
        "PREFIX mmn: <https://w3id.org/mmn-kg/> SELECT ?term ?rung WHERE { ?term mmn:rung ?rung }"
    )
    return {row["term"]: float(row["rung"]) for row in rows}


@dataclass(frozen=True, slots=True)
class _Part:
    """Boxes and paths of nodes that hang together, from 0, 0 to their size."""

    boxes: dict[str, Box]
    frames: dict[str, routes.Frame]
    paths: dict[layers.Link, routes.Path]
    width: float
    height: float

    def moved(self, x: float, y: float) -> _Part:
        """Return the part elsewhere."""
        frames = {node: frame.moved(x, y) for node, frame in self.frames.items()}
        paths = {link: path.moved(x, y) for link, path in self.paths.items()}
        return _Part(self.boxes, frames, paths, self.width + x, self.height + y)


def _parts(view: networkx.MultiDiGraph) -> list[set[str]]:
    """Return the sets of nodes that hang together, the largest first."""
    parts: list[set[str]] = []
    for node in view:
        joined = {node, *view.successors(node), *view.predecessors(node)}
        apart = [part for part in parts if not part & joined]
        parts = [*apart, joined.union(*(part for part in parts if part & joined))]
    return sorted(parts, key=lambda part: (-len(part), min(part)))


def _place(
    boxes: dict[str, Box],
    links: set[layers.Link],
    layer_of: dict[str, int],
    fixed: dict[str, float],
    *,
    down: bool,
    gap: float,
) -> _Part:
    """Lay one part out in layers."""
    sizes = {node: (w, h) if down else (h, w) for node, (_, w, h) in boxes.items()}
    laid = layers.lay_out(sizes, links, layer_of=layer_of, gap=gap, fixed=fixed)

    def place(point: layers.Point) -> layers.Point:
        return point if down else (point[1], point[0])

    frames = {
        node: routes.Frame(*place(laid.centres[node]), w, h, *laid.borders[node])
        for node, (_, w, h) in boxes.items()
    }
    bends = {link: [place(point) for point in points] for link, points in laid.bends.items()}
    inner = [point for points in bends.values() for point in points]
    return _Part(
        boxes,
        frames,
        routes.draw(frames, bends, down=down),
        max([f.x + f.width / 2 for f in frames.values()] + [x for x, _ in inner]),
        max([f.y + f.height / 2 for f in frames.values()] + [y for _, y in inner]),
    )


def _packed(parts: list[_Part], height: float) -> _Part:
    """Set parts one below the other, beginning anew to the right where the height is used up."""
    x = y = widest = 0.0
    found = _Part({}, {}, {}, 0.0, 0.0)
    for part in parts:
        if y and y + part.height > max(height, parts[0].height):
            x, y, widest = x + widest + _APART, 0.0, 0.0
        moved = part.moved(x, y)
        found = _Part(
            found.boxes | moved.boxes,
            found.frames | moved.frames,
            found.paths | moved.paths,
            max(found.width, moved.width),
            max(found.height, moved.height),
        )
        y, widest = y + part.height + _BELOW, max(widest, part.width)
    return found


def _written(
    view: networkx.MultiDiGraph,
    part: _Part,
    captions: Sequence[tuple[float, str, float]] = (),
) -> dict[str, Any]:
    """Write the geometry as JSON has it."""
    texts = [(x, lettering.wrap(text, int(width / 6.5))) for x, text, width in captions]
    top = MARGIN + max((len(lines) for _, lines in texts), default=0) * LINE
    part = part.moved(MARGIN, top + (8 if captions else 0))
    down = view.graph["direction"] == "TB"

    def reading(frame: routes.Frame) -> tuple[float, float]:
        return (frame.y, frame.x) if down else (frame.x, frame.y)

    return {
        "width": round(part.width + MARGIN),
        "height": round(part.height + MARGIN),
        "captions": [[round(x + MARGIN), round(MARGIN + 6), lines] for x, lines in texts],
        "nodes": [
            [
                node,
                *(round(n, 1) for n in (f.x - f.width / 2, f.y - f.height / 2, f.width, f.height)),
                part.boxes[node][0],
            ]
            for node, f in sorted(part.frames.items(), key=lambda item: reading(item[1]))
        ],
        "edges": _edges(view, part.paths),
    }


def _edges(view: networkx.MultiDiGraph, paths: dict[layers.Link, routes.Path]) -> list[list[Any]]:
    """Return the edges as ``[assertion, path, x, y]``, the last two a place on the path."""
    found = []
    beside: Counter[layers.Link] = Counter()
    for source, target, data in sorted(
        view.edges(data=True), key=lambda edge: (edge[0], edge[1], edge[2]["kind"])
    ):
        link = _flow(source, target, data)
        if link in paths:
            path = paths[link].beside(_BESIDE * beside[link])
            beside[link] += 1
            backwards = link != (source, target)
            found.append([data["assertion"], path.text(backwards=backwards), *path.middle()])
    return found
