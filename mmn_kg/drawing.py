"""
Draw a view: by Graphviz's ``dot``, else in plain layers.

Graphviz comes with the package ``pygraphviz`` (extra ``pictures``) or from the system. It runs in
a child process under a timeout, since a dense graph can keep ``dot`` busy for minutes.
Shape and colour tell the kind of a node, the line style what an edge is; both are in the legend.
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
import textwrap
from typing import TYPE_CHECKING, Any, Final

from mmn_kg import errors

if TYPE_CHECKING:
    import networkx

#: Seconds that Graphviz gets for one picture.
TIMEOUT: Final = 20.0
#: How to get Graphviz, for messages.
HINT: Final = "pip install 'mmn-kg[pictures]', or install Graphviz"

#: Kind → shape and fill (light enough for black text).
STYLES: Final[dict[str, tuple[str, str]]] = {
    "Cell": ("ellipse", "#e3d5f0"),
    "Characteristic": ("note", "#eeeeee"),
    "CriteriaSet": ("tab", "#dfe8d0"),
    "Criterion": ("note", "#e8efdc"),
    "Disease": ("octagon", "#f6c9c4"),
    "Factor": ("cds", "#f3e3c3"),
    "FibreType": ("box3d", "#e9e2d0"),
    "Finding": ("box", "#fdf0b3"),
    "Guideline": ("folder", "#d9dfe8"),
    "Molecule": ("hexagon", "#cfe4f7"),
    "Movement": ("rarrow", "#e6f0d0"),
    "Muscle": ("house", "#f4d4c0"),
    "NerveSite": ("diamond", "#d2ecde"),
    "Nerve": ("box", "#bfe3d0"),
    "Outcome": ("box", "#f0f0e0"),
    "Process": ("ellipse", "#fbdcbb"),
    "Regimen": ("note", "#e0ecf4"),
    "Route": ("note", "#e6e6f2"),
    "Structure": ("component", "#d5e8e4"),
    "Study": ("tab", "#e4e4f4"),
    "Test": ("parallelogram", "#dcebdc"),
    "Treatment": ("box", "#c7d9f5"),
    "TreatmentTier": ("invhouse", "#9fbcec"),
}
#: Of a kind that has none.
DEFAULT_STYLE: Final = ("box", "#ffffff")
#: Relations whose object is drawn first, the arrow pointing back (a tier, then its treatments).
AGAINST_THE_FLOW: Final = {"mmn:hasTier", "mmn:arisesFrom"}
#: Relations whose scope is the disease that the whole view is about.
_SCOPE_IS_UNDERSTOOD: Final = {"mmn:hasTier", "mmn:improves", "mmn:predicts"}
#: Relations whose edge ends in a bar.
INHIBITING: Final = {"mmn:inhibits", "mmn:excludedBy", "mmn:advisesAgainst", "mmn:mayPrevent"}


def svg(graph: networkx.MultiDiGraph) -> bytes:
    """Draw a view as SVG."""
    found = _graphviz(to_dot(graph), "svg")
    return found if found is not None else _layers(graph).encode()


def png(graph: networkx.MultiDiGraph) -> bytes:
    """
    Draw a view as PNG.

    Raises:
        EnvironmentLacksError: There is no Graphviz, or it did not end in time.
    """
    found = _graphviz(to_dot(graph), "png")
    if found is None:
        raise errors.EnvironmentLacksError(f"a PNG needs Graphviz: {HINT}")
    return found


def has_graphviz() -> bool:
    """Tell whether Graphviz is there, as a package or on the path."""
    return _command("svg") is not None


def _command(format_: str) -> list[str] | None:
    """Return the command that turns Graphviz's language into a picture, or None."""
    if importlib.util.find_spec("pygraphviz") is not None:
        return [sys.executable, "-m", "mmn_kg.drawing", format_]
    program = shutil.which("dot")
    return None if program is None else [program, f"-T{format_}"]


