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
from mmn_kg.clinical.lesions import Lesion, LesionTable, Term

_LEAST: Final = min(costs.LESION.values())
#: More ties of one form than these are not spelled out.
_ENOUGH: Final = 20_000


@dataclass(frozen=True, slots=True)
class Placed:
    """A lesion on a side; the order is that in which ties are told."""

    territory: int
    id: str
    side: str
    lesion: Lesion


@dataclass(frozen=True, slots=True)
class Found:
    """A set of lesions and what it costs, findings included."""

    cost: int
    lesions: tuple[Placed, ...]

    @property
    def order(self) -> tuple[int, list[tuple[int, str, str]]]:
        """The key by which explanations are told: cost, then the smaller territory."""
        return self.cost, [(x.territory, x.id, x.side) for x in self.lesions]


@dataclass(slots=True)
class _Group:
    """Places that do the same to all that was given."""

    cost: int
    reach: Reach
    places: list[Placed]


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
        _Part(table, reaches, side, some, partial_side=side in partial).best(most)
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
    return term.id in reach.also or _mask(term, terms) & reach.any != 0


class _Part:
    """The search among the places of one side that can touch some findings."""

    def __init__(
        self,
        table: LesionTable,
        reaches: Sequence[Reach],
        side: str,
        findings: list[Finding],
        *,
        partial_side: bool,
    ) -> None:
        self.findings = findings
        self.terms = table.terms
        self.partial_side = partial_side
        self.weak = [f for f in findings if f.weak]
        self.spared = [f for f in findings if not f.weak]
        relevant = 0
        for finding in findings:
            relevant |= _mask(finding.term, table.terms)
        given = frozenset(x for f in findings for x in (f.term.id, *f.term.any))
        cut = [reach.within(relevant, given) for reach in reaches]
        self.groups = self._grouped(table, side, cut)

    def _grouped(self, table: LesionTable, side: str, reaches: Sequence[Reach]) -> list[_Group]:
        found: dict[tuple[object, ...], _Group] = {}
        for lesion, reach in zip(table.lesions, reaches, strict=True):
            if not any(self._bears(finding, reach) for finding in self.weak):
                continue
            cost = costs.of_lesion(lesion)
            placed = Placed(sum(map(len, lesion.takes.values())), lesion.id, side, lesion)
            group = found.setdefault((cost, reach.masks, reach.also), _Group(cost, reach, []))
            group.places.append(placed)
        return list(found.values())

    def _bears(self, finding: Finding, reach: Reach) -> bool:
        """Tell whether a place, alone or with others, can weaken a finding."""
        names = {finding.term.id, *finding.term.any}
        return bool(costs.mask_of(finding.term, self.terms) & reach.any or names & reach.also)

    def _of(self, finding: Finding, reach: Reach) -> int:
        return costs.of_finding(finding, reach, self.terms, partial_side=self.partial_side)

    def _all(self, reach: Reach) -> int:
        return sum(self._of(finding, reach) for finding in self.findings)

    def _least(self, reach: Reach) -> int:
        """Return what the spared findings cost: more lesions never make it less."""
        return sum(self._of(finding, reach) for finding in self.spared)

    def best(self, most: int) -> list[list[tuple[int, tuple[_Group, ...]]]]:
        """Return by number of lesions the sets that can be part of a best one."""
        everything = Reach()
        for group in self.groups:
            everything |= group.reach
        floor = sum(self._of(finding, everything) for finding in self.weak)
        found: list[list[tuple[int, tuple[_Group, ...]]]] = [[(self._all(Reach()), ())]]
        self.limit = found[0][0][0] + costs.MARGIN
        for size in range(1, most + 1):
            sets: list[tuple[int, tuple[_Group, ...]]] = []
            self._extend(sets, (), Reach(), 0, 0, size, floor)
            found.append([item for item in sets if item[0] <= self.limit])
        return found

    def _extend(
        self,
        sets: list[tuple[int, tuple[_Group, ...]]],
        chosen: tuple[_Group, ...],
        reach: Reach,
        cost: int,
        start: int,
        left: int,
        floor: int,
    ) -> None:
        for index in range(start, len(self.groups)):
            group = self.groups[index]
            paid = cost + group.cost
            if paid + (left - 1) * _LEAST + floor > self.limit:
                continue
            both = reach | group.reach
            if left > 1:
                if paid + (left - 1) * _LEAST + floor + self._least(both) <= self.limit:
                    self._extend(sets, (*chosen, group), both, paid, index + 1, left - 1, floor)
                continue
            total = paid + self._all(both)
            if total <= self.limit and self._needed((*chosen, group), total):
                sets.append((total, (*chosen, group)))
                self.limit = min(self.limit, total + costs.MARGIN)

    def _needed(self, groups: tuple[_Group, ...], total: int) -> bool:
        """Tell whether each lesion is needed: without it the set costs more."""
        if len(groups) == 1:
            return total < self._all(Reach())
        for left_out in groups:
            reach, cost = Reach(), 0
            for group in groups:
                if group is not left_out:
                    reach |= group.reach
                    cost += group.cost
            if cost + self._all(reach) <= total:
                return False
        return True


def _mask(term: Term, terms: dict[str, Term]) -> int:
    """Return the mask of all that bears on a term, accessory movers too."""
    found = sum(1 << position for position in {*term.main, *term.accessory})
    for way in term.any:
        found |= _mask(terms[way], terms)
    return found


class _Joined:
    """The sets of all parts put together."""

    def __init__(
        self, parts: list[list[list[tuple[int, tuple[_Group, ...]]]]], total: int | None
    ) -> None:
        flat = [
            [(size, cost, groups) for size, sets in enumerate(part) for cost, groups in sets]
            for part in parts
        ]
        best = min(
            sum(cost for _, cost in combination)
            for combination in itertools.product(*(self._cheapest(part) for part in flat))
            if total is None or sum(size for size, _ in combination) <= total
        )
        self.sets: list[tuple[int, tuple[_Group, ...]]] = []
        self._collect(flat, 0, (), 0, 0, best + costs.MARGIN, total)
        self.counts: dict[int, int] = {}
        for cost, groups in self.sets:
            self.counts[cost] = self.counts.get(cost, 0) + _product(groups)

    @staticmethod
    def _cheapest(part: list[tuple[int, int, tuple[_Group, ...]]]) -> list[tuple[int, int]]:
        found: dict[int, int] = {}
        for size, cost, _ in part:
            found[size] = min(cost, found.get(size, cost))
        return list(found.items())

    def _collect(
        self,
        flat: list[list[tuple[int, int, tuple[_Group, ...]]]],
        index: int,
        groups: tuple[_Group, ...],
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


def _cost(item: tuple[int, tuple[_Group, ...]]) -> int:
    return item[0]


def _place(placed: Placed) -> tuple[int, str, str]:
    return placed.territory, placed.id, placed.side


def _product(groups: tuple[_Group, ...]) -> int:
    found = 1
    for group in groups:
        found *= len(group.places)
    return found
