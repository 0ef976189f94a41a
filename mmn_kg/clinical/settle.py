"""Name the single further muscle that would settle a tie."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Final

from mmn_kg.clinical.costs import LESION, Finding, Reach
from mmn_kg.clinical.lesions import LesionTable
from mmn_kg.clinical.part import Placed

#: What a level promises of the muscle, from weak (4) to normal (0); 1 promises nothing.
_PROMISE: Final = (4, 3, 2, 1, 1)


def settle(
    table: LesionTable,
    findings: Sequence[Finding],
    tied: Sequence[tuple[Placed, ...]],
    others: Sequence[tuple[Placed, ...]] = (),
) -> tuple[str, ...]:
    """
    Name the muscle whose result would best separate explanations that tie.

    A muscle that leads a movement, and so can be tested, goes before one that does not.

    Args:
        table: The lesion table.
        findings: What is known already.
        tied: The lesions of each explanation that ties.
        others: Those of dearer explanations; among muscles that separate the tie equally well,
            the one that separates these best is named.

    Returns:
        The CURIE of one muscle; nothing where there is no tie, or no muscle separates it.
    """
    if len(tied) < 2:
        return ()
    known = {(position, f.side) for f in findings for position in f.term.main}
    movements = [term.main for term in table.terms.values() if term.kind == "movement"]
    testable = {position for main in movements for position in main}
    sides = sorted({placed.side for lesions in tied for placed in lesions})
    best: tuple[bool, int, bool, int, str] | None = None
    for side in sides:
        masks = [_masks(lesions, side) for lesions in (*tied, *others)]
        for term in table.terms.values():
            if term.kind != "muscle" or len(term.main) != 1 or (term.main[0], side) in known:
                continue
            promises = [_promise(mask, term.main[0]) for mask in masks]
            gain = _gain(promises[: len(tied)])
            hidden, alone = term.main[0] not in testable, term.main in movements
            key = (hidden, -gain, not alone, -_gain(promises), term.id)
            if gain and (best is None or key < best):
                best = key
    return () if best is None else (best[-1],)


def _gain(promises: Sequence[int]) -> int:
    return sum(
        abs(first - second) if 1 not in (first, second) else 0
        for first, second in itertools.combinations(promises, 2)
    )


def _masks(lesions: tuple[Placed, ...], side: str) -> tuple[int, ...]:
    reach = Reach()
    for placed in lesions:
        if placed.side == side or placed.lesion.kind not in LESION:
            reach |= Reach.of(placed.lesion)
    return reach.masks


def _promise(masks: tuple[int, ...], position: int) -> int:
    for level, mask in enumerate(masks):
        if mask >> position & 1:
            return _PROMISE[level]
    return 0