def to_dot(graph: networkx.MultiDiGraph) -> str:
    """Write a view in Graphviz's language, in a fixed order."""
    direction = graph.graph.get("direction", "LR")
    lines = [
        "digraph view {",
        f'  graph [rankdir={direction} fontname="Helvetica" fontsize=18 labelloc=t nodesep=0.18 '
        f"ranksep=0.55 label={_quote(graph.graph.get('title', ''))}];",
        '  node [fontname="Helvetica" fontsize=12 style=filled margin="0.12,0.06"];',
        '  edge [fontname="Helvetica" fontsize=10 arrowsize=0.7];',
    ]
    ids = {node: f"n{number}" for number, node in enumerate(sorted(graph.nodes))}
    for node, data in sorted(graph.nodes(data=True)):
        shape, fill = STYLES.get(data["kind"], DEFAULT_STYLE)
        lines.append(
            f"  {ids[node]} [label={_quote(_wrap(data['label'], 22))} shape={shape} "
            f"fillcolor={_quote(fill)} tooltip={_quote(data['definition'])}];"
        )
    for source, target, data in sorted(graph.edges(data=True), key=_edge_key):
        ends = (target, source) if data["kind"] in AGAINST_THE_FLOW else (source, target)
        lines.append(f"  {ids[ends[0]]} -> {ids[ends[1]]} [{_edge_style(data)}];")
    lines += [*_legend(graph), "}"]
    return "\n".join(lines) + "\n"


def _edge_key(item: tuple[str, str, dict[str, Any]]) -> tuple[str, str, str, str]:
    return item[0], item[1], item[2]["kind"], item[2]["scope"]


def _edge_style(data: dict[str, Any]) -> str:
    label = data["label"]
    if data["figures"]:
        label += f"\n{_figures(data['figures'])}"
    if data["scope"] and data["kind"] not in _SCOPE_IS_UNDERSTOOD:
        against = "against " if data["kind"] == "mmn:favours" else ""
        label += f"\n({against}{data['scope']})"
    style, colour, head = "solid", "#333333", "normal"
    if data["status"] in {"hypothesis", "analogy"}:
        style, colour = "dashed", "#8a5a00"
    if data["derived"]:
        style, colour = "dotted", "#555555"
    if data["kind"] in INHIBITING:
        head = "tee"
    if data["polarity"] == "absent":
        style, colour, head = "dashed", "#b00020", "odot"
        label = f"not: {label}"
    if data["contested"]:
        label += "\n[contested]"
    back = "dir=back arrowtail=normal " if data["kind"] in AGAINST_THE_FLOW else ""
    return (
        f"{back}label={_quote(label)} style={style} color={_quote(colour)} "
        f"fontcolor={_quote(colour)} arrowhead={head}"
    )


def _figures(figures: tuple[str, ...]) -> str:
    """Show at most two figures on an edge, and say how many more there are."""
    unique = list(dict.fromkeys(figures))
    shown = ", ".join(unique[:2])
    return shown + (f" +{len(unique) - 2}" if len(unique) > 2 else "")


def _legend(graph: networkx.MultiDiGraph) -> list[str]:
    """Return the legend, one column of samples whichever way the view runs."""
    kinds = sorted({data["kind"] for _, data in graph.nodes(data=True)})
    rank = "rank=same; " if graph.graph.get("direction", "LR") == "LR" else ""
    lines = [
        "  subgraph cluster_legend {",
        '    label="Legend" fontsize=13 style=rounded color="#999999";',
    ]
    for number, kind in enumerate(kinds):
        shape, fill = STYLES.get(kind, DEFAULT_STYLE)
        lines.append(
            f"    k{number} [label={_quote(_words(kind))} shape={shape} fillcolor={_quote(fill)}];"
        )
    names = [f"k{number}" for number in range(len(kinds))]
    for number, (text, style) in enumerate(_samples(graph)):
        cell = f"l{number}"
        lines += [
            f"    {cell} [label={_quote(text)} shape=plaintext fillcolor=white];",
            f'    {cell}e [label="" shape=point width=0.05];',
            f"    {cell} -> {cell}e [{style}];",
        ]
        if rank:
            names.append(cell)
    chain = " -> ".join(names)
    return [*lines, f"    {{ {rank}{chain} [style=invis]; }}", "  }"]


