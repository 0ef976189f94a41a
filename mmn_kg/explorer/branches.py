"""
Lay a view of one or few terms out as cards: each edge a twig from a trunk to its card.

Under its root stand the edges that say the same with the same limits; the strongest figures come
first, and what is absent last.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from mmn_kg.explorer import lettering

if TYPE_CHECKING:
    import networkx

_MARGIN: Final = 12.0
_WIDTH: Final = 192.0
_TWIG: Final = 20.0
_GAP: Final = 7.0
_LINE: Final = 15.0
_ROOT: Final = 28.0
_BETWEEN: Final = 14.0
_NUMBER: Final = re.compile(r"(\d+(?:\.\d+)?)%")


@dataclass(frozen=True, slots=True)
class _Item:
    """A caption (without a leaf) or a card."""

    lines: tuple[str, ...]
    height: float
    leaf: str = ""
    assertion: str = ""


def lay_out(view: networkx.MultiDiGraph, height: float) -> dict[str, Any]:
    """
    Return the geometry of the cards (see `pictures.picture`).

    Args:
        view: The view; of an edge's ends, the one with more edges is its root.
        height: How high a column of cards may be.
    """
    drawn = _Drawing()
    for root, items in _branches(view):
        drawn.root(root, view.nodes[root]["label"], _split(items, height))
    return drawn.result()


def _branches(view: networkx.MultiDiGraph) -> Iterator[tuple[str, list[_Item]]]:
    """Yield each root with its captions and cards."""
    edges = list(view.edges(data=True))
    degree = Counter(end for source, target, _ in edges for end in (source, target))
    found: dict[str, dict[tuple[bool, str], list[tuple[str, dict[str, Any]]]]]
    found = defaultdict(lambda: defaultdict(list))
    for source, target, data in edges:
        root, leaf = sorted((source, target), key=lambda end: (-degree[end], end))
        absent = data["polarity"] == "absent"
        caption = ("not: " if absent else "") + data["label"]
        if root == source and data["scope"]:
            caption += f" ({data['scope']})"
        found[root][absent, caption].append((leaf, data))
    for root in sorted(found, key=lambda root: (-degree[root], root)):
        items = []
        for (_, caption), cards in sorted(
            found[root].items(), key=lambda item: (item[0][0], -len(item[1]), item[0])
        ):
            items.append(_caption(caption))
            cards.sort(key=lambda card: _rank(card, view))
            items += [_card(leaf, data, view) for leaf, data in cards]
        yield root, items


def _rank(card: tuple[str, dict[str, Any]], view: networkx.MultiDiGraph) -> tuple[float, str]:
    """Put the highest percentage first, then those with any other figure, then the rest."""
    leaf, data = card
    numbers = [float(n) for text in data["figures"] for n in _NUMBER.findall(text)]
    strength = max(numbers, default=-1.0 if data["figures"] else -2.0)
    return -strength, view.nodes[leaf]["label"]


def _caption(text: str) -> _Item:
    lines = lettering.wrap(text, 30, lines=2)
    return _Item(tuple(lines), len(lines) * _LINE + 4)


def _card(leaf: str, data: dict[str, Any], view: networkx.MultiDiGraph) -> _Item:
    lines = lettering.wrap(view.nodes[leaf]["label"], 27, lines=2)
    height = (len(lines) + bool(data["figures"])) * _LINE + 9
    return _Item(tuple(lines), height, leaf, data["assertion"])


def _split(items: Sequence[_Item], height: float) -> list[list[_Item]]:
    """Share the items out over as few columns as hold them, about equally high."""
    total = sum(item.height + _GAP for item in items)
    wanted = max(-(-total // height), 1)
    share = total / wanted
    while len(columns := _filled(items, share)) > wanted:
        share += 4.0
    return columns


def _filled(items: Sequence[_Item], share: float) -> list[list[_Item]]:
    """Fill columns up to a height; a caption never stands last in one."""
    columns: list[list[_Item]] = [[]]
    used = 0.0
    for number, item in enumerate(items):
        need = item.height
        if not item.leaf and number + 1 < len(items):
            need += _GAP + items[number + 1].height
        if columns[-1] and used + need > share:
            columns.append([])
            used = 0.0
        columns[-1].append(item)
        used += item.height + _GAP
    return columns


class _Drawing:
    """What has been placed so far, from left to right."""

    def __init__(self) -> None:
        self._nodes: list[list[Any]] = []
        self._edges: list[list[Any]] = []
        self._captions: list[list[Any]] = []
        self._x = _MARGIN
        self._bottom = 0.0

    def root(self, root: str, label: str, columns: Sequence[Sequence[_Item]]) -> None:
        """Place a root with its columns below it."""
        step = _TWIG + _WIDTH + _BETWEEN
        width = step * len(columns) - _BETWEEN
        self._nodes.append([root, self._x, _MARGIN, width, _ROOT, [label]])
        for number, column in enumerate(columns):
            self._column(self._x + step * number, column)
        self._x += width + 2 * _BETWEEN

    def _column(self, x: float, items: Sequence[_Item]) -> None:
        top = _MARGIN + _ROOT
        y = top + _BETWEEN
        for item in items:
            if item.leaf:
                middle = y + item.height / 2
                path = f"M{x + 7:g},{top:g}V{middle:g}H{x + _TWIG - 3:g}"
                self._edges.append([item.assertion, path, x + 13, round(middle, 1)])
                self._nodes.append(
                    [item.leaf, x + _TWIG, y, _WIDTH, item.height, item.lines, item.assertion]
                )
            else:
                self._captions.append([x + _TWIG, round(y + 11), item.lines])
            y += item.height + _GAP
        self._bottom = max(self._bottom, y - _GAP)

    def result(self) -> dict[str, Any]:
        """Return the geometry; a card names the assertion that it stands for."""
        return {
            "width": round(self._x - 2 * _BETWEEN + _MARGIN),
            "height": round(self._bottom + _MARGIN),
            "cards": True,
            "captions": self._captions,
            "nodes": self._nodes,
            "edges": self._edges,
        }
