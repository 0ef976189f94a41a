"""
Where is the lesion? The fewest lesions that explain what is weak and what is spared.

It teaches and informs. It is not medical advice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from mmn_kg.clinical import costs
from mmn_kg.clinical.costs import Finding, Reach
from mmn_kg.clinical.given import findings as read
from mmn_kg.clinical.lesions import LesionTable
from mmn_kg.clinical.localisation import Explanation, Localisation
from mmn_kg.clinical.part import Placed
from mmn_kg.clinical.search import Found, search
from mmn_kg.clinical.settle import settle

if TYPE_CHECKING:
    from mmn_kg.store import KnowledgeGraph

#: How many explanations are told.
LIMIT: Final = 12
_SIDES: Final = ("R", "L", "")


def localise(
    source: KnowledgeGraph | LesionTable | None = None,
    weak: Iterable[str] | str = (),
    spared: Iterable[str] | str = (),
    *,
    limit: int = LIMIT,
) -> Localisation:
    """
    Find the fewest lesions that explain a pattern of weakness.

    It teaches and informs. It is not medical advice.

    Args:
        source: The lesion table, a graph to compute it from, or None for the shipped table.
        weak: Muscles, movements, signs or (numb) areas of skin, by CURIE, IRI, label, synonym or
            HPO id, each with an optional side (``R.``, ``L.``, ``right …``, ``left …``) and grade
            (``=4``, ``=partial``).
        spared: The same, without grades.
        limit: How many explanations to tell.

    Raises:
        UnknownTermError: A term is unknown, or is none of these.
        ParameterError: Nothing is weak, a term is weak and spared on one side, too many terms.

    Example:
        >>> found = localise(
        ...     weak=["finger extension", "radial thumb abduction"],
        ...     spared=["brachioradialis", "ECRL"],
        ... )
        >>> found.explanations[0].lesions[0].lesion.label
        'deep branch of radial nerve at radial tunnel'
    """
    if source is None:
        table = LesionTable.shipped()
    elif isinstance(source, LesionTable):
        table = source
    else:
        table = LesionTable.of(source)
    given = [[text] if isinstance(text, str) else text for text in (weak, spared)]
    return locate(table, read(table, *given), limit=limit)


def locate(table: LesionTable, findings: Sequence[Finding], *, limit: int = LIMIT) -> Localisation:
    """Find the explanations of findings that have been read."""
    focal, counts = search(table, findings, limit=max(limit, LIMIT))
    named = [item for item in focal if item.lesions]
    every = [*named, *_patterns(table, findings, named)]
    every.sort(key=lambda item: item.cost)
    best = every[0].cost
    every = [item for item in every if item.cost <= best + costs.MARGIN]
    count = sum(n for cost, n in counts.items() if cost <= best + costs.MARGIN)
    count += sum(item.lesions[0].lesion.kind not in costs.LESION for item in every)
    count -= len(focal) - len(named)
    told = every[:limit]
    ties = [item.lesions for item in told if item.cost == best]
    others = [item.lesions for item in told if item.cost > best]
    settled = settle(table, findings, ties, others)
    ranks = _ranks([item.cost for item in told])
    return Localisation(
        findings=tuple(findings),
        explanations=tuple(
            _explanation(table, findings, item, rank, settled if rank == 1 else ())
            for item, rank in zip(told, ranks, strict=True)
        ),
        count=max(count, len(told)),
        table=table,
    )


def _patterns(
    table: LesionTable, findings: Sequence[Finding], focal: Sequence[Found]
) -> list[Found]:
    """Return each pattern without a focus once, at its cheapest."""
    series = 0
    if focal:
        nerves = {(p.lesion.nerve, p.side) for p in focal[0].lesions if p.lesion.nerve}
        series = costs.SERIES[min(len(nerves), len(costs.SERIES) - 1)]
    one_nerve = _one_nerve_a_side(table, findings)
    found: dict[str, Found] = {}
    for pattern in table.patterns:
        cost = series + costs.of_pattern(pattern, findings, table.terms, one_nerve_a_side=one_nerve)
        known = found.get(pattern.id)
        if known is None or cost < known.cost:
            found[pattern.id] = Found(cost, (Placed(0, pattern.id, "", pattern),))
    return [found[key] for key in sorted(found)]


def _one_nerve_a_side(table: LesionTable, findings: Sequence[Finding]) -> bool:
    """Tell whether on each side one lesion of a nerve leaves no weak finding unexplained."""
    nerves = [Reach.of(lesion) for lesion in table.lesions if lesion.nerve]
    for side in {finding.side for finding in findings if finding.weak}:
        weak = [f for f in findings if f.weak and f.side == side]
        if not any(
            all(costs.of_finding(f, r, table.terms) < costs.unexplained(f) for f in weak)
            for r in nerves
        ):
            return False
    return True


def _ranks(prices: Sequence[int]) -> list[int]:
    """Return the ranks of sorted costs, from 1; equal ones get the same."""
    return [prices.index(price) + 1 for price in prices]


def _explanation(
    table: LesionTable,
    findings: Sequence[Finding],
    found: Found,
    rank: int,
    settled: tuple[str, ...],
) -> Explanation:
    lesions = tuple(sorted(found.lesions, key=lambda placed: _SIDES.index(placed.side)))
    weak_sides = {f.side for f in findings if f.weak}
    reaches = [(Reach.of(placed.lesion), _acts_on(placed, weak_sides)) for placed in lesions]

    def price(finding: Finding, some: Sequence[tuple[Reach, set[str]]]) -> int:
        together = Reach()
        for reach, sides in some:
            together = together | reach if finding.side in sides else together
        return costs.of_finding(finding, together, table.terms)

    explained = [f for f in findings if f.weak and price(f, reaches) < costs.unexplained(f)]
    alone = [[f for f in explained if price(f, [one]) < costs.unexplained(f)] for one in reaches]
    jointly = [f for f in explained if not any(f in some for some in alone)]
    return Explanation(
        rank=rank,
        cost=found.cost,
        lesions=lesions,
        explains=tuple(
            tuple(f for f in explained if f in some or (f in jointly and f.side in sides))
            for some, (_, sides) in zip(alone, reaches, strict=True)
        ),
        unexplained=tuple(f for f in findings if f.weak and f not in explained),
        contradicted_by=tuple(f for f in findings if not f.weak and price(f, reaches) > 0),
        settled_by=settled,
    )


def _acts_on(placed: Placed, weak_sides: set[str]) -> set[str]:
    """Return the sides whose findings a lesion or pattern bears on."""
    if placed.lesion.kind in costs.LESION and not placed.lesion.roots:
        return {placed.side}
    return weak_sides if placed.lesion.roots else set(_SIDES)
