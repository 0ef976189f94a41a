"""
Lay a graph out in layers: few crossings, straight long edges, nothing on top of anything.

The usual four steps (Sugiyama): give each node a layer, cut long edges into pieces by bends, order
each layer by the means of its neighbours, and shift the nodes towards them as far as the order
allows. It needs no Graphviz, so that the page looks the same everywhere.
"""

from __future__ import annotations

import itertools
from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

#: Space between neighbours of a layer: two boxes, and whatever a bend is beside.
_GAP: Final = 8.0
_BEND_GAP: Final = 7.0
_SWEEPS: Final = 30
_SHIFTS: Final = 40
#: With more pieces of edges than this no layout is readable, and care would take minutes.
_MANY: Final = 1500

Link = tuple[str, str]
Point = tuple[float, float]


@dataclass(slots=True)
class Layout:
    """
    Where everything is: the first coordinate along the layers, the second from layer to layer.

    Attributes:
        centres: Node → the middle of its box.
        bends: Edge → where it enters and leaves each layer in between, from source to target.
        borders: Node → where its layer begins and ends, across the layers.
        layers: The nodes of each layer, bends left out, in their order.
    """

    centres: dict[str, Point] = field(default_factory=dict)
    bends: dict[Link, list[Point]] = field(default_factory=dict)
    borders: dict[str, Point] = field(default_factory=dict)
    layers: list[list[str]] = field(default_factory=list)


def lay_out(
    sizes: Mapping[str, Point],
    links: Iterable[Link],
    *,
    layer_of: Mapping[str, int],
    gap: float,
    fixed: Mapping[str, float] | None = None,
) -> Layout:
    """
    Place nodes and bends.

    Args:
        sizes: Node → its size along its layer, and across.
        links: The edges; those within one layer have no part in the layout.
        layer_of: Node → its layer (see `longest_paths`).
        gap: The space between layers.
        fixed: Node → its rank within its layer; nodes of one rank stand together.
    """
    grid = _Grid(sizes, sorted(set(links)), layer_of)
    grid.order(fixed or {})
    grid.shift()
    return grid.layout(gap)


def longest_paths(nodes: Iterable[str], links: Iterable[Link]) -> dict[str, int]:
    """
    Give each node a layer below all that point to it, and pull mere sources near their targets.

    Edges that would close a circle are ignored.

    >>> longest_paths("abcd", [("a", "b"), ("b", "c"), ("d", "c"), ("c", "b")])
    {'a': 0, 'b': 1, 'c': 2, 'd': 1}
    """
    names = sorted(nodes)
    after: dict[str, list[str]] = defaultdict(list)
    for source, target in sorted(set(links)):
        after[source].append(target)
    order, forward = _without_circles(names, after)
    layer = dict.fromkeys(names, 0)
    for source in order:
        for target in forward[source]:
            layer[target] = max(layer[target], layer[source] + 1)
    entered = {target for targets in forward.values() for target in targets}
    for source in names:
        if source not in entered and forward[source]:
            layer[source] = min(layer[target] for target in forward[source]) - 1
    return layer


def _without_circles(
    names: Sequence[str], after: Mapping[str, Sequence[str]]
) -> tuple[list[str], dict[str, list[str]]]:
    """Return a topological order and the edges that respect it."""
    done: list[str] = []
    open_: set[str] = set()
    seen: set[str] = set()
    forward: dict[str, list[str]] = {name: [] for name in names}
    entered = {target for targets in after.values() for target in targets}
    for start in [*(name for name in names if name not in entered), *names]:
        stack = [] if start in seen else [(start, iter(after.get(start, ())))]
        seen.add(start)
        open_.update([start] if stack else [])
        while stack:
            name, rest = stack[-1]
            target = next(rest, None)
            if target is None:
                stack.pop()
                open_.discard(name)
                done.append(name)
            elif target not in open_:
                forward[name].append(target)
                if target not in seen:
                    seen.add(target)
                    open_.add(target)
                    stack.append((target, iter(after.get(target, ()))))
    return done[::-1], forward


