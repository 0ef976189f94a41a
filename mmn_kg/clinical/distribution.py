"""
How the weakness of a case is distributed, as a finding of its own.

Two readings are joined. How far the weakness extends follows from the regions that the findings
name. Which pattern it has follows from the localiser, where weak muscles, movements or signs name
places. Both speak of a disease through its patterns: the share of its patients with each.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Final

from mmn_kg.clinical.case import Case, Observation
from mmn_kg.clinical.costs import Finding
from mmn_kg.clinical.given import resolve
from mmn_kg.clinical.lesions import LesionTable, Term
from mmn_kg.clinical.localise import locate
from mmn_kg.clinical.match import Match, Matcher
from mmn_kg.clinical.pattern import pattern_costs
from mmn_kg.clinical.score import Counted, Reading, Settings

#: The three regions that the extents speak of.
_ARM: Final = "mmn:MotorSignInArm"
_LEG: Final = "mmn:MotorSignInLeg"
_HEAD: Final = "mmn:MotorSignInHead"
_PATTERN: Final = "mmn:WeaknessPattern"
#: The variance of the logarithm, for the shares are judgement.
_VARIANCE: Final = 0.05
#: A term that more muscles than this may stand behind names a region, and no place.
_PLACE: Final = 12
#: So many different weak terms that name places make a pattern.
_ENOUGH: Final = 2
#: The full strength of a muscle, MRC.
_FULL: Final = 5.0


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


def places(case: Case, matcher: Matcher, lesions: LesionTable) -> list[Finding]:
    """Return what names a place among the findings and the grades of strength, weak or spared."""
    found: dict[tuple[str, str], Finding] = {}
    told = [
        (item.given, item.side, item.status == "present", False)
        for item in case.observations
        if item.status in {"present", "excluded"}
    ]
    told += [
        (item.term, item.side, item.grade < _FULL, _FULL - 1 <= item.grade < _FULL)
        for item in case.strengths
    ]
    for given, side, weak, partial in told:
        term = _term(lesions, matcher.node(given), given)
        if term is None or len(_muscles(term, lesions)) > _PLACE:
            continue
        for one in ("R", "L") if side == "both" else (side if side in {"R", "L"} else "",):
            known = found.get((term.id, one))
            if known is None or (weak and not known.weak):
                found[term.id, one] = Finding(term, one, weak, partial)
    return list(found.values())


def unplaced(case: Case, matcher: Matcher) -> list[tuple[str, str]]:
    """Return each grade of strength of what is no muscle or movement, with the reason."""
    if not case.strengths:
        return []
    lesions = LesionTable.shipped()
    return [
        (item.term, "its strength is not used: it is no muscle or movement that has a place")
        for item in case.strengths
        if _term(lesions, matcher.node(item.term), item.term) is None
    ]


def _term(lesions: LesionTable, *names: str) -> Term | None:
    """Return the first term that the table holds under one of the identifiers."""
    for name in names:
        if name in lesions.terms or name.casefold() in lesions.by_name:
            return resolve(lesions, name)
    return None


def _muscles(term: Term, lesions: LesionTable) -> set[int]:
    ways = (_muscles(lesions.terms[way], lesions) for way in term.any)
    return set(term.main).union(*ways)


def signs_of_weakness(case: Case, lesions: LesionTable) -> Iterator[Observation]:
    """
    Yield the signs that weak muscles and movements show, as findings of the case.

    A muscle shows a sign where it is the only main mover behind it: one that needs several, such as
    wrist drop, does not follow from one of them.
    """
    for strength in case.strengths:
        if strength.grade >= _FULL or strength.term not in lesions.terms:
            continue
        shown = set(lesions.terms[strength.term].main)
        for sign in lesions.terms.values():
            if sign.any and any(
                way == strength.term or set(lesions.terms[way].main) == shown for way in sign.any
            ):
                muscles = _muscles(sign, lesions)
                if len(muscles) <= _PLACE and not sign.together:
                    yield Observation(sign.id, sign.label, "present", strength.side, "", None)


def pattern_weights(case: Case, matcher: Matcher, settings: Settings) -> dict[str, float]:
    """
    Return how well each pattern fits the weak and spared places, 1 for the best.

    Returns:
        Nothing where too few places are named to make a pattern.
    """
    lesions = LesionTable.shipped()
    found = places(case, matcher, lesions)
    if len({finding.term.id for finding in found if finding.weak}) < _ENOUGH:
        return {}
    costs = pattern_costs(locate(lesions, found))
    if not costs:
        return {}
    least = min(costs.values())
    floor = settings.pattern_floor
    return {
        pattern: max(math.exp((least - costs[pattern]) / settings.pattern_cost), floor)
        if pattern in costs
        else floor
        for pattern in matcher.table.patterns
    }


def distribution(case: Case, matcher: Matcher, settings: Settings) -> Iterator[Counted]:
    """Yield what extent and pattern of the weakness say of each disease."""
    table = matcher.table
    found = extents(case, matcher)
    weights = pattern_weights(case, matcher, settings)
    if not found and not weights:
        return
    likelihoods = [
        _likelihood(place, found, weights, matcher) for place in range(len(table.diseases))
    ]
    told = [p for p in likelihoods if p is not None]
    base = math.fsum(told) / len(told)
    noise = settings.pattern_noise
    best = [p for p, weight in weights.items() if weight == max(weights.values())]
    terms = [*sorted(found), *(best if len(best) == 1 else ())]
    name = " or ".join(table.labels[extent] for extent in sorted(found))
    if len(best) == 1:
        name = f"{name}; {table.labels[best[0]]}".lstrip("; ")
    match = Match(
        _PATTERN, name or "pattern of weakness", (terms or [_PATTERN])[-1], "found", (), ()
    )
    yield Counted(
        Reading(match, "present", _PATTERN),
        [p if p is None else (1 - noise) * p + noise * base for p in likelihoods],
        [_VARIANCE] * len(likelihoods),
    )


def _likelihood(
    place: int, found: frozenset[str], weights: Mapping[str, float], matcher: Matcher
) -> float | None:
    """Return how probable extent and pattern are in a disease; None where it is not known."""
    table = matcher.table
    own = table.extents.get(table.diseases[place].id)
    total, known = 0.0, False
    for pattern in table.patterns:
        cell = table.cells.get(pattern, (None,) * len(table.diseases))[place]
        if cell is None:
            continue
        known = True
        extent = own or table.extents[pattern]
        share = math.fsum(extent[e] for e in found) if found else 1.0
        total += cell.mean * share * weights.get(pattern, 1.0)
    return total if known else None
