"""
Curated views of the graph as ``networkx.MultiDiGraph``, each from one query in ``queries/view``.

A view query returns one row a piece of evidence, with the columns ``?source ?kind ?target`` and, as
far as they apply, ``?assertion ?polarity ?scope ?evidence ?direction ?status ?count ?total
?percent ?value ?low ?high ?unit ?band ?reference ?derived``. Rows of one edge are gathered here.
"""

from __future__ import annotations

import io
import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from mmn_kg import catalog, errors, terms
from mmn_kg.answers import Cell
from mmn_kg.store import KnowledgeGraph

if TYPE_CHECKING:
    import networkx

Row = Mapping[str, Cell]


def view(graph: KnowledgeGraph, name: str) -> networkx.MultiDiGraph:
    """
    Return a view, which a notebook shows as its picture.

    Nodes are CURIEs with ``label``, ``kind`` and ``definition``. Edges have ``assertion`` and
    ``kind`` (CURIEs), ``label``, ``polarity``, ``scope``, ``status``, ``derived``, ``contested``,
    ``figures`` and ``sources`` (tuples of texts). The graph itself has ``title`` and ``summary``.

    Args:
        graph: The graph; views that show derived edges run the rules on it first.
        name: ``mechanism``, ``nerves``, ``symptoms``, ``differential``, ``treatment``,
            ``evidence`` or ``whole``.

    Raises:
        UnknownQuestionError: There is no such view.

    Example:
        >>> found = view(KnowledgeGraph.load(), "mechanism")
        >>> found.nodes["mmn:ConductionBlock"]["kind"]
        'Process'
    """
    query = _query(name)
    found = _view_class()(
        name=name,
        title=query.header["title"],
        summary=query.summary,
        direction=query.header["direction"],
    )
    answer = graph.select(query.text)
    grouped: dict[tuple[str, str, str, str], list[Row]] = defaultdict(list)
    for cells in answer.rows:
        row = {n: c for n, c in zip(answer.columns, cells, strict=True) if c is not None}
        scope = row["scope"].value if "scope" in row else ""
        key = (row["source"].value, row["kind"].value, row["target"].value, scope)
        grouped[key].append(row)
    for iri in sorted({end for key in grouped for end in (key[0], key[2])}):
        found.add_node(terms.curie(iri), **_node(graph, iri))
    for (source, kind, target, scope), rows in sorted(grouped.items()):
        edge = _edge(graph, kind, scope, rows)
        found.add_edge(terms.curie(source), terms.curie(target), **edge)
    return found


@cache
def _view_class() -> type[networkx.MultiDiGraph]:
    """Make the class of views when the first is needed: networkx takes long to import."""
    import networkx

    class View(networkx.MultiDiGraph):  # type: ignore[misc]
        """A ``networkx.MultiDiGraph`` that a notebook shows as its picture."""

        def _repr_html_(self) -> str:
            picture = to_svg(self).decode()
            return f'<div style="overflow: auto">{picture[picture.index("<svg") :]}</div>'

    View.__qualname__ = "View"
    return View


def __getattr__(name: str) -> Any:
    """Give the class of views by its name, as pickle wants it."""
    if name == "View":
        return _view_class()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def names() -> tuple[str, ...]:
    """Return the names of the views."""
    return tuple(catalog.queries("view"))


def _query(name: str) -> catalog.Query:
    found = catalog.queries("view")
    if name not in found:
        raise errors.UnknownQuestionError(f"no view {name!r}: choose from {', '.join(found)}")
    return found[name]


def _node(graph: KnowledgeGraph, iri: str) -> dict[str, str]:
    rows = graph.select(
        f"""SELECT ?kind ?definition WHERE {{
          OPTIONAL {{ <{iri}> a ?kind . ?kind a <{terms.iri("mmn", "Kind")}> }}
          OPTIONAL {{ <{iri}> <{terms.iri("IAO", "0000115")}> ?definition }} }}
        ORDER BY ?kind ?definition LIMIT 1"""
    )
    row = next(iter(rows), {})
    return {
        "label": graph.label(iri) or terms.curie(iri),
        "kind": row.get("kind", "mmn:Other").removeprefix("mmn:"),
        "definition": row.get("definition", ""),
    }


