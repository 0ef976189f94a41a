"""
Localise by brute force: every set of up to three lesions, priced as docs/clinical.md says.

It shares the table and the figures with the package, and none of its code: it is what the search is
compared with, in the tests for what it finds and in the benchmarks for how long it takes.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence

from mmn_kg.clinical import costs
from mmn_kg.clinical.costs import Finding
from mmn_kg.clinical.effects import LEVELS
from mmn_kg.clinical.lesions import Lesion, LesionTable, Term

#: A lesion on a side.
Sided = tuple[Lesion, str]
#: A cost, and the lesions by CURIE and side.
Priced = tuple[int, frozenset[tuple[str, str]]]


def brute(table: LesionTable, findings: Sequence[Finding], *, most: int = 3) -> set[Priced]:
    """
    Return all sets of lesions within the margin of the best one.

    A set that costs no less than one of its own parts is left out.

    Args:
        table: The lesion table.
        findings: What was found.
        most: The most lesions in a set.
    """
    places = relevant(table, findings)
    prices: dict[tuple[int, ...], int] = {}
    for size in range(most + 1):
        for chosen in itertools.combinations(range(len(places)), size):
            prices[chosen] = price(table, findings, [places[i] for i in chosen])
    best = min(prices.values())
    return {
        (cost, frozenset((places[i][0].id, places[i][1]) for i in chosen))
        for chosen, cost in prices.items()
        if cost <= best + costs.MARGIN
        and all(prices[chosen[:i] + chosen[i + 1 :]] > cost for i in range(len(chosen)))
    }


def relevant(table: LesionTable, findings: Sequence[Finding]) -> list[Sided]:
    """Return the lesions that bear on a weak finding; others are never needed."""
    found = []
    for side in sorted({finding.side for finding in findings}):
        weak = [f.term for f in findings if f.weak and f.side == side]
        names = {name for term in weak for name in (term.id, *term.any)}
        movers = {m for term in weak for group, _ in _ways(table, term) for m in group}
        for lesion in table.lesions:
            taken = {position for positions in lesion.takes.values() for position in positions}
            if taken & movers or names & set(lesion.also):
                found.append((lesion, side))
    return found


def price(table: LesionTable, findings: Sequence[Finding], chosen: Sequence[Sided]) -> int:
    """Return what lesions and findings cost together."""
    total = 0
    for lesion, _ in chosen:
        total += costs.LESION[lesion.kind] + (0 if lesion.described else costs.UNDESCRIBED)
    for finding in findings:
        there = [lesion for lesion, side in chosen if side == finding.side]
        if finding.weak:
            total += _weak(table, finding.term, there, finding.partial)
        else:
            weak = [f for f in findings if f.weak and f.side == finding.side]
            mild = bool(weak) and all(f.partial for f in weak)
            total += _spared(table, finding.term, there, mild)
    return total


def _levels(lesions: Iterable[Lesion], position: int) -> list[int]:
    return [
        LEVELS.index(level)
        for lesion in lesions
        for level, positions in lesion.takes.items()
        if position in positions
    ]


def _weak(table: LesionTable, term: Term, lesions: list[Lesion], partial: bool) -> int:
    ways = [costs.UNEXPLAINED_PARTIAL if partial else costs.UNEXPLAINED]
    if {term.id, *term.any} & {name for lesion in lesions for name in lesion.also}:
        ways.append(costs.ALSO)
    for movers, needs_all in _ways(table, term):
        levels = [_levels(lesions, mover) for mover in movers]
        if all(levels) or (any(levels) and not needs_all):
            figures = costs.WEAK_PARTIAL if partial else costs.WEAK
            sums = [min(figures[x] for x in found) if found else None for found in levels]
            ways.append(sum(costs.MISSING_MOVER if s is None else s for s in sums) // len(sums))
    return min(ways)


def _ways(table: LesionTable, term: Term) -> Iterator[tuple[tuple[int, ...], bool]]:
    """Yield the groups of main movers through which a term is weak."""
    if not term.any:
        yield term.main, False
    for way in term.any:
        yield table.terms[way].main, term.together


def _spared(table: LesionTable, term: Term, lesions: list[Lesion], mild: bool) -> int:
    figures = costs.SPARED_PARTIAL if mild else costs.SPARED
    worst = 0
    for way in [table.terms[name] for name in term.any] or [term]:
        levels = [_levels(lesions, mover) for mover in way.main]
        losses = [max((figures[x] for x in found), default=0) for found in levels]
        cost = sum(losses) * sum(map(bool, losses)) // len(levels) ** 2
        if not all(_levels(lesions, helper) for helper in way.accessory):
            cost //= 2
        worst = max(worst, cost)
    return worst
