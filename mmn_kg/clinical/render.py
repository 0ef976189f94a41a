"""A localisation as text for a reader."""

from __future__ import annotations

from collections.abc import Iterator

from mmn_kg.clinical.costs import Finding
from mmn_kg.clinical.lesions import NOTICE
from mmn_kg.clinical.localisation import Explanation, Localisation
from mmn_kg.clinical.part import Placed
from mmn_kg.clinical.pattern import pattern


def render(found: Localisation) -> str:
    """Return the text."""
    return "\n".join(_lines(found))


def _lines(found: Localisation) -> Iterator[str]:
    for word, weak in (("weak", True), ("spared", False)):
        shown = ", ".join(_named(f) for f in found.findings if f.weak is weak)
        if shown:
            yield f"{word}: {shown}"
    yield ""
    ranks = [item.rank for item in found.explanations]
    for item in found.explanations:
        yield from _explanation(item, tied=ranks.count(item.rank) > 1)
    if found.count > len(found.explanations):
        yield f"and {found.count - len(found.explanations)} more explanations of like cost"
    if settled := (found.first[0].settled_by if found.first else ()):
        labels = ", ".join(found.table.terms[id_].label for id_ in settled)
        yield f"the tie would best be settled by: {labels}"
    decided = pattern(found)
    yield f"pattern: {decided or 'not decided'}"
    yield NOTICE


def _explanation(item: Explanation, *, tied: bool) -> Iterator[str]:
    places = " and ".join(_place(placed) for placed in item.lesions)
    mark = "=" if tied else " "
    yield f"{item.rank:>2}{mark} {places}  (cost {item.cost / 100:g})"
    for placed, explained in zip(item.lesions, item.explains, strict=True):
        if len(item.lesions) > 1:
            yield f"      {_place(placed)}: {', '.join(_named(f) for f in explained)}"
    if item.unexplained:
        yield f"      unexplained: {', '.join(_named(f) for f in item.unexplained)}"
    if item.contradicted_by:
        yield f"      against it: {', '.join(_named(f) for f in item.contradicted_by)} spared"


def _place(placed: Placed) -> str:
    side = f"{placed.side}. " if placed.side else ""
    return f"{side}{placed.lesion.label} [{placed.lesion.kind}]"


def _named(finding: Finding) -> str:
    side = f"{finding.side}. " if finding.side else ""
    return f"{side}{finding.term.label}{' (partly)' if finding.partial else ''}"
