"""
Branch and bound among the places of one side and limb.

A set of lesions never costs less than what its lesions cost, what the spared findings below them
cost (more lesions only add to it), and what the weak findings cost that none of its lesions bears
on. Places are tried in the order of how much they can explain, so that the bound soon bites.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from mmn_kg.clinical import costs
from mmn_kg.clinical.costs import Finding, Reach
from mmn_kg.clinical.lesions import Lesion, LesionTable, Term

_LEAST: Final = min(costs.LESION.values())


@dataclass(frozen=True, slots=True)
class Placed:
    """A lesion on a side; the order is that in which ties are told."""

    territory: int
    id: str
    side: str
    lesion: Lesion


@dataclass(slots=True)
class Group:
    """
    Places that do the same to all that was given.

    Attributes:
        cost: What one of them costs.
        reach: What each takes of what matters here.
        bears: The mask of the weak findings that it can help to explain.
        hope: The most that it can save.
        places: The places.
    """

    cost: int
    reach: Reach
    bears: int
    hope: int
    places: list[Placed] = field(default_factory=list)


#: Groups that make a set, and what it costs with all findings.
Priced = tuple[int, tuple[Group, ...]]


class Part:
    """
    The search among the places of one side that can touch some findings.

    Args:
        table: The lesion table.
        reaches: What each of its lesions takes.
        side: The side.
        findings: The findings, all of that side.
        partial_side: All that is weak on the side is so only partly.
    """

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
        self.limit = 0
        relevant = 0
        for finding in findings:
            relevant |= bearing(finding.term, table.terms)
        given = frozenset(x for f in findings for x in (f.term.id, *f.term.any))
        cut = [reach.within(relevant, given) for reach in reaches]
        self.groups = self._grouped(table, side, cut)

    def best(self, most: int) -> list[list[Priced]]:
        """Return by number of lesions, from none, the sets that can be part of a best one."""
        found: list[list[Priced]] = [[(self._all(Reach()), ())]]
        self.limit = found[0][0][0] + costs.MARGIN
        for size in range(1, most + 1):
            sets: list[Priced] = []
            self._extend(sets, (), Reach(), 0, 0, 0, size)
            found.append([item for item in sets if item[0] <= self.limit])
        return found

    def _grouped(self, table: LesionTable, side: str, reaches: Sequence[Reach]) -> list[Group]:
        movers = [costs.mask_of(finding.term, self.terms) for finding in self.weak]
        names = [{finding.term.id, *finding.term.any} for finding in self.weak]
        found: dict[tuple[object, ...], Group] = {}
        for lesion, reach in zip(table.lesions, reaches, strict=True):
            taken = reach.any
            bears = sum(
                1 << i
                for i, (mask, own) in enumerate(zip(movers, names, strict=True))
                if mask & taken or own & reach.also
            )
            if bears:
                cost = costs.of_lesion(lesion)
                new = Group(cost, reach, bears, self._unexplained(bears))
                group = found.setdefault((cost, reach.masks, reach.also), new)
                territory = sum(map(len, lesion.takes.values()))
                group.places.append(Placed(territory, lesion.id, side, lesion))
        return sorted(found.values(), key=lambda group: -group.hope)

    def _unexplained(self, mask: int) -> int:
        """Return what the weak findings of a mask cost if nothing explains them."""
        return sum(costs.unexplained(f) for i, f in enumerate(self.weak) if mask >> i & 1)

    def _of(self, finding: Finding, reach: Reach) -> int:
        return costs.of_finding(finding, reach, self.terms, partial_side=self.partial_side)

    def _all(self, reach: Reach) -> int:
        return sum(self._of(finding, reach) for finding in self.findings)

    def _least(self, reach: Reach) -> int:
        return sum(self._of(finding, reach) for finding in self.spared)

    def _extend(
        self,
        sets: list[Priced],
        chosen: tuple[Group, ...],
        reach: Reach,
        borne: int,
        cost: int,
        start: int,
        left: int,
    ) -> None:
        """Add to ``sets`` those that extend the chosen groups by ``left`` of the later ones."""
        everything = (1 << len(self.weak)) - 1
        missing = self._unexplained(everything & ~borne)
        for index in range(start, len(self.groups)):
            group = self.groups[index]
            paid = cost + group.cost
            if cost + left * _LEAST + missing - left * group.hope > self.limit:
                return  # the later ones can save no more than this one
            floor = paid + (left - 1) * _LEAST
            if floor > self.limit:
                continue
            both = reach | group.reach
            if left == 1:
                self._weigh(sets, (*chosen, group), paid + self._all(both))
            elif floor + self._least(both) <= self.limit:
                self._extend(
                    *(sets, (*chosen, group), both, borne | group.bears, paid, index + 1, left - 1)
                )

    def _weigh(self, sets: list[Priced], groups: tuple[Group, ...], total: int) -> None:
        if total <= self.limit and self._needed(groups, total):
            sets.append((total, groups))
            self.limit = min(self.limit, total + costs.MARGIN)

    def _needed(self, groups: tuple[Group, ...], total: int) -> bool:
        """Tell whether each lesion is needed: without it the set costs more."""
        for left_out in groups:
            reach, cost = Reach(), 0
            for group in groups:
                if group is not left_out:
                    reach |= group.reach
                    cost += group.cost
            if cost + self._all(reach) <= total:
                return False
        return True


def bearing(term: Term, terms: dict[str, Term]) -> int:
    """Return the mask of all that bears on a term, accessory movers too."""
    found = sum(1 << position for position in {*term.main, *term.accessory})
    for way in term.any:
        found |= bearing(terms[way], terms)
    return found
