"""
Assemble the page that opens from disk with no network: one HTML file with data, style and scripts.

Its policy lets nothing in from outside. The data stand in it as JSON that no markup can end; the
scripts show every text as text.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Collection
from html import escape
from importlib import resources
from string import Template
from typing import Final

import mmn_kg
from mmn_kg import errors, terms
from mmn_kg.explorer import data, pictures
from mmn_kg.store import KnowledgeGraph

#: The style sheets, in the order of the cascade.
STYLES: Final = ("base", "picture", "details", "panels", "ask", "course", "lesion", "print")
#: The scripts, in the order in which they run; ``start`` comes last.
SCRIPTS: Final = (
    "core",
    "table",
    "graph",
    "details",
    "shapes",
    "filter",
    "picture",
    "search",
    "views",
    "story",
    "compare",
    "explore",
    "path",
    "packing",
    "cells",
    "answer-table",
    "inspect",
    "engine",
    "ask",
    "course",
    "lesion-costs",
    "localise",
    "limb",
    "lesion",
    "reference",
    "about",
    "start",
)
#: The panels beside the pictures of the views; their scripts register them.
PANELS: Final = (
    *("story", "compare", "explore", "path", "ask", "course", "lesion", "reference", "about"),
)
#: The policy; the hashes let in our own style and script and nothing else. The worker and
#: WebAssembly are for the query engine, which is part of the page.
_POLICY: Final = (
    "default-src 'none'; style-src '{style}'; script-src '{script}' 'wasm-unsafe-eval'; "
    "worker-src blob:; base-uri 'none'; form-action 'none'"
)


def render(graph: KnowledgeGraph, *, start: str = "", leave_out: Collection[str] = ()) -> str:
    """
    Return the page as one self-contained HTML text.

    Args:
        graph: The graph, with the user's own files merged in or not.
        start: The panel to open first, such as ``mechanism``; "" for the first of all.
        leave_out: Sections of the data to do without: ``engine`` saves more than half of the page.
    """
    style = "\n".join(_asset(f"style/{name}.css") for name in STYLES)
    script = "\n".join(_asset(f"scripts/{name}.js") for name in SCRIPTS)
    policy = _POLICY.format(style=_hash(style), script=_hash(script))
    return Template(_asset("page.html")).substitute(
        start=escape(start),
        policy=escape(policy, quote=False),
        style=style,
        script=script,
        data="\n".join(
            _block(name, section(graph))
            for name, section in data.SECTIONS.items()
            if name not in leave_out
        ),
        version=escape(mmn_kg.__version__),
        counts=", ".join(
            f"{_count(graph, name):,} {words}"
            for name, words in (
                ("Assertion", "assertions"),
                ("Evidence", "pieces of evidence"),
                ("Work", "works"),
            )
        ),
    )


def check_panel(name: str) -> None:
    """Raise UnknownQuestionError if the page has no panel of that name."""
    known = (*pictures.names(), *PANELS)
    if name not in known:
        raise errors.UnknownQuestionError(f"no panel {name!r}: choose from {', '.join(known)}")


def to_json(value: object) -> str:
    r"""
    Write JSON that may stand inside a script element: no text in it can end the element.

    >>> to_json({"label": "</script>"})
    '{"label":"\\u003c/script>"}'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _block(name: str, value: object) -> str:
    return f'<script type="application/json" id="data-{name}">{to_json(value)}</script>'


def _asset(name: str) -> str:
    return (resources.files(__package__) / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _count(graph: KnowledgeGraph, class_name: str) -> int:
    rows = graph.select(
        f"SELECT (COUNT(?x) AS ?n) WHERE {{ ?x a <{terms.iri('mmn', class_name)}> }}"
    )
    return int(next(iter(rows))["n"])
