"""
The data of the page: its sections by name, each made from the graph.

A script reads a section by ``page.data(name)``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from mmn_kg.explorer import anatomy, course, engine, pictures, questions, records
from mmn_kg.store import KnowledgeGraph

#: Name → what makes the section: anything that JSON holds.
SECTIONS: Final[dict[str, Callable[[KnowledgeGraph], object]]] = {
    "graph": records.section,
    "pictures": pictures.section,
    "questions": questions.section,
    "course": course.section,
    "anatomy": anatomy.section,
    "engine": engine.section,
}
