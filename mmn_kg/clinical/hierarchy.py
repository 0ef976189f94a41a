"""
The slice of the Human Phenotype Ontology (HPO) that is shipped: labels, parents, ancestors.

The file is ``ontology/hpo.tsv``, written by ``mmn_kg.build.hpo``. It is read in a few milliseconds:
a line is taken apart only when its term is asked for.
"""

from __future__ import annotations

import functools
from collections import defaultdict, deque
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from mmn_kg import assets, errors

#: The length of an identifier, ``HP:0000001``; each line of the file begins with one.
_WIDTH: Final = 10


class Hierarchy:
    """
    Terms of HPO and their is-a relations.

    Every method takes a former identifier as well as today's.

    Args:
        text: The content of ``hpo.tsv``.

    Example:
        >>> hpo = Hierarchy.shipped()
        >>> hpo.label("HP:0031189"), "HP:0031189" in hpo
        ('Wrist drop', True)
    """

    def __init__(self, text: str) -> None:
        _, _, rows = text.partition("\nid\tlabel\tparents\talternative\n")
        self._lines = {line[:_WIDTH]: line for line in rows.split("\n") if line}
        self._ancestors: dict[str, tuple[tuple[str, int], ...]] = {}

    @classmethod
    def shipped(cls) -> Hierarchy:
        """Return the slice that the package ships; it is read once."""
        return _shipped(assets.folder("ontology") / "hpo.tsv")

    def __contains__(self, term: object) -> bool:
        return isinstance(term, str) and self.current(term) is not None

    def __iter__(self) -> Iterator[str]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)

    def current(self, term: str) -> str | None:
        """
        Return the identifier of today, or None where the slice has no such term.

        >>> Hierarchy.shipped().current("HP:0001333")
        'HP:0000707'
        """
        return term if term in self._lines else self._former.get(term)

    def label(self, term: str) -> str:
        """
        Return the label, spelt as in HPO.

        Raises:
            UnknownTermError: The slice has no such term; so do all methods below.
        """
        return self._cells(term)[1]

    def parents(self, term: str) -> tuple[str, ...]:
        """Return the parents of a term, as HPO lists them; the root has none."""
        cell = self._cells(term)[2]
        return tuple(cell.split("|")) if cell else ()

    def children(self, term: str) -> tuple[str, ...]:
        """Return the terms of the slice directly below a term."""
        return tuple(self._children.get(self._cells(term)[0], ()))

    def ancestors(self, term: str) -> tuple[tuple[str, int], ...]:
        """
        Return each ancestor with its distance, the nearest first, ties by identifier.

        Args:
            term: A term; it is not among its ancestors.

        Returns:
            Pairs of an identifier and the number of steps on the shortest way up.

        Example:
            >>> Hierarchy.shipped().ancestors("HP:0012834")[:2]
            (('HP:0012831', 1), ('HP:0012830', 2))
        """
        start = self._cells(term)[0]
        if start not in self._ancestors:
            distance = {start: 0}
            queue = deque([start])
            while queue:
                here = queue.popleft()
                for parent in self.parents(here):
                    if parent not in distance:
                        distance[parent] = distance[here] + 1
                        queue.append(parent)
            del distance[start]
            ordered = sorted(distance.items(), key=lambda item: (item[1], item[0]))
            self._ancestors[start] = tuple(ordered)
        return self._ancestors[start]

    def descendants(self, term: str) -> frozenset[str]:
        """Return every term of the slice below a term; it is not among them."""
        queue = [self._cells(term)[0]]
        seen: set[str] = set()
        while queue:
            for child in self._children[queue.pop()]:
                if child not in seen:
                    seen.add(child)
                    queue.append(child)
        return frozenset(seen)

    def is_below(self, term: str, other: str) -> bool:
        """Tell whether a term is another or below it; False where the slice lacks one of them."""
        low, high = self.current(term), self.current(other)
        if low is None or high is None:
            return False
        return low == high or any(found == high for found, _ in self.ancestors(low))

    def _cells(self, term: str) -> list[str]:
        current = self.current(term)
        if current is None:
            raise errors.UnknownTermError(
                f"{term} is not in the shipped slice of HPO: check the identifier, or give a more "
                "general term"
            )
        return self._lines[current].split("\t")

    @functools.cached_property
    def _former(self) -> dict[str, str]:
        """Former identifier → that of today; made when an identifier is not of today."""
        return {
            former: term
            for term, line in self._lines.items()
            if not line.endswith("\t")
            for former in line.rpartition("\t")[2].split("|")
        }

    @functools.cached_property
    def _children(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for term in self._lines:
            for parent in self.parents(term):
                found[parent].append(term)
        return found


@functools.lru_cache(maxsize=1)
def _shipped(path: Path) -> Hierarchy:
    return Hierarchy(path.read_text(encoding="utf-8"))
