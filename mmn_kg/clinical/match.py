"""
What a case's term means in the differential table: found, or bounded by others.

A term that the table holds is found. One that it does not is bounded by the nearest terms that it
holds: it is at least as frequent as the most frequent finding below it, at most as frequent as all
of those together, and at most as frequent as any finding above it. The way goes over our own
hierarchy first, which repairs quirks of HPO's, and over the shipped slice of HPO.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from mmn_kg.clinical.hierarchy import Hierarchy
from mmn_kg.clinical.table import Cell, DifferentialTable

#: From a term to those directly above or below it.
Step = Callable[[str], Iterator[str]]
How = Literal["found", "bounded", "kin"]

#: A term with more findings than this below it says nothing that tells diseases apart.
_TOO_GENERAL: Final = 60
#: One with more than this below it, and nothing above, is known by its kin only.
_BROAD: Final = 6
#: The share of those with the wider finding who are taken to have the narrower one.
_NARROWER: Final = 0.5
_PREFIX: Final = "HP:"


@dataclass(frozen=True, slots=True)
class Match:
    """
    A term of a case, read in the table.

    Attributes:
        given: The term as the case gives it.
        label: Its label.
        matched: The finding of the table it was read as; the nearest one where it is bounded.
        how: Whether the table holds it, bounds it, or knows only kin of it.
        cells: One cell a disease; None is unknown.
        group: The findings of the table that stand for it when dependence is counted.
    """

    given: str
    label: str
    matched: str
    how: How
    cells: tuple[Cell | None, ...]
    group: tuple[str, ...]


class Matcher:
    """
    Reads terms in a table, by way of a hierarchy.

    Args:
        table: The differential table.
        hierarchy: The slice of HPO.
    """

    def __init__(self, table: DifferentialTable, hierarchy: Hierarchy) -> None:
        self.table = table
        self.hierarchy = hierarchy
        self.foreign: dict[str, str] = {}
        self._wider: dict[str, list[str]] = {}
        self._narrower: dict[str, list[str]] = {}
        for foreign, found in table.mappings.items():
            for term, how in found:
                if how == "exact" or (how == "close" and foreign not in self.foreign):
                    self.foreign[foreign] = term
                elif how == "broad":
                    self._wider.setdefault(term, []).append(foreign)
                    self._narrower.setdefault(foreign, []).append(term)
                elif how == "narrow":
                    self._wider.setdefault(foreign, []).append(term)
                    self._narrower.setdefault(term, []).append(foreign)
        self._ours: dict[str, list[str]] = {}
        for foreign, term in self.foreign.items():
            self._ours.setdefault(term, []).append(foreign)

    def node(self, given: str) -> str:
        """Return our term for an identifier, else the identifier itself."""
        current = self.hierarchy.current(given) or given if given.startswith(_PREFIX) else given
        return self.foreign.get(current, current)

    def match(self, given: str, label: str = "") -> Match | str:
        """
        Read a term.

        Returns:
            The match, or the reason why there is none.
        """
        node = self.node(given)
        if node not in self.table.labels and node not in self.hierarchy:
            return "it is no finding of the graph, and the slice of HPO holds no such term"
        label = label or self._label(node)
        cells = self.table.cells
        if node in cells:
            return Match(given, label, node, "found", cells[node], (node,))
        below, above = self._nearest(node, self.down), self._nearest(node, self.up)
        if len(below) > _TOO_GENERAL:
            return "it is too general to tell these diseases apart"
        if len(below) > _BROAD and not above:
            rows = self._bounds(below, above)
            return Match(given, label, below[0], "kin", rows, tuple(below[:3]))
        if below or above:
            near = (*below[:3], *above[:1])
            return Match(given, label, near[0], "bounded", self._bounds(below, above), near)
        for wider in self._climb(node):
            below = self._nearest(wider, self.down)
            if 0 < len(below) <= _TOO_GENERAL:
                rows = tuple(cell and _narrower(cell) for cell in self._bounds(below, []))
                return Match(given, label, below[0], "kin", rows, tuple(below[:3]))
        return "no finding of the table lies above, below or near it"

    def implied(self, node: str) -> frozenset[str]:
        """
        Return every term that a term implies, itself left out.

        Between two findings of the table our own hierarchy alone decides: HPO puts tingling below
        sensory dysfunction, and lively reflexes among the signs of the upper motor neuron.
        """
        cells, own = self.table.cells, self._own(node)
        return frozenset(
            self._walk(node, self.up, lambda t: node in cells and t in cells and t not in own)
        )

    def _own(self, node: str) -> set[str]:
        return self._walk(node, lambda t: iter(self.table.parents.get(t, ())), lambda _: False)

    def _walk(self, node: str, step: Step, shut: Callable[[str], bool]) -> set[str]:
        """Return all that is reached from a term without entering what is shut."""
        seen: set[str] = set()
        queue = [node]
        while queue:
            for term in step(queue.pop()):
                if term not in seen and not shut(term):
                    seen.add(term)
                    queue.append(term)
        return seen - {node}

    def up(self, node: str) -> Iterator[str]:
        """Yield the terms directly above a term: what it implies."""
        yield from self.table.parents.get(node, ())
        for foreign in self._wider.get(node, ()):
            yield self.node(foreign)
        for foreign in self._ours.get(node, (node,)):
            if foreign in self.hierarchy:
                for parent in self.hierarchy.parents(foreign):
                    yield self.node(parent)

    def down(self, node: str) -> Iterator[str]:
        """Yield the terms directly below a term."""
        yield from self.table.children.get(node, ())
        for foreign in self._narrower.get(node, ()):
            yield self.node(foreign)
        for foreign in self._ours.get(node, (node,)):
            if foreign in self.hierarchy:
                for child in self.hierarchy.children(foreign):
                    yield self.node(child)

    def _nearest(self, node: str, step: Step) -> list[str]:
        """Return the first finding of the table on each way up or down, the nearest first."""
        found: dict[str, None] = {}
        seen, level = {node}, [node]
        while level:
            following: list[str] = []
            for here in level:
                for term in step(here):
                    if term in seen:
                        continue
                    seen.add(term)
                    if term in self.table.cells:
                        found[term] = None
                    else:
                        following.append(term)
            level = following
        return list(found)

    def _bounds(self, below: Sequence[str], above: Sequence[str]) -> tuple[Cell | None, ...]:
        cells = self.table.cells
        return tuple(
            _bound([cells[term][place] for term in below], [cells[term][place] for term in above])
            for place in range(len(self.table.diseases))
        )

    def _climb(self, node: str) -> Iterator[str]:
        """Yield every term above a term, level by level."""
        seen, level = {node}, [node]
        while level:
            level = list(dict.fromkeys(t for here in level for t in self.up(here) if t not in seen))
            seen.update(level)
            yield from level

    def _label(self, node: str) -> str:
        return self.table.labels.get(node) or self.hierarchy.label(node)


def _bound(below: Iterable[Cell | None], above: Iterable[Cell | None]) -> Cell | None:
    """
    Bound how often a disease shows a term by what stands below and above it.

    With findings below, the share lies between the most frequent of them and their union if they
    were independent, and no higher than any finding above; the middle is taken. With findings
    above only, it is at most theirs: half of the smallest is taken. The interval spans what is
    possible.
    """
    under = [cell for cell in below if cell is not None]
    over = [cell for cell in above if cell is not None]
    ceiling = min((cell.mean for cell in over), default=1.0)
    if under:
        floor = max(cell.mean for cell in under)
        union = 1 - math.prod(1 - cell.mean for cell in under)
        top = max(floor, min(union, ceiling))
        low = min(max(cell.low for cell in under), top)
        high = max(min(1 - math.prod(1 - cell.high for cell in under), 1.0), top)
        evidence = tuple(e for cell in under for e in cell.evidence)
        return Cell((floor + top) / 2, low, high, "bounded", evidence)
    return _narrower(min(over, key=lambda cell: cell.mean)) if over else None


def _narrower(cell: Cell) -> Cell:
    """Bound a term by the one above it: at most as frequent, and half of it is taken."""
    return Cell(cell.mean * _NARROWER, 0.0, cell.high, "bounded", cell.evidence)
