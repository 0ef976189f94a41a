"""Write the page that opens from disk with no network: questions, answers and sources."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from html import escape
from importlib import resources
from string import Template

import mmn_kg
from mmn_kg import terms
from mmn_kg.answers import Answer, Cell
from mmn_kg.catalog import Query
from mmn_kg.store import KnowledgeGraph


def render(graph: KnowledgeGraph, answers: Sequence[tuple[Query, Answer]]) -> str:
    """
    Return the page as one self-contained HTML text.

    All text of the graph is escaped; the only addresses that become links are https ones to
    PubMed, DOI and the sources themselves.

    Args:
        graph: The graph, for labels and counts.
        answers: The questions and their answers, in the order of the page.
    """
    style = _asset("page.css")
    links = _links(graph)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return Template(_asset("page.html")).substitute(
        style=style,
        style_hash=digest,
        contents="\n".join(
            f'<li><a href="#{escape(query.name)}">{escape(query.summary)}</a></li>'
            for query, _ in answers
        ),
        sections="\n".join(_section(graph, links, query, answer) for query, answer in answers),
        version=escape(mmn_kg.__version__),
        triples=len(graph),
        **{name.lower() + "s": _count(graph, name) for name in ("Assertion", "Evidence", "Work")},
    )


def _asset(name: str) -> str:
    return (resources.files(__package__) / name).read_text(encoding="utf-8")


def _count(graph: KnowledgeGraph, class_name: str) -> str:
    rows = graph.select(
        f"SELECT (COUNT(?x) AS ?n) WHERE {{ ?x a <{terms.iri('mmn', class_name)}> }}"
    )
    return next(iter(rows))["n"]


def _links(graph: KnowledgeGraph) -> dict[str, str]:
    """Return reference → its short name, linked to where it can be read, the title as a hint."""
    answer = graph.select(
        f"""PREFIX mmn: <{terms.BASE}>
        SELECT ?reference ?title ?pmid ?doi ?url WHERE {{
          ?reference a mmn:Reference ; mmn:title ?title
          OPTIONAL {{ ?reference mmn:pmid ?pmid }}
          OPTIONAL {{ ?reference mmn:doi ?doi }}
          OPTIONAL {{ ?reference mmn:url ?url }} }}"""
    )
    links = {}
    for row in answer:
        name = escape(row["reference"].partition(":")[2])
        address = row.get("url", "")
        if "pmid" in row:
            address = f"https://pubmed.ncbi.nlm.nih.gov/{row['pmid']}/"
        elif "doi" in row:
            address = f"https://doi.org/{row['doi']}"
        title = escape(row["title"])
        if address.startswith("https://"):
            name = f'<a href="{escape(address)}" title="{title}">{name}</a>'
        links[terms.expand(row["reference"]) or ""] = name
    return links


def _section(graph: KnowledgeGraph, links: dict[str, str], query: Query, answer: Answer) -> str:
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in answer.columns)
    body = "\n".join(
        "<tr>"
        + "".join(
            _cell(graph, links, name, cell) for name, cell in zip(answer.columns, row, strict=True)
        )
        + "</tr>"
        for row in answer.rows
    )
    return (
        f'<section id="{escape(query.name)}" aria-labelledby="{escape(query.name)}-title">\n'
        f'<h2 id="{escape(query.name)}-title">{escape(query.summary)}</h2>\n'
        f'<div class="scroll" tabindex="0" role="region" aria-label="Answer"><table>\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table></div>\n</section>"
    )


def _cell(graph: KnowledgeGraph, links: dict[str, str], name: str, cell: Cell | None) -> str:
    if cell is None:
        return "<td></td>"
    if cell.value in links:
        return f"<td>{links[cell.value]}</td>"
    if cell.kind == "uri":
        text = graph.label(cell.value) or terms.curie(cell.value)
        return f"<td>{escape(text)}</td>"
    if name == "pmid" and cell.value.isdigit():
        address = f"https://pubmed.ncbi.nlm.nih.gov/{cell.value}/"
        return f'<td><a href="{address}">{cell.value}</a></td>'
    if cell.datatype and not cell.language:
        return f'<td class="number">{escape(cell.value)}</td>'
    return f"<td>{escape(cell.value)}</td>"
