"""
A knowledge graph of multifocal motor neuropathy (MMN): every edge with its evidence.

Only the names in ``__all__`` are public; each is imported when it is first used.

Example:
    >>> import mmn_kg
    >>> kg = mmn_kg.load()
    >>> nerves = mmn_kg.answer(kg, "affected-nerves")
    >>> "mmn:UlnarNerve" in {row["nerve"] for row in nerves}
    True

It teaches and informs. It is not medical advice.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mmn_kg.answers import Answer
    from mmn_kg.catalog import questions
    from mmn_kg.clinical.case import Case, read_case
    from mmn_kg.clinical.lesions import LesionTable
    from mmn_kg.clinical.localisation import Localisation
    from mmn_kg.clinical.localise import localise
    from mmn_kg.clinical.rank import rank
    from mmn_kg.clinical.ranking import Ranking
    from mmn_kg.errors import MmnError
    from mmn_kg.explain import explain_terms
    from mmn_kg.export import export_graph
    from mmn_kg.query import answer
    from mmn_kg.reason import classify, infer
    from mmn_kg.store import KnowledgeGraph, load
    from mmn_kg.tour import take_tour
    from mmn_kg.validate import Report, check
    from mmn_kg.views import view

__version__ = "0.1.0"

__all__ = [
    "Answer",
    "Case",
    "KnowledgeGraph",
    "LesionTable",
    "Localisation",
    "MmnError",
    "Ranking",
    "Report",
    "answer",
    "check",
    "classify",
    "explain_terms",
    "export_graph",
    "infer",
    "load",
    "localise",
    "questions",
    "rank",
    "read_case",
    "take_tour",
    "view",
]

_HOMES = {
    "Answer": "answers",
    "Case": "clinical.case",
    "KnowledgeGraph": "store",
    "LesionTable": "clinical.lesions",
    "Localisation": "clinical.localisation",
    "MmnError": "errors",
    "Ranking": "clinical.ranking",
    "Report": "validate",
    "answer": "query",
    "check": "validate",
    "classify": "reason",
    "explain_terms": "explain",
    "export_graph": "export",
    "infer": "reason",
    "load": "store",
    "localise": "clinical.localise",
    "questions": "catalog",
    "rank": "clinical.rank",
    "read_case": "clinical.case",
    "take_tour": "tour",
    "view": "views",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(importlib.import_module(f"mmn_kg.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'mmn_kg' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
