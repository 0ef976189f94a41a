"""Draw edges as smooth paths from box to box, each with a place of its own on the box's side."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from mmn_kg.explorer.layers import Link, Point

#: Room for the head of an arrow, in pixels.
_HEAD: Final = 3.0
#: How much of a side is used by the ends of edges, and how far apart they are at most.
_SIDE: Final = 0.7
_APART: Final = 12.0


@dataclass(frozen=True, slots=True)
class Frame:
    """
    A box by its middle and its size.

    ``begin`` and ``end`` are the borders of its layer: an edge turns outside them alone, so that
    it cannot touch the box's neighbours.
    """

    x: float
    y: float
    width: float
    height: float
    begin: float
    end: float

    def moved(self, x: float, y: float) -> Frame:
        """Return the box elsewhere; its layer's borders are of no more use then."""
        return replace(self, x=self.x + x, y=self.y + y)


@dataclass(frozen=True, slots=True)
class Path:
    """
    The way of an edge.

    Attributes:
        points: From the first end to the last; every other piece runs straight through a layer.
        down: Whether it runs from top to bottom, else from side to side.
    """

    points: tuple[Point, ...]
    down: bool

    def moved(self, x: float, y: float) -> Path:
        """Return the path elsewhere."""
        return Path(tuple((a + x, b + y) for a, b in self.points), self.down)

    def beside(self, space: float) -> Path:
        """Return the path a little further along the layers."""
        return self.moved(space, 0.0) if self.down else self.moved(0.0, space)

    def text(self, *, backwards: bool = False) -> str:
        """Return the path in SVG's notation, from the last point to the first if backwards."""
        points = self.points[::-1] if backwards else self.points
        parts = [f"M{_pair(points[0])}"]
        for number, (before, point) in enumerate(itertools.pairwise(points)):
            if before == point:  # a piece of no length would turn the arrow's head
                continue
            if number % 2 == 0:  # through a layer
                parts.append(f"L{_pair(point)}")
            elif self.down:
                half = (before[1] + point[1]) / 2
                turns = (before[0], half), (point[0], half)
                parts.append(f"C{_pair(turns[0])} {_pair(turns[1])} {_pair(point)}")
            else:
                half = (before[0] + point[0]) / 2
                turns = (half, before[1]), (half, point[1])
                parts.append(f"C{_pair(turns[0])} {_pair(turns[1])} {_pair(point)}")
        return "".join(parts)

    def middle(self) -> tuple[float, float]:
        """Return a point about half way."""
        left = self.points[(len(self.points) - 1) // 2]
        right = self.points[len(self.points) // 2]
        return round((left[0] + right[0]) / 2, 1), round((left[1] + right[1]) / 2, 1)


def draw(
    frames: Mapping[str, Frame], bends: Mapping[Link, Sequence[Point]], *, down: bool
) -> dict[Link, Path]:
    """
    Return the paths of edges.

    Args:
        frames: Node → its box.
        bends: Edge → the points that it passes.
        down: Whether the layers lie one below the other, else side by side.
    """
    ends = _ends(frames, bends, down=down)
    return {
        link: Path((*ends[link, 0], *points, *ends[link, 1][::-1]), down)
        for link, points in bends.items()
    }


def _ends(
    frames: Mapping[str, Frame], bends: Mapping[Link, Sequence[Point]], *, down: bool
) -> dict[tuple[Link, int], tuple[Point, Point]]:
    """
    Spread the ends on each side of each box in the order of where they come from.

    Each end is two points: at the box, and at the border of its layer.
    """
    along, across = (0, 1) if down else (1, 0)
    sides: dict[tuple[str, int], list[tuple[float, float, Link, int]]] = defaultdict(list)
    for link, points in bends.items():
        for end in (0, 1):
            node, other = link[end], link[1 - end]
            near = points[0 if end == 0 else -1] if points else _middle(frames[other])
            here = _middle(frames[node])
            side = 1 if near[across] > here[across] else -1
            far = _middle(frames[other])
            sides[node, side].append((near[along], far[along], link, end))
    found = {}
    for (node, side), arrivals in sides.items():
        frame = frames[node]
        length = (frame.width, frame.height)[along] * _SIDE
        step = min(_APART, length / max(len(arrivals) - 1, 1))
        start = _middle(frame)[along] - step * (len(arrivals) - 1) / 2
        edge = _middle(frame)[across] + side * ((frame.width, frame.height)[across] / 2 + _HEAD)
        border = max(edge, frame.end) if side == 1 else min(edge, frame.begin)
        for number, (_, _, link, end) in enumerate(sorted(arrivals)):
            place = start + step * number
            near, far = (
                ((place, edge), (place, border)) if down else ((edge, place), (border, place))
            )
            found[link, end] = (near, far)
    return found


def _middle(frame: Frame) -> Point:
    return frame.x, frame.y


def _pair(point: Point) -> str:
    return f"{point[0]:.1f},{point[1]:.1f}".replace(".0", "")
