"""The patterns without a focus: which muscles each of them takes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from mmn_kg.clinical.anatomy import Anatomy
from mmn_kg.clinical.effects import Effects
from mmn_kg.clinical.movers import Movers

_LATE: Final = "mmn:LateDisease"
_ANY_MUSCLE: Final = "mmn:MuscleWeakness"
#: A segmental pattern takes so many neighbouring roots.
_WINDOW: Final = 3


def by_region(
    anatomy: Anatomy, movers: Movers, muscles: list[str]
) -> Iterator[tuple[str, dict[str, str]]]:
    """
    Yield the patterns that take regions of the body: pattern, and level by muscle.

    What a pattern takes first is taken ``mostly``, what it takes late ``partly``.
    """
    regions: dict[str, dict[str, str]] = {}
    for claim in anatomy.claims.get("weakensRegion", ()):
        if claim.present:
            level = "partly" if claim.scope == _LATE else "mostly"
            regions.setdefault(claim.subject, {})[claim.object] = level
    for pattern, levels in sorted(regions.items()):
        found: dict[str, str] = {}
        for region, level in sorted(levels.items(), key=lambda item: (item[1], item[0])):
            inside = set(muscles) if region == _ANY_MUSCLE else movers.of_region(region)
            for muscle in muscles:
                if muscle in inside:
                    found.setdefault(muscle, level)
        yield pattern, found


def by_segment(
    anatomy: Anatomy, effects: Effects, muscles: list[str]
) -> Iterator[tuple[tuple[str, ...], dict[str, str]]]:
    """
    Yield the runs of neighbouring roots, and level by muscle.

    A muscle is taken ``mostly`` if a main root of it lies in the run, else ``rarely``.
    """
    for roots in _runs(anatomy):
        found = {}
        for muscle in muscles:
            levels = {e.level for root in roots if (e := effects.of(root, muscle)) is not None}
            if levels:
                found[muscle] = "mostly" if levels & {"mostly", "partly"} else "rarely"
        yield roots, found


def _runs(anatomy: Anatomy) -> Iterator[tuple[str, ...]]:
    for plexus in sorted(anatomy.kind("mmn:PlexusPart")):
        if not anatomy.links("mmn:partOf", plexus):
            roots = sorted(anatomy.roots_of(plexus), key=downwards)
            for start in range(len(roots) - _WINDOW + 1):
                yield tuple(roots[start : start + _WINDOW])


def downwards(root: str) -> tuple[int, int, str]:
    """
    Sort roots from the neck down: C, T, L, S, each by number.

    >>> sorted(["mmn:T1Root", "mmn:C8Root", "mmn:C5Root"], key=downwards)
    ['mmn:C5Root', 'mmn:C8Root', 'mmn:T1Root']
    """
    match = re.fullmatch(r"mmn:([CTLS])(\d+)Root", root)
    return ("CTLS".index(match[1]), int(match[2]), root) if match else (4, 0, root)