def _edge(graph: KnowledgeGraph, kind: str, scope: str, rows: list[Row]) -> dict[str, Any]:
    def texts(name: str) -> tuple[str, ...]:
        return tuple(sorted({str(row[name]) for row in rows if name in row}))

    directions = set(texts("direction"))
    statuses = [graph.label(row["status"].value) or "" for row in rows if "status" in row]
    return {
        "assertion": next((str(row["assertion"]) for row in rows if "assertion" in row), ""),
        "kind": terms.curie(kind),
        "label": graph.label(kind) or terms.curie(kind),
        "polarity": next(iter(texts("polarity")), "mmn:present").removeprefix("mmn:"),
        "scope": (graph.label(scope) or terms.curie(scope)) if scope else "",
        "status": _strongest(statuses),
        "derived": any("derived" in row for row in rows),
        "contested": {"mmn:supports", "mmn:disputes"} <= directions,
        "figures": tuple(text for row in rows if (text := _figure(graph, row))),
        "sources": texts("reference"),
    }


def _strongest(statuses: list[str]) -> str:
    """Return the best standing that any source gives an edge."""
    order = ("observed", "stated", "analogy", "hypothesis")
    return min(statuses, key=order.index, default="")


def _figure(graph: KnowledgeGraph, row: Row) -> str:
    if "count" in row and "total" in row and "percent" in row:
        return f"{row['percent']}% ({row['count']}/{row['total']})"
    if "percent" in row:
        return f"{row['percent']}%"
    unit = (graph.label(row["unit"].value) or "") if "unit" in row else ""
    unit = "" if unit == "pure number" else unit
    if "value" in row:
        return f"{row['value']} {unit}".strip()
    if "low" in row or "high" in row:
        ends = [str(row[end]) if end in row else "…" for end in ("low", "high")]
        return f"{ends[0]} to {ends[1]} {unit}".strip()
    return graph.label(row["band"].value) or "" if "band" in row else ""


# --- Formats ---------------------------------------------------------------------------------


def _flat(graph: networkx.MultiDiGraph) -> networkx.MultiDiGraph:
    """Return a copy whose attributes are plain texts, as GraphML and GEXF want them."""
    import networkx

    flat = networkx.MultiDiGraph(**graph.graph)
    for node, data in graph.nodes(data=True):
        flat.add_node(node, **data)
    for source, target, key, data in graph.edges(keys=True, data=True):
        plain = {n: "; ".join(v) if isinstance(v, tuple) else v for n, v in data.items()}
        flat.add_edge(source, target, key=key, **plain)
    return flat


def to_graphml(graph: networkx.MultiDiGraph) -> bytes:
    """Write a view as GraphML."""
    import networkx

    stream = io.BytesIO()
    networkx.write_graphml_xml(_flat(graph), stream, named_key_ids=True)
    return stream.getvalue()


def to_gexf(graph: networkx.MultiDiGraph) -> bytes:
    """Write a view as GEXF 1.2, without the date that networkx would put in."""
    import re

    import networkx

    flat = _flat(graph)
    for _, _, data in flat.edges(data=True):
        data["relation"] = data.pop("kind")  # GEXF keeps "kind" and "type" to itself
    stream = io.BytesIO()
    networkx.write_gexf(flat, stream, version="1.2draft")
    return re.sub(rb' lastmodifieddate="[^"]*"', b"", stream.getvalue())


def to_json(graph: networkx.MultiDiGraph) -> bytes:
    """Write a view as node-link JSON."""
    import networkx

    document = networkx.node_link_data(graph, edges="edges")
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def to_svg(graph: networkx.MultiDiGraph) -> bytes:
    """Draw a view as SVG: by Graphviz, else in plain layers."""
    from mmn_kg import drawing

    return drawing.svg(graph)


def to_png(graph: networkx.MultiDiGraph) -> bytes:
    """Draw a view as PNG; raise EnvironmentLacksError where there is no Graphviz."""
    from mmn_kg import drawing

    return drawing.png(graph)


#: File ending → writer.
WRITERS: Final[dict[str, Callable[[Any], bytes]]] = {
    ".graphml": to_graphml,
    ".gexf": to_gexf,
    ".json": to_json,
    ".svg": to_svg,
    ".png": to_png,
}


def check_format(suffix: str) -> None:
    """Raise ParameterError if a file ending names no format."""
    if suffix not in WRITERS:
        raise errors.ParameterError(f"no view format {suffix!r}: use {' '.join(WRITERS)} .html")


def render(graph: networkx.MultiDiGraph, suffix: str) -> bytes:
    """
    Write a view in the format of a file ending.

    Raises:
        ParameterError: The ending names no format.
    """
    check_format(suffix)
    return WRITERS[suffix](graph)
