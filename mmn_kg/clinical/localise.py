"""
Where is the lesion? The fewest lesions that explain what is weak and what is spared.

It teaches and informs. It is not medical advice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from mmn_kg.clinical import costs
from mmn_kg.clinical.costs import Finding, Reach
from mmn_kg.clinical.given import findings as read
from mmn_kg.clinical.lesions import NOTICE, Lesion, LesionTable
from mmn_kg.clinical.search import Found, Placed, search
from mmn_kg.clinical.settle import settle

if TYPE_CHECKING:
    from mmn_kg.store import KnowledgeGraph

#: How many explanations are told.
LIMIT: Final = 12
#: So many lesions of nerves are one process: several single nerves.
_SERIES: Final = 3


@dataclass(frozen=True, slots=True)
class Explanation:
    """
    One way to explain the findings.

    Attributes:
        rank: 1 for the cheapest; equal ranks are ties.
        cost: What it costs, in hundredths; see `costs`.
        lesions: The lesions with their side; one pattern where there is no focus.
        explains: Of each lesion, the weak findings that it weakens.
        unexplained: The weak findings that none does.
        contradicted_by: The spared findings that count against it.
        settled_by: CURIEs of the muscles that would best tell it from those it ties with.
    """

    rank: int
    cost: int
    lesions: tuple[Placed, ...]
    explains: tuple[tuple[Finding, ...], ...]
    unexplained: tuple[Finding, ...]
    contradicted_by: tuple[Finding, ...]
    settled_by: tuple[str, ...] = ()

    @property
    def focal(self) -> bool:
        """Tell whether it names places, not a pattern without a focus."""
        return all(placed.lesion.kind in costs.LESION for placed in self.lesions)

    @property
    def nerves(self) -> frozenset[tuple[str, str]]:
        """The whole nerves that it names, with their side."""
        return frozenset((p.lesion.nerve, p.side) for p in self.lesions if p.lesion.nerve)

    def to_dict(self) -> dict[str, Any]:
        """Return its part of the JSON of ``localise``."""
        several = self.focal and len(self.nerves) >= _SERIES
        return {
            "rank": self.rank,
            "cost": self.cost / 100,
            "kind": "multifocal" if several else self.lesions[0].lesion.kind,
            "lesions": [
                {
                    "site": placed.id,
                    "label": placed.lesion.label,
                    "kind": placed.lesion.kind,
                    "side": placed.side or None,
                    "explains": _curies(found),
                }
                for placed, found in zip(self.lesions, self.explains, strict=True)
            ],
            "unexplained": _curies(self.unexplained),
            "contradicted_by": _curies(self.contradicted_by),
            "settled_by": list(self.settled_by),
        }


@dataclass(frozen=True)
class Localisation:
    """
    What `localise` found.

    Attributes:
        findings: What was given, read.
        explanations: The cheapest first; equal ranks are ties.
        count: How many explanations there are within the margin, told or not.
        table: The table that it rests on.
    """

    findings: tuple[Finding, ...]
    explanations: tuple[Explanation, ...]
    count: int
    table: LesionTable

    @property
    def first(self) -> tuple[Explanation, ...]:
        """The explanations that tie for the first place."""
        return tuple(item for item in self.explanations if item.rank == 1)

    def why(self, lesion: Lesion, term: str) -> tuple[str, ...]:
        """Return the CURIEs of the claims by which a lesion weakens a muscle or numbs skin."""
        position = self.table.positions.get(term)
        if position is None:
            return ()
        return tuple(
            claim if ":" in claim else f"assertion:{claim}"
            for claim in (self.table.claims[i] for i in lesion.why.get(position, ()))
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON document of ``localise``."""
        from mmn_kg.clinical.pattern import pattern

        return {
            "weak": _curies(f for f in self.findings if f.weak),
            "spared": _curies(f for f in self.findings if not f.weak),
            "given": [
                {
                    "term": finding.term.id,
                    "label": finding.term.label,
                    "kind": finding.term.kind,
                    "side": finding.side or None,
                    "status": "weak" if finding.weak else "spared",
                    "partial": finding.partial,
                }
                for finding in self.findings
            ],
            "pattern": pattern(self),
            "explanations": [item.to_dict() for item in self.explanations],
            "explanations_in_all": self.count,
            "notice": NOTICE,
        }

    def to_text(self) -> str:
        """Return it for a reader."""
        from mmn_kg.clinical.render import render

        return render(self)


def localise(
    source: KnowledgeGraph | LesionTable | None = None,
    weak: Iterable[str] = (),
    spared: Iterable[str] = (),
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
    return locate(table, read(table, weak, spared), limit=limit)


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
    focal = all(placed.lesion.kind in costs.LESION for placed in found.lesions)
    reach: dict[str, Reach] = {}
    weak_sides = {f.side for f in findings if f.weak}
    for placed in found.lesions:
        everywhere = weak_sides if placed.lesion.roots else {"R", "L", ""}
        for side in {placed.side} if focal else everywhere:
            reach[side] = reach.get(side, Reach()) | Reach.of(placed.lesion)
    price = {id(f): costs.of_finding(f, reach.get(f.side, Reach()), table.terms) for f in findings}
    return Explanation(
        rank=rank,
        cost=found.cost,
        lesions=found.lesions,
        explains=tuple(
            tuple(
                f
                for f in findings
                if f.weak
                and (not focal or f.side == placed.side)
                and costs.of_finding(f, Reach.of(placed.lesion), table.terms) < costs.unexplained(f)
            )
            for placed in found.lesions
        ),
        unexplained=tuple(f for f in findings if f.weak and price[id(f)] >= costs.unexplained(f)),
        contradicted_by=tuple(f for f in findings if not f.weak and price[id(f)] > 0),
        settled_by=settled,
    )


def _curies(findings: Iterable[Finding]) -> list[str]:
    return list(dict.fromkeys(finding.term.id for finding in findings))
