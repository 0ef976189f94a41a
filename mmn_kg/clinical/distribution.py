"""How the weakness of a case is distributed, as a finding of its own."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

from mmn_kg.clinical.case import Case
from mmn_kg.clinical.match import Match, Matcher
from mmn_kg.clinical.score import Counted, Reading, Settings

#: The three regions that the extents speak of.
_ARM: Final = "mmn:MotorSignInArm"
_LEG: Final = "mmn:MotorSignInLeg"
_HEAD: Final = "mmn:MotorSignInHead"


def extents(case: Case, matcher: Matcher) -> frozenset[str]:
    """
    Return the extents of weakness that fit what is told; none where no region is told.

    A region counts where weakness or wasting is told of it. Where the side of an arm or a leg is
    not told, both one limb and the pair fit.
    """
    sides: dict[str, set[str]] = {}
    for item in case.observations:
        if item.status == "present":
            node = matcher.node(item.given)
            for region in {_ARM, _LEG, _HEAD} & {node, *matcher.implied(node)}:
                sides.setdefault(region, set()).add(item.side)
    if _HEAD in sides:
        return frozenset(
            {"mmn:HeadInvolvement" if len(sides) == 1 else "mmn:HeadAndLimbsInvolvement"}
        )
    if {_ARM, _LEG} <= sides.keys():
        return frozenset({"mmn:ArmsAndLegsInvolvement"})
    for region, pair in ((_ARM, "mmn:BothArmsInvolvement"), (_LEG, "mmn:BothLegsInvolvement")):
        if region in sides:
            told = sides[region] - {""}
            if "both" in told or {"R", "L"} <= told:
                return frozenset({pair})
            return frozenset(
                {"mmn:OneLimbInvolvement"} if told else {"mmn:OneLimbInvolvement", pair}
            )
    return frozenset()


def distribution(case: Case, matcher: Matcher, settings: Settings) -> Iterator[Counted]:
    """Yield what the extent of the weakness says of each disease, by way of its patterns."""
    table = matcher.table
    found = extents(case, matcher)
    if not found:
        return
    likelihoods: list[float | None] = []
    for place in range(len(table.diseases)):
        shares = [
            (table.cells[pattern][place], table.extents[pattern]) for pattern in table.extents
        ]
        known = [(cell.mean, extent) for cell, extent in shares if cell is not None]
        likelihoods.append(
            math.fsum(mean * math.fsum(extent[e] for e in found) for mean, extent in known)
            if known
            else None
        )
    told = [p for p in likelihoods if p is not None]
    base = math.fsum(told) / len(told)
    noise = settings.pattern_noise
    name = " or ".join(sorted(table.labels[extent] for extent in found))
    match = Match("mmn:WeaknessExtent", name, min(found), "found", (), ())
    yield Counted(
        Reading(match, "present", "mmn:WeaknessExtent"),
        [p if p is None else (1 - noise) * p + noise * base for p in likelihoods],
        [0.05] * len(likelihoods),
    )
