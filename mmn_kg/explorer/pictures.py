"""The curated views, laid out."""

from __future__ import annotations

from typing import Any

from mmn_kg import views
from mmn_kg.store import KnowledgeGraph


def section(graph: KnowledgeGraph) -> dict[str, Any]:
    """Return the views by name, each with its title."""
    return {
        name: {"title": views.view(graph, name).graph["title"]}
        for name in views.names()
        if name != "whole"
    }