def _samples(graph: networkx.MultiDiGraph) -> list[tuple[str, str]]:
    """Return a sample of each line style that the view uses."""
    data = [item for _, _, item in graph.edges(data=True)]
    found = [("stated or observed", 'style=solid color="#333333"')]
    if any(item["status"] in {"hypothesis", "analogy"} for item in data):
        found.append(("proposed, or by analogy", 'style=dashed color="#8a5a00"'))
    if any(item["polarity"] == "absent" for item in data):
        found.append(("does not hold", 'style=dashed color="#b00020" arrowhead=odot'))
    if any(item["derived"] for item in data):
        found.append(("derived by a rule", 'style=dotted color="#555555"'))
    if any(item["kind"] in INHIBITING for item in data):
        found.append(("inhibits or speaks against", 'style=solid color="#333333" arrowhead=tee'))
    return found


def _words(kind: str) -> str:
    return "".join(f" {char.lower()}" if char.isupper() else char for char in kind).strip()


def _wrap(text: str, width: int) -> str:
    return "\n".join(textwrap.wrap(text, width, break_long_words=False)) or text


def _quote(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _graphviz(dot: str, format_: str) -> bytes | None:
    """Run Graphviz in a child; None where there is none, or it fails or takes too long."""
    command = _command(format_)
    if command is None:
        return None
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter, or dot
            command, input=dot.encode(), capture_output=True, timeout=TIMEOUT, check=False
        )
    except subprocess.TimeoutExpired:
        return None
    return done.stdout if done.returncode == 0 and done.stdout else None


# --- Without Graphviz ------------------------------------------------------------------------


def _layers(graph: networkx.MultiDiGraph) -> str:
    """Draw in plain layers: what others point to comes further right."""
    from html import escape

    columns = _columns(graph)
    width, height, gap_x, gap_y = 210, 44, 90, 16
    place = {
        node: (20 + x * (width + gap_x), 60 + y * (height + gap_y))
        for x, column in enumerate(columns)
        for y, node in enumerate(column)
    }
    total_x = 40 + len(columns) * (width + gap_x)
    total_y = 90 + max((len(column) for column in columns), default=0) * (height + gap_y)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {total_x} {total_y}" '
        'font-family="Helvetica, sans-serif" font-size="12">',
        f'<rect width="{total_x}" height="{total_y}" fill="#ffffff"/>',
        f'<text x="20" y="30" font-size="18">{escape(graph.graph.get("title", ""))}</text>',
    ]
    for source, target, data in sorted(graph.edges(data=True), key=_edge_key):
        (x1, y1), (x2, y2) = place[source], place[target]
        absent = data["polarity"] == "absent"
        colour = "#b00020" if absent else "#777777"
        dash = ' stroke-dasharray="5 3"' if absent or data["derived"] or data["status"] else ""
        parts.append(
            f'<line x1="{x1 + width}" y1="{y1 + height / 2}" x2="{x2}" y2="{y2 + height / 2}" '
            f'stroke="{colour}"{dash}><title>{escape(data["label"])}</title></line>'
        )
    for node, (x, y) in place.items():
        data = graph.nodes[node]
        fill = STYLES.get(data["kind"], DEFAULT_STYLE)[1]
        rows = textwrap.wrap(data["label"], 30)[:2]
        spans = "".join(
            f'<tspan x="{x + 8}" dy="{0 if number == 0 else 15}">{escape(row)}</tspan>'
            for number, row in enumerate(rows)
        )
        parts.append(
            f'<g><rect x="{x}" y="{y}" width="{width}" height="{height}" rx="5" fill="{fill}" '
            f'stroke="#555555"/><text y="{y + 18}">{spans}</text>'
            f"<title>{escape(data['definition'])}</title></g>"
        )
    return "\n".join([*parts, "</svg>"]) + "\n"


def _columns(graph: networkx.MultiDiGraph) -> list[list[str]]:
    """Sort nodes into layers; nodes of one cycle share a layer."""
    import networkx

    condensed = networkx.condensation(networkx.DiGraph(graph))
    return [
        sorted(node for part in generation for node in condensed.nodes[part]["members"])
        for generation in networkx.topological_generations(condensed)
    ]


def main() -> None:
    """Lay out the text on standard input with pygraphviz (run as a child process)."""
    import pygraphviz

    picture = pygraphviz.AGraph(string=sys.stdin.read()).draw(format=sys.argv[1], prog="dot")
    sys.stdout.buffer.write(picture)


if __name__ == "__main__":
    main()