class _Grid:
    """Layers of nodes and bends; both are called cells."""

    def __init__(
        self, sizes: Mapping[str, Point], links: Sequence[Link], layer_of: Mapping[str, int]
    ) -> None:
        self._sizes = sizes
        first = min(layer_of.values(), default=0)
        depth = max(layer_of.values(), default=0) - first + 1
        self._layers: list[list[str]] = [[] for _ in range(depth)]
        self._at = {name: layer_of[name] - first for name in sizes}
        self._chains: dict[Link, list[str]] = {}
        self._above: dict[str, list[str]] = defaultdict(list)
        self._below: dict[str, list[str]] = defaultdict(list)
        self._x: dict[str, float] = {}
        for name in sorted(sizes):
            self._layers[self._at[name]].append(name)
        for link in links:
            self._cut(link)

    def _cut(self, link: Link) -> None:
        """Cut an edge into pieces from layer to layer."""
        source, target = link
        if self._at[source] == self._at[target]:
            return
        step = 1 if self._at[source] < self._at[target] else -1
        bends = []
        for layer in range(self._at[source] + step, self._at[target], step):
            bend = f"\0{source}\0{target}\0{layer}"
            self._at[bend] = layer
            self._layers[layer].append(bend)
            bends.append(bend)
        self._chains[link] = bends
        for before, behind in zip([source, *bends], [*bends, target], strict=True):
            upper, lower = (before, behind) if step == 1 else (behind, before)
            self._below[upper].append(lower)
            self._above[lower].append(upper)

    # --- Order -------------------------------------------------------------------------------

    def order(self, fixed: Mapping[str, float]) -> None:
        """Sweep down and up, and keep the order with the fewest crossings."""
        for layer in self._layers:
            layer.sort(key=lambda cell: (fixed.get(cell, 0.0), cell))
        best, fewest = [list(layer) for layer in self._layers], self._crossings()
        many = sum(map(len, self._below.values())) > _MANY
        for sweep in range(4 if many else _SWEEPS):
            down = sweep % 2 == 0
            layers = self._layers if down else self._layers[::-1]
            for before, layer in itertools.pairwise(layers):
                self._sort(layer, before, self._above if down else self._below, fixed)
            found = self._crossings()
            if found < fewest:
                best, fewest = [list(layer) for layer in self._layers], found
        self._layers = best
        if not many:
            self._swap(fixed)

    def _sort(
        self,
        layer: list[str],
        before: Sequence[str],
        near: Mapping[str, list[str]],
        fixed: Mapping[str, float],
    ) -> None:
        """Order a layer by the means of its neighbours in the layer before."""
        place = {cell: number / max(len(before) - 1, 1) for number, cell in enumerate(before)}
        means = {
            cell: sum(place[other] for other in near[cell]) / len(near[cell])
            for cell in layer
            if near.get(cell)
        }
        total = max(len(layer), 1)
        keys = {cell: means.get(cell, number / total) for number, cell in enumerate(layer)}
        layer.sort(key=keys.__getitem__)
        kept = sorted((cell for cell in layer if cell in fixed), key=fixed.__getitem__)
        slots = [number for number, cell in enumerate(layer) if cell in fixed]
        for number, cell in zip(slots, kept, strict=True):
            layer[number] = cell

    def _crossings(self) -> int:
        return sum(
            self._crossings_below(upper, lower)
            for upper, lower in zip(self._layers, self._layers[1:], strict=False)
        )

    def _crossings_below(self, upper: Sequence[str], lower: Sequence[str]) -> int:
        place = {cell: number for number, cell in enumerate(lower)}
        seen: list[int] = []
        found = 0
        for cell in upper:
            ends = sorted(place[other] for other in self._below.get(cell, ()))
            found += sum(len(seen) - bisect_right(seen, end) for end in ends)
            for end in ends:
                insort(seen, end)
        return found

    def _swap(self, fixed: Mapping[str, float]) -> None:
        """Swap neighbours as long as that saves crossings."""
        better = True
        while better:
            better = False
            for number, layer in enumerate(self._layers):
                around = self._layers[max(number - 1, 0) : number + 2]
                for left in range(len(layer) - 1):
                    if fixed.get(layer[left], 0.0) != fixed.get(layer[left + 1], 0.0):
                        continue
                    before = self._local(around)
                    layer[left], layer[left + 1] = layer[left + 1], layer[left]
                    if self._local(around) < before:
                        better = True
                    else:
                        layer[left], layer[left + 1] = layer[left + 1], layer[left]

    def _local(self, layers: Sequence[Sequence[str]]) -> int:
        return sum(
            self._crossings_below(upper, lower) for upper, lower in itertools.pairwise(layers)
        )

    # --- Coordinates -------------------------------------------------------------------------

    def shift(self) -> None:
        """Shift cells towards the means of their neighbours, down and up, within the order."""
        for layer in self._layers:
            position = 0.0
            for left, cell in zip([None, *layer], layer, strict=False):
                position += self._distance(left, cell) if left else 0.0
                self._x[cell] = position
            middle = position / 2
            for cell in layer:
                self._x[cell] -= middle
        many = len(self._x) > _MANY
        for number in range(8 if many else _SHIFTS):
            down = number % 2 == 0
            for layer in self._layers if down else self._layers[::-1]:
                self._settle(layer, self._above if down else self._below)
        for layer in self._layers:
            self._settle(layer, None)

    def _distance(self, left: str, right: str) -> float:
        gap = _GAP if left in self._sizes and right in self._sizes else _BEND_GAP
        return (self._size(left) + self._size(right)) / 2 + gap

    def _size(self, cell: str) -> float:
        return self._sizes[cell][0] if cell in self._sizes else 0.0

    def _settle(self, layer: Sequence[str], near: Mapping[str, list[str]] | None) -> None:
        """Move a layer as near to what its cells want as their distances allow."""
        wanted, weights = [], []
        for cell in layer:
            others = (
                near.get(cell, [])
                if near is not None
                else [*self._above.get(cell, ()), *self._below.get(cell, ())]
            )
            mean = sum(self._x[o] for o in others) / len(others) if others else self._x[cell]
            wanted.append(mean)
            weights.append((1.0 if cell in self._sizes else 3.0) if others else 0.2)
        offsets = [0.0]
        for left, right in itertools.pairwise(layer):
            offsets.append(offsets[-1] + self._distance(left, right))
        shifted = [want - offset for want, offset in zip(wanted, offsets, strict=False)]
        for cell, value, offset in zip(layer, _rising(shifted, weights), offsets, strict=False):
            self._x[cell] = value + offset

    def layout(self, gap: float) -> Layout:
        """Return the places of nodes and bends, the least coordinate being 0."""
        left = min((self._x[n] - self._size(n) / 2 for n in self._sizes), default=0.0)
        left = min([left, *(x for cell, x in self._x.items() if cell not in self._sizes)])
        borders, across = [], 0.0
        for layer in self._layers:
            depth = max((self._sizes[n][1] for n in layer if n in self._sizes), default=0.0)
            borders.append((across, across + depth))
            across += depth + gap
        found = Layout()
        for name in self._sizes:
            found.borders[name] = border = borders[self._at[name]]
            found.centres[name] = (self._x[name] - left, sum(border) / 2)
        for link, bends in self._chains.items():
            down = self._at[link[0]] < self._at[link[1]]
            found.bends[link] = [
                (self._x[bend] - left, border)
                for bend in bends
                for border in borders[self._at[bend]][:: 1 if down else -1]
            ]
        found.layers = [[n for n in layer if n in self._sizes] for layer in self._layers]
        return found


def _rising(values: Sequence[float], weights: Sequence[float]) -> list[float]:
    """
    Return the nearest sequence that never falls (weighted least squares, pooling neighbours).

    >>> _rising([1, 3, 2], [1, 1, 1])
    [1.0, 2.5, 2.5]
    """
    pools: list[tuple[float, float, int]] = []
    for value, weight in zip(values, weights, strict=True):
        pools.append((float(value), weight, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (a, wa, na), (b, wb, nb) = pools[-2:]
            pools[-2:] = [((a * wa + b * wb) / (wa + wb), wa + wb, na + nb)]
    return [value for value, _, count in pools for _ in range(count)]
