"""Oxigraph's WebAssembly build and the graph itself, packed for the page."""

from __future__ import annotations

import re
from importlib import resources
from typing import Final

from mmn_kg.explorer.packing import pack
from mmn_kg.store import KnowledgeGraph

#: The last lines of the vendored script: a worker made from a text is no module.
_EXPORT: Final = re.compile(r"^export (?=class|function|async)|^export \{[^}]*\};?$", re.MULTILINE)
#: The one address that only a module knows; the worker hands the bytes over instead.
_ADDRESS: Final = "new URL('web_bg.wasm', import.meta.url)"


def section(graph: KnowledgeGraph) -> dict[str, str]:
    """
    Return ``{"script", "program", "graph"}``: the worker's text, the engine, and the Turtle.

    Each is packed (`packing.pack`).
    """
    folder = resources.files(__package__)
    vendored = (folder / "vendor" / "oxigraph.js").read_text(encoding="utf-8")
    worker = (folder / "workers" / "sparql.js").read_text(encoding="utf-8")
    return {
        "script": pack((_as_script(vendored) + worker).encode("utf-8")),
        "program": pack((folder / "vendor" / "oxigraph.wasm").read_bytes()),
        "graph": pack(graph.to_turtle()),
    }


def _as_script(module: str) -> str:
    """Turn the vendored module into a plain script."""
    return _EXPORT.sub("", module).replace(_ADDRESS, "undefined")
