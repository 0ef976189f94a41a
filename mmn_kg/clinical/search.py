"""
The exact search for the fewest lesions: all sets of up to three a limb, by branch and bound.

Findings that no place can join (the two sides, arm and leg) are searched apart and put together
afterwards. Places that do the same to all that was given are searched as one.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from mmn_kg.clinical import costs
from mmn_kg.clinical.costs import Finding, Reach
from mmn_kg.clinical.lesions import LesionTable, Term
from mmn_kg.clinical.part import Group, Part, Placed, Priced, bearing

#: More ties of one form than these are not spelled out.
_ENOUGH: Final = 20_000


@dataclass(frozen=True, slots=True)
class Found:
    """A set of lesions and what it costs, findings included."""

    cost: int
    lesions: tuple[Placed, ...]

    @property
    def order(self) -> tuple[int, list[tuple[int, str, str]]]:
        """The key by which explanations are told: cost, then the smaller territory."""
        return self.cost, [(x.territory, x.id, x.side) for x in self.lesions]


def search(
    table: LesionTable,
    findings: Sequence[Finding],
    *,
    most: int = 3,
    total: int | None = None,
    limit: int = 20,
) -> tuple[list[Found], dict[int, int]]:
    """
    Find all sets of lesions that cost no more than the best one and `costs.MARGIN`.

    A set holds no lesion that could be left out without a higher cost.

    Args:
        table: The lesion table.
        findings: What was found.
        most: The most lesions in one limb.
        total: The most lesions in all, where there is a limit.
        limit: How many sets to return.

    Returns:
        The first sets, the cheapest first, and how many there are by cost.
    """
    partial = costs.partial_sides(findings)
    reaches = [Reach.of(lesion) for lesion in table.lesions]
    parts = [
        Part(table, reaches, side, some, partial_side=side in partial).best(most)
        for side, some in _components(table, reaches, findings)
    ]
    joined = _Joined(parts, total)
    return joined.first(limit), joined.counts


def _components(
    table: LesionTable, reaches: Sequence[Reach], findings: Sequence[Finding]
) -> Iterator[tuple[str, list[Finding]]]:
    """Yield the findings of each side that some place can join."""
    for side in ("R", "L", ""):
        groups: list[tuple[set[int], list[Finding]]] = []
        for finding in (f for f in findings if f.side == side):
            touched = {
                i for i, reach in enumerate(reaches) if _touches(finding.term, table.terms, reach)
            }
            joined = [finding]
            rest = []
            for places, some in groups:
                if places & touched:
                    touched |= places
                    joined = some + joined
                else:
                    rest.append((places, some))
            groups = [*rest, (touched, joined)]
        for _, some in groups:
            yield side, some


def _touches(term: Term, terms: dict[str, Term], reach: Reach) -> bool:
    return term.id in reach.also or bearing(term, terms) & reach.any != 0


class _Joined:
    """The sets of all parts put together."""

    def __init__(self, parts: list[list[list[Priced]]], total: int | None) -> None:
        flat = [
            [(size, cost, groups) for size, sets in enumerate(part) for cost, groups in sets]
            for part in parts
        ]
        best = min(
            sum(cost for _, cost in combination)
            for combination in itertools.product(*(self._cheapest(part) for part in flat))
            if total is None or sum(size for size, _ in combination) <= total
        )
        self.sets: list[Priced] = []
        self._collect(flat, 0, (), 0, 0, best + costs.MARGIN, total)
        self.counts: dict[int, int] = {}
        for cost, groups in self.sets:
            self.counts[cost] = self.counts.get(cost, 0) + _product(groups)

    @staticmethod
    def _cheapest(part: list[tuple[int, int, tuple[Group, ...]]]) -> list[tuple[int, int]]:
        found: dict[int, int] = {}
        for size, cost, _ in part:
            found[size] = min(cost, found.get(size, cost))
        return list(found.items())

    def _collect(
        self,
        flat: list[list[tuple[int, int, tuple[Group, ...]]]],
        index: int,
        groups: tuple[Group, ...],
        size: int,
        cost: int,
        limit: int,
        total: int | None,
    ) -> None:
        if index == len(flat):
            self.sets.append((cost, groups))
            return
        rest = sum(min(c for _, c, _ in part) for part in flat[index + 1 :])
        for more, price, some in flat[index]:
            if cost + price + rest <= limit and (total is None or size + more <= total):
                self._collect(
                    flat, index + 1, groups + some, size + more, cost + price, limit, total
                )

    def first(self, limit: int) -> list[Found]:
        """Return the first sets by cost and order."""
        found: list[Found] = []
        for _, same in itertools.groupby(sorted(self.sets, key=_cost), key=_cost):
            if len(found) >= limit:
                break
            tied = [
                Found(cost, tuple(sorted(places, key=_place)))
                for cost, groups in same
                for places in itertools.islice(
                    itertools.product(*(sorted(g.places, key=_place)[:limit] for g in groups)),
                    _ENOUGH,
                )
            ]
            found.extend(sorted(tied, key=lambda item: item.order))
        return found[:limit]


def _cost(item: Priced) -> int:
    return item[0]


def _place(placed: Placed) -> tuple[int, str, str]:
    return placed.territory, placed.id, placed.side


def _product(groups: tuple[Group, ...]) -> int:
    found = 1
    for group in groups:
        found *= len(group.places)
    return found
